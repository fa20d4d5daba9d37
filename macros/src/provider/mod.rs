//! Providers: `#[derive(OAuthProvider)]` and `#[derive(OAuth1Provider)]`.

mod at_field;
mod builder;
mod constructor;
mod fields;
mod misplaced;
pub(crate) mod oauth;
pub(crate) mod oauth1;
mod parameters;
mod style;
