//! Two sites for the client: typegate, and one that does as it is told.

mod fake_site;
mod site;
mod wire;

pub(crate) use fake_site::FakeSite;
pub(crate) use site::{BASE, ORIGIN, Site};
pub(crate) use wire::Seen;
