//! Rule 17: what is built has all its parts. One trait for each part, because the message of a trait
//! names it.
//!
//! *Cause:* there is no value that would be right for everybody. *Cure:* call the part's method
//! before `build()`.
//!
//! ```compile_fail,E0277
//! # use typegate::provider::Oidc;
//! // `issuer` is missing, and so is `client`
//! Oidc::builder().id("acme").name("Acme").build();
//! ```

use super::slot::{Given, GivenValue};
use super::table::explained;
use crate::setting::settings;

macro_rules! given {
    (
        settings { $($settings:tt)* }
        parts {$(
            $part:ident / $given:ident: $method:ident of $owner:literal such as $example:literal;
        )*}
    ) => {
        $(
            explained! { PART_GIVEN filled { Setting = $method Example = $example }
                #[doc = concat!("`", stringify!($method), "` of [`", $owner, "`](typegate::", $owner, ").")]
                pub trait $given {
                    /// What the slot holds.
                    type Value;

                    #[doc(hidden)]
                    fn into_value(self) -> Self::Value;
                }
            }

            #[diagnostic::do_not_recommend]
            impl $given for Given {
                type Value = ();

                fn into_value(self) {}
            }

            #[diagnostic::do_not_recommend]
            impl<V> $given for GivenValue<V> {
                type Value = V;

                fn into_value(self) -> V {
                    self.0
                }
            }
        )*
    };
}

settings! { given }
