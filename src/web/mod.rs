//! HTTP in the terms of NextAuth: an action with fields comes in, a reply with cookies as data goes
//! out. No framework's type is in here.
//!
//! Beside the two: which URL is safe to be sent to, where the site is and who asks, and the port by
//! which the server asks others.

pub(crate) mod agreed_url;
pub(crate) mod client_address;
pub mod cookie;
pub(crate) mod csrf;
mod fields;
pub(crate) mod location;
pub(crate) mod outbound;
pub(crate) mod public_suffix;
mod reply;
mod request;
pub(crate) mod site;

pub(crate) use self::fields::{Field, Fields};
pub(crate) use self::reply::{Reply, percent_encode};
pub(crate) use self::request::{Body, BodyRefused, Request};
