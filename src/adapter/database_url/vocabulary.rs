//! The vocabulary of a driver's addresses, with the names that other programs use for the same.

use super::Mistake;
use crate::error::spelling::{closest, plain};

/// How an address is taken apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(
    not(all(feature = "sqlite", any(feature = "mysql", feature = "postgres", feature = "redis"))),
    expect(dead_code, reason = "each database has one of the two")
)]
pub(in crate::adapter) enum Form {
    /// A scheme, a file, and behind the first `?` the parameters.
    File,
    /// A URL.
    Url,
}

/// The words that a driver knows, from its source: `options/parse.rs` of sqlx 0.9, `connection.rs`
/// of redis 1.8.
#[derive(Debug)]
pub(in crate::adapter) struct Vocabulary {
    /// What messages call the driver.
    pub(super) driver: &'static str,
    /// What an address begins with.
    pub(super) schemes: &'static [&'static str],
    pub(super) form: Form,
    pub(super) example: &'static str,
    pub(super) parameters: &'static [Parameter],
    /// What other programs call things, as [`plain`] makes of it, and what to do here. `{value}`
    /// is the value that was given.
    pub(super) foreign: &'static [(&'static [&'static str], &'static str)],
    /// What somebody may have meant by a fragment.
    pub(super) in_fragment: Option<&'static str>,
    /// What parameters say together that each alone does not.
    pub(super) check: Option<Check>,
}

/// Judges parameters by name and value.
type Check = fn(&[(&'static str, String)]) -> Option<Mistake>;

/// A parameter that a driver reads.
#[derive(Debug)]
pub(in crate::adapter) struct Parameter {
    pub(super) name: &'static str,
    pub(super) aliases: &'static [&'static str],
    pub(super) values: Values,
    /// Values of other programs, as [`plain`] makes of them, and the one that they mean.
    pub(super) synonyms: &'static [(&'static str, &'static str)],
}

#[derive(Debug)]
pub(in crate::adapter) enum Values {
    Any,
    /// Each time that it is given adds something.
    #[cfg(feature = "postgres")]
    Several,
    #[cfg(any(feature = "mysql", feature = "postgres", feature = "redis"))]
    Number {
        example: &'static str,
    },
    /// Whatever the case.
    OneOf(&'static [&'static str]),
}

impl Parameter {
    pub(super) const fn any(name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, aliases, values: Values::Any, synonyms: &[] }
    }

    #[cfg(any(feature = "mysql", feature = "postgres", feature = "redis"))]
    pub(super) const fn number(name: &'static str, example: &'static str) -> Self {
        Self { name, aliases: &[], values: Values::Number { example }, synonyms: &[] }
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

impl Vocabulary {
    pub(super) fn has_scheme(&self, text: &str) -> bool {
        self.schemes.iter().any(|scheme| text.starts_with(scheme))
    }

    /// The parameter of that very name. In `options[name]` the name is the server's business.
    pub(super) fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        let bracketed = name.strip_suffix(']').and_then(|name| name.split_once('['));
        let known = match bracketed {
            Some(("options", inner)) if !inner.is_empty() => "options",
            _ => name,
        };
        self.parameters.iter().find(|parameter| parameter.names().any(|name| name == known))
    }

    /// What to do about a name of another program's.
    pub(super) fn foreign(&self, name: &str) -> Option<&'static str> {
        let name = plain(name);
        let known = self.foreign.iter().find(|(names, _)| names.contains(&name.as_str()));
        known.map(|(_, advice)| *advice)
    }

    /// The parameter whose name is spelled alike.
    pub(super) fn closest(&self, name: &str) -> Option<&'static Parameter> {
        let names = self.parameters.iter().flat_map(Parameter::names);
        closest(name, names).and_then(|name| self.parameter(name))
    }
}
