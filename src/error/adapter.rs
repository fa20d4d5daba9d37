//! The errors of an adapter.

use std::fmt;

use super::{BoxError, ErrorCode, chain, debug_as_display};

/// The kind of an adapter's failure, as far as it matters to a sign-in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum AdapterErrorKind {
    /// A row with the same unique value exists: the address, the account or the token.
    Duplicate,
    /// The store did not answer or answered with an error.
    Unavailable,
}

/// A failure of an adapter. That something does not exist is never an error.
pub struct AdapterError {
    kind: AdapterErrorKind,
    source: BoxError,
    code: Option<ErrorCode>,
    advice: Option<&'static str>,
}

impl AdapterError {
    /// The store did not answer, or answered with an error.
    pub fn unavailable(source: impl Into<BoxError>) -> Self {
        Self::new(AdapterErrorKind::Unavailable, source.into())
    }

    /// A unique value exists already.
    pub fn duplicate(source: impl Into<BoxError>) -> Self {
        Self::new(AdapterErrorKind::Duplicate, source.into())
    }

    fn new(kind: AdapterErrorKind, source: BoxError) -> Self {
        Self { kind, source, code: None, advice: None }
    }

    /// With what whoever runs the database can do about it.
    #[cfg_attr(
        not(any(feature = "mysql", feature = "postgres", feature = "redis", feature = "sqlite")),
        expect(dead_code, reason = "no adapter knows")
    )]
    pub(crate) fn advised(mut self, advice: &'static str) -> Self {
        self.advice = Some(advice);
        self
    }

    /// What can be done about it, if the adapter knows.
    #[cfg(feature = "dynamic")]
    pub(crate) fn advice(&self) -> Option<&'static str> {
        self.advice
    }

    /// Notes in which method it happened; of nested calls the innermost counts.
    pub(crate) fn during(mut self, code: ErrorCode) -> Self {
        self.code.get_or_insert(code);
        self
    }

    /// The code `adapter_error_<method>` of the method that failed, if a flow called it.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.code
    }

    /// What it means.
    #[must_use]
    pub fn kind(&self) -> AdapterErrorKind {
        self.kind
    }
}

/// With its causes, and what can be done: programs print what `connect` returns, and one that said
/// only that something failed would help nobody. A password is in none of them.
impl fmt::Display for AdapterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            AdapterErrorKind::Duplicate => "the database has a row with the same unique value",
            AdapterErrorKind::Unavailable => "the database did not do what it was asked",
        })?;
        write!(f, ": {}", chain(self.source.as_ref()))?;
        match self.advice {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

debug_as_display!(AdapterError);

impl std::error::Error for AdapterError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.source.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_causes_are_told_once() {
        #[derive(Debug, thiserror::Error)]
        #[error("no connection")]
        struct Refused(#[source] std::io::Error);

        let cause = || Refused(std::io::Error::other("refused"));
        for (error, told) in [
            (AdapterError::unavailable(cause()), "the database did not do what it was asked"),
            (AdapterError::duplicate(cause()), "the database has a row with the same unique value"),
        ] {
            let told = format!("{told}: no connection: refused");
            assert_eq!(error.to_string(), told);
            assert_eq!(format!("{error:?}"), told);
            assert_eq!(chain(&error), told);
        }
    }
}
