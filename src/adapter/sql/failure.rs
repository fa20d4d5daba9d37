//! The failures of statements, without the values that some databases repeat in their messages.

use std::time::Duration;

use crate::error::AdapterError;

/// A failed call. No variant repeats a value: the messages of some databases do.
#[derive(Debug, thiserror::Error)]
pub(in crate::adapter) enum Failure {
    /// A value that never reached the database. No row has it.
    #[error("{0}")]
    Refused(&'static str),
    #[error("the database did not answer within {0:?}")]
    Deadline(Duration),
    #[error("nobody gave back one of {connections} connections within {after:?}")]
    Exhausted { connections: usize, after: Duration },
    /// The server is not there, or lets nobody in. The cause is a part of the sentence.
    #[error("no connection to {address}: {cause}{}", advice(.is_limit))]
    Connect { address: String, cause: Box<Failure>, is_limit: bool },
    #[error("a column does not hold {0}")]
    Unreadable(&'static str),
    #[error("a row with the same unique value exists{}", constraint(.0))]
    Duplicate(Option<String>),
    /// The database chose this transaction as the victim of a deadlock: it may be tried again.
    #[error("the transaction was rolled back for the sake of another one ({0})")]
    Conflict(String),
    #[error("{message} ({code})")]
    Statement { code: String, message: String },
    #[error(transparent)]
    Driver(sqlx::Error),
    /// There is no user for a row that needs one.
    #[error("no user has this id")]
    NoUser,
}

fn constraint(name: &Option<String>) -> String {
    name.as_ref().map_or_else(String::new, |name| format!(" (`{name}`)"))
}

fn advice(is_limit: &bool) -> &'static str {
    match is_limit {
        true => "; `max_connections` is best no more than the server leaves to this program",
        false => "",
    }
}

/// SQLSTATE of a serialization failure and of deadlocks: `40001` in both servers, `40P01` in
/// PostgreSQL.
const CONFLICTS: [&str; 2] = ["40001", "40P01"];

/// Messages of these SQLSTATE classes repeat the value that did not fit, save for those two that
/// say it was too long or too large.
const VALUE_ERRORS: &str = "22";
const VALUE_TOO_LONG: [&str; 2] = ["22001", "22003"];

/// SQLSTATE of a table that is not there, in PostgreSQL and in MySQL.
const NO_TABLE: [&str; 2] = ["42P01", "42S02"];

impl Failure {
    /// Whether the database answered, so that the connection may be good.
    pub(in crate::adapter) fn is_answer(&self) -> bool {
        use sqlx::Error::{Io, Protocol, Tls, WorkerCrashed};
        !matches!(
            self,
            Self::Deadline(_) | Self::Driver(Io(_) | Protocol(_) | Tls(_) | WorkerCrashed)
        )
    }

    /// Whether a server has as many connections as it allows.
    pub(in crate::adapter) fn is_limit(&self) -> bool {
        matches!(self, Self::Connect { is_limit: true, .. })
    }

    /// Whether a table that the statement names is not there.
    pub(in crate::adapter) fn is_missing_table(&self) -> bool {
        let Self::Statement { code, message } = self else { return false };
        // SQLite has one code for whatever is wrong with a statement.
        NO_TABLE.contains(&code.as_str()) || code == "1" && message.starts_with("no such table")
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
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
        let repeats_value =
            code.starts_with(VALUE_ERRORS) && !VALUE_TOO_LONG.contains(&code.as_str());
        let message = match repeats_value {
            true => "a value does not fit its column".to_owned(),
            false => database.message().to_owned(),
        };
        Self::Statement { code, message }
    }
}

impl From<Failure> for AdapterError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Duplicate(_) => Self::duplicate(failure),
            _ => Self::unavailable(failure),
        }
    }
}
