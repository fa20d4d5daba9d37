//! The options of a connection to an SQL database.

use std::time::Duration;

use super::SchemaProfile;

/// Settings of a connection beyond its address.
///
/// ```
/// use std::time::Duration;
/// use typegate::adapter::{DatabaseOptions, SchemaProfile};
///
/// let options = DatabaseOptions::default()
///     .schema(SchemaProfile::prisma())
///     .max_connections(20)
///     .deadline(Duration::from_secs(2));
/// # drop(options);
/// ```
#[derive(Clone, Debug)]
pub struct DatabaseOptions {
    pub(in crate::adapter) schema: SchemaProfile,
    pub(in crate::adapter) max_connections: u32,
    pub(in crate::adapter) deadline: Duration,
}

impl Default for DatabaseOptions {
    /// Tables that typegate makes, 10 connections, 5 seconds.
    fn default() -> Self {
        Self {
            schema: SchemaProfile::typegate(),
            max_connections: 10,
            deadline: Duration::from_secs(5),
        }
    }
}

impl DatabaseOptions {
    /// The tables that are there.
    #[must_use]
    pub fn schema(mut self, schema: SchemaProfile) -> Self {
        self.schema = schema;
        self
    }

    /// How many connections are opened at most; for SQLite, how many read beside the one that
    /// writes.
    #[must_use]
    pub fn max_connections(mut self, connections: u32) -> Self {
        self.max_connections = connections.max(1);
        self
    }

    /// How long a call may wait for its turn, how long for a new connection, and how long for the
    /// answer. After that it is an error. A write that was given up while the server waited for a
    /// lock may still take effect.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }
}
