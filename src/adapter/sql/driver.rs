//! What is left to each database: connections, and running a statement on one.

use std::future::Future;

use sqlx::ConnectOptions;

use super::{Call, Failure, Written};

/// Connections to one database.
pub(in crate::adapter) trait Driver: Send + Sync + 'static {
    /// A transaction that is rolled back when it is dropped.
    type Transaction: Transaction;

    /// Whether a text may have the character U+0000.
    const KEEPS_NUL: bool;

    /// Runs a statement that changes nothing.
    fn read(&self, call: Call<'_>) -> impl Future<Output = Result<Written, Failure>> + Send;

    /// Runs a statement in a transaction of its own.
    fn write(&self, call: Call<'_>) -> impl Future<Output = Result<Written, Failure>> + Send;

    /// Begins a transaction.
    fn begin(&self) -> impl Future<Output = Result<Self::Transaction, Failure>> + Send;
}

/// Several statements that take effect together.
pub(in crate::adapter) trait Transaction: Send {
    /// Runs a statement.
    fn run(&mut self, call: Call<'_>) -> impl Future<Output = Result<Written, Failure>> + Send;

    /// Lets it take effect.
    fn commit(self) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// `execute`, which runs a [`Call`] on a connection or a pool of the given database. Written once
/// for all of them, as a macro: the bounds of a generic function would be longer than its body.
macro_rules! execution {
    ($database:ty, $row:ty, $inserted:expr) => {
        async fn execute<'c, E>(
            executor: E,
            call: crate::adapter::sql::Call<'_>,
        ) -> sqlx::Result<crate::adapter::sql::Written>
        where
            E: sqlx::Executor<'c, Database = $database>,
        {
            use crate::adapter::sql::{Value, Written};

            let mut query = sqlx::query::<$database>(call.statement.sql());
            for value in call.parameters() {
                query = match value {
                    Value::Text(text) => query.bind(text),
                    Value::Integer(integer) => query.bind(integer),
                    Value::Flag(flag) => query.bind(flag),
                };
            }
            if call.statement.columns.is_empty() {
                let done = query.execute(executor).await?;
                let inserted: fn(&_) -> Option<u64> = $inserted;
                let inserted = inserted(&done);
                return Ok(Written { rows: Vec::new(), affected: done.rows_affected(), inserted });
            }
            // To the end, also where one row is expected: drivers that are asked for one stop
            // there and swallow an error of the commit that follows.
            let rows = query.fetch_all(executor).await?;
            let rows = rows
                .iter()
                .map(|row| read(&call.statement.columns, row))
                .collect::<sqlx::Result<Vec<_>>>()?;
            Ok(Written { affected: rows.len() as u64, rows, inserted: None })
        }

        fn read(
            columns: &[crate::adapter::sql::ColumnKind],
            row: &$row,
        ) -> sqlx::Result<crate::adapter::sql::Row> {
            use crate::adapter::sql::{Cell, ColumnKind, Row};
            use sqlx::Row as _;

            let mut cells = Vec::with_capacity(columns.len());
            for (index, kind) in columns.iter().enumerate() {
                cells.push(match kind {
                    ColumnKind::Text => Cell::Text(row.try_get(index)?),
                    ColumnKind::Integer => Cell::Integer(row.try_get(index)?),
                });
            }
            Ok(Row(cells.into_iter()))
        }
    };
}

pub(in crate::adapter) use execution;

/// The driver writes a line of 1.5 KB for each statement that took a second, of which a stranger may
/// cause any number where the database is slow. Databases have a log of their own for these.
pub(in crate::adapter) fn without_statement_log<O: ConnectOptions>(options: O) -> O {
    options.disable_statement_logging()
}
