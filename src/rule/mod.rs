//! Rules: what a configuration must not say, with everything that is said about it.
//!
//! One trait for each rule; its page shows the message, the cause and the cure. Where a message names
//! a setting or a part, each of these has a trait: [`once`] and [`given`]; so has each feature of Cargo
//! that a call needs: [`feature`], what settings are called elsewhere: [`mod@other_name`], and what never
//! works: [`mod@never`]. The bounds stand on
//! [`build`](crate::builder::AuthBuilder::build), so settings may be given in any order, and several
//! missing ones are reported together. [`Rule`] has the same texts for a configuration that is read
//! at run time. Which settings keep a rule is decided where the builder is.

pub mod feature;
pub mod given;
pub mod never;
pub mod once;
pub mod other_name;
mod parts;
pub(crate) mod slot;
mod stand_in;
mod table;
mod unquoted;

pub(crate) use self::parts::parts;
pub(crate) use self::stand_in::stand_ins;
pub(crate) use self::table::explained;
pub use self::table::{
    AccountTokensFit, BackChannelLogoutFits, ClientAddressFits, CredentialsFit, EmailFits,
    JwtCallbackFits, ProviderGiven, Rule, SecretGiven, SessionControlFits, SessionsFit, SiteGiven,
};
pub(crate) use self::unquoted::unquoted;
