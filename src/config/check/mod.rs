//! Checks: which settings keep the [rules](crate::rule), decided by types for the builder, and over
//! values for a configuration that is read at run time.
//!
//! tests/dynamic holds the two together, for every combination of the settings that decide.

#[cfg(feature = "dynamic")]
mod facts;
mod fit;
mod store;

#[cfg(feature = "dynamic")]
pub(crate) use self::facts::{Capabilities, Facts, Strategy};
pub use self::store::{
    AccountsKept, AdapterSlot, EmailTokensKept, SessionStrategy, SessionsKept, UserSessionsKept,
};
