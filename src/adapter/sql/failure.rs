//! The failures of statements, without the values that some databases repeat in their messages.

use std::sync::Arc;
use std::time::Duration;

use super::pool::Protocol;
use super::trouble::Trouble;
use crate::error::AdapterError;

/// A failed call. No variant repeats a value: the messages of some databases do.
#[derive(Debug, thiserror::Error)]
pub(in crate::adapter) enum Failure {
    /// Any of those below that are a database's, with which one it is.
    #[error("{place}: {cause}")]
    At { place: Arc<str>, cause: Box<Failure> },
    /// A value that never reached the database. No row has it.
    #[error("{0}")]
    Refused(&'static str),
    #[error("no answer within {0:?}")]
    Deadline(Duration),
    #[error("nobody gave back one of {connections} connections within {after:?}")]
    Exhausted { connections: usize, after: Duration },
    /// The server is not there, or lets nobody in. The cause is a part of the sentence.
    #[error("no connection to {place}: {cause}")]
    Connect { place: Arc<str>, cause: Box<Failure> },
    #[error("a column does not hold {0}")]
    Unreadable(&'static str),
    #[error("a row with the same unique value exists{}", constraint(.0))]
    Duplicate(Option<String>),
    /// The database chose this transaction as the victim of a deadlock: it may be tried again.
    #[error("the transaction was rolled back for the sake of another one ({0})")]
    Conflict(String),
    #[error("{message} ({code})")]
    Statement { code: String, message: String, trouble: Option<Trouble> },
    #[cfg(feature = "sqlite")]
    #[error(transparent)]
    File(std::io::Error),
    #[error(transparent)]
    Driver(sqlx::Error),
    /// There is no user for a row that needs one.
    #[error("no user has this id")]
    NoUser,
}

fn constraint(name: &Option<String>) -> String {
    name.as_ref().map_or_else(String::new, |name| format!(" (`{name}`)"))
}

/// SQLSTATE of a serialization failure and of deadlocks: `40001` in both servers, `40P01` in
/// PostgreSQL.
const CONFLICTS: [&str; 2] = ["40001", "40P01"];

/// Messages of these SQLSTATE classes repeat the value that did not fit, save for those two that
/// say it was too long or too large.
const VALUE_ERRORS: &str = "22";
const VALUE_TOO_LONG: [&str; 2] = ["22001", "22003"];

impl Failure {
    /// What a database or its driver says.
    pub(in crate::adapter) fn of<P: Protocol>(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else {
            return Self::Driver(error);
        };
        let code = database.code().unwrap_or_default().into_owned();
        if database.is_unique_violation() {
            return Self::Duplicate(database.constraint().map(str::to_owned));
        }
        if CONFLICTS.contains(&code.as_str()) {
            return Self::Conflict(code);
        }
        let trouble = P::trouble(database);
        let repeats_value = P::repeats_value(database)
            || code.starts_with(VALUE_ERRORS) && !VALUE_TOO_LONG.contains(&code.as_str());
        let message = match repeats_value {
            true => "a value does not fit its column".to_owned(),
            false => database.message().to_owned(),
        };
        Self::Statement { code, message, trouble }
    }

    /// Says which database it was, where that is not said already.
    pub(in crate::adapter) fn at(self, place: &Arc<str>) -> Self {
        match self {
            Self::At { .. }
            | Self::Connect { .. }
            | Self::Duplicate(_)
            | Self::NoUser
            | Self::Refused(_) => self,
            cause => Self::At { place: Arc::clone(place), cause: Box::new(cause) },
        }
    }

    /// Whether the database answered, so that the connection may be good.
    pub(in crate::adapter) fn is_answer(&self) -> bool {
        use sqlx::Error::{Io, Protocol, Tls, WorkerCrashed};
        !matches!(
            self,
            Self::Deadline(_) | Self::Driver(Io(_) | Protocol(_) | Tls(_) | WorkerCrashed)
        )
    }

    /// Whether the database did nothing, and would do it if it were asked once more.
    pub(super) fn may_be_tried_again(&self) -> bool {
        matches!(self, Self::Conflict(_)) || self.is_stale()
    }

    /// Whether a server has as many connections as it allows.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    pub(super) fn is_limit(&self) -> bool {
        matches!(self, Self::Connect { .. }) && self.trouble() == Some(Trouble::Connections)
    }

    #[cfg(not(any(feature = "mysql", feature = "postgres")))]
    pub(super) fn is_limit(&self) -> bool {
        false
    }

    /// Whether another connection would lead to a server that takes writes, since that took the
    /// place of this one.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    pub(super) fn is_of_former_server(&self) -> bool {
        self.trouble() == Some(Trouble::ReadOnly)
    }

    #[cfg(not(any(feature = "mysql", feature = "postgres")))]
    pub(super) fn is_of_former_server(&self) -> bool {
        false
    }

    /// Whether what the connection has prepared is for tables that were changed since.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    pub(super) fn is_stale(&self) -> bool {
        self.trouble() == Some(Trouble::Stale)
    }

    #[cfg(not(any(feature = "mysql", feature = "postgres")))]
    pub(super) fn is_stale(&self) -> bool {
        false
    }

    /// Whether a table that the statement names is not there.
    pub(in crate::adapter) fn is_missing_table(&self) -> bool {
        self.trouble() == Some(Trouble::MissingTable)
    }

    /// The kind of it, if it is one that somebody can mend.
    pub(in crate::adapter) fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::At { cause, .. } | Self::Connect { cause, .. } => cause.trouble(),
            Self::Deadline(_) => Some(Trouble::Slow),
            Self::Exhausted { .. } => Some(Trouble::Exhausted),
            Self::Statement { trouble, .. } => *trouble,
            #[cfg(feature = "sqlite")]
            Self::File(_) => Some(Trouble::NoFile),
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            Self::Driver(error) => of_driver(error),
            _ => None,
        }
    }

    fn advice(&self) -> Option<&'static str> {
        match self {
            // A server that answers to nothing is no slow one.
            #[cfg(any(feature = "mysql", feature = "postgres"))]
            Self::Connect { cause, .. } if matches!(**cause, Self::Deadline(_)) => {
                Some(Trouble::Unreachable.advice())
            }
            _ => self.trouble().map(Trouble::advice),
        }
    }
}

#[cfg(any(feature = "mysql", feature = "postgres"))]
fn of_driver(error: &sqlx::Error) -> Option<Trouble> {
    match error {
        sqlx::Error::Tls(_) => Some(Trouble::Certificate),
        // What `rustls` refuses.
        sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Some(Trouble::Certificate)
        }
        sqlx::Error::Io(_) => Some(Trouble::Unreachable),
        _ => None,
    }
}

impl From<Failure> for AdapterError {
    fn from(failure: Failure) -> Self {
        match (&failure, failure.advice()) {
            (Failure::Duplicate(_), _) => Self::duplicate(failure),
            (_, Some(advice)) => Self::unavailable(failure).advised(advice),
            (_, None) => Self::unavailable(failure),
        }
    }
}
