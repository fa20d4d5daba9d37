//! Features of Cargo: what the compiler says of a call whose feature is not switched on. A trait for
//! each feature that has methods on types of others; nothing implements them.
//!
//! *Cause:* a method that is left out is "not found", and nobody sees why. Without its feature
//! another one stands in its place, and asks for the feature by one of these traits. *Cure:*
//! `cargo add typegate --features NAME`.

use std::marker::PhantomData;
use std::str::FromStr;

use crate::error::ConfigError;

/// What is switched on. The lifetime makes the compiler look at a stand-in's bound where it is
/// called, and not where it is written.
#[derive(Debug)]
pub struct Features<'a>(PhantomData<&'a ()>);

/// Stands in the place of a type that is behind a feature.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Absent;

impl FromStr for Absent {
    type Err = ConfigError;

    fn from_str(_: &str) -> Result<Self, ConfigError> {
        Ok(Self)
    }
}

macro_rules! features {
    ($($trait:ident = $names:literal, such as $example:literal;)*) => {$(
        typegate_macros::__filled! { { Names = $names Example = $example }
            #[diagnostic::on_unimplemented(
                message = "this needs typegate's feature {Names}, which is not enabled",
                label = "not available without the feature {Names}",
                note = "write `cargo add typegate --features {Example}`"
            )]
            #[doc = concat!("What the feature ", $names, " adds.")]
            pub trait $trait {
                #[doc(hidden)]
                fn absent<T>() -> T;
            }
        }
    )*};
}

features! {
    AuthJsV5 = "`auth-js-v5`", such as "auth-js-v5";
    Axum = "`axum`", such as "axum";
    Databases = "`sqlite`, `postgres` or `mysql`", such as "sqlite";
    OAuth2 = "`oauth2`", such as "oauth2";
    Redis = "`redis`", such as "redis";
    RedisCluster = "`redis-cluster`", such as "redis-cluster";
    Smtp = "`smtp`", such as "smtp";
}
