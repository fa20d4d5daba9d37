//! HTTP in NextAuth's terms: an action with fields comes in, a reply with cookies as data goes out.
//! No framework's type appears here.
//!
//! Beside the two stand safe locations, the site's own URL, the visitor's address, and the port for
//! outgoing requests.

pub(crate) mod agreed_url;
pub(crate) mod client_address;
pub mod cookie;
pub(crate) mod csrf;
mod fields;
pub(crate) mod forwarded_element;
pub(crate) mod forwarded_site;
pub(crate) mod host_refused;
pub(crate) mod location;
pub(crate) mod outbound;
pub(crate) mod public_suffix;
mod reply;
mod request;
pub(crate) mod site;
pub(crate) mod site_hosts;
pub(crate) mod unlisted_host;

pub(crate) use self::fields::{Field, Fields};
pub(crate) use self::reply::{Reply, percent_encode};
pub(crate) use self::request::{Body, BodyRefused, Request};
