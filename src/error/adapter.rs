//! What may a database say?

use std::fmt;

use super::BoxError;

/// What a failure of the adapter means to a sign-in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum AdapterErrorKind {
    /// A row with the same unique value exists: the address, the account or the token.
    Duplicate,
    /// The store did not answer or answered with an error.
    Unavailable,
}

/// A failure of an adapter. "Not there" is never an error.
#[derive(Debug)]
pub struct AdapterError {
    kind: AdapterErrorKind,
    source: BoxError,
}

impl AdapterError {
    /// The store did not answer, or answered with an error.
    pub fn unavailable(source: impl Into<BoxError>) -> Self {
        Self { kind: AdapterErrorKind::Unavailable, source: source.into() }
    }

    /// A unique value exists already.
    pub fn duplicate(source: impl Into<BoxError>) -> Self {
        Self { kind: AdapterErrorKind::Duplicate, source: source.into() }
    }

    /// What it means.
    #[must_use]
    pub fn kind(&self) -> AdapterErrorKind {
        self.kind
    }
}

impl fmt::Display for AdapterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            AdapterErrorKind::Duplicate => "the database has a row with the same unique value",
            AdapterErrorKind::Unavailable => "the database did not do what it was asked",
        })
    }
}

impl std::error::Error for AdapterError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.source.as_ref())
    }
}
