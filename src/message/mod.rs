//! What came in and what goes out, in the terms of NextAuth: an action with fields, a reply with
//! cookies as data. No framework's type is in here.

mod fields;
mod reply;
mod request;

pub(crate) use fields::{Field, Fields};
pub(crate) use reply::{Reply, percent_encode};
pub(crate) use request::{Body, BodyRefused, Request};
