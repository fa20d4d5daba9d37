//! From a text, or from whatever serde reads, to a tree with places.

mod json;
mod serde;
mod toml;

pub(super) use self::json::read as read_json;
pub(super) use self::toml::read as read_toml;

use super::document::{Node, Span};

/// What a text says, and what is wrong with how it says it.
pub(super) struct Parsed {
    /// Nothing if the text cannot be understood.
    pub(super) root: Option<Node>,
    pub(super) errors: Vec<SyntaxError>,
}

pub(super) enum SyntaxError {
    /// A key stands twice in one table.
    Repeated { key: String, span: Option<Span> },
    /// The parser's own words, which quote nothing of the text.
    Malformed { message: String, span: Option<Span> },
}
