//! Checks: which settings keep the [rules](crate::rule), decided by types for the builder, and over
//! values for a configuration that is known at run time.
//!
//! tests/dynamic holds the two together, for every combination of the settings that decide.

mod facts;
mod fit;
mod store;

#[cfg(feature = "dynamic")]
pub(crate) use self::facts::Strategy;
pub(crate) use self::facts::{Capabilities, Facts, refusal};
pub use self::store::{
    AccountsKept, AdapterSlot, ChosenStrategy, EmailTokensKept, SessionStrategy, SessionsKept,
    SiteSlot, TakesAdapter, TakesStrategy, UserSessionsKept,
};
