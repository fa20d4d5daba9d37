//! The built-in pages: sign-in, sign-out, "check your email", error, and a button behind a sign-in
//! link, which v4 lacks.
//!
//! Titles, classes, ids, forms and error texts are v4's, since applications style and test against
//! them; the style sheet and the rest are typegate's own. Three rules hold on every page:
//!
//! 1. There is no script, and nothing is fetched that the configuration does not name.
//! 2. Text and attribute values are escaped by the template, never by hand.
//! 3. The value of `error` selects a text from a table and is not shown itself.

mod confirm_sign_in;
mod credential_input;
mod error;
mod explanation;
mod icon;
mod language;
mod layout;
mod model;
mod provider;
mod sign_in;
mod sign_out;
mod verify_request;

pub(crate) use confirm_sign_in::{Confirmation, confirm_sign_in};
pub(crate) use error::error;
pub(crate) use language::{asked_for, preferred};
pub(crate) use model::{FormKind, PageFrame, ProviderForm, in_language};
pub(crate) use sign_in::{SignIn, sign_in};
pub(crate) use sign_out::sign_out;
pub(crate) use verify_request::{SentLink, verify_request};

#[cfg(test)]
mod tests;
