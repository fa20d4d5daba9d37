//! Checks of literals: whether they can be what they are given for.

mod color;
mod issuer;
mod path;
mod scope;
mod segment;
mod template;
mod url;

pub(crate) use color::{check_color, check_logo};
pub(crate) use issuer::{check_issuer, of_document};
pub(crate) use path::pointer;
pub(crate) use scope::check_scope;
pub(crate) use segment::check_id;
pub(crate) use template::{Part, check_placeholders, parts};
pub(crate) use url::{Transport, check_url};
