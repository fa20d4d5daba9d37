//! The statements about attempts of the rate limit. Their table is typegate's own, whatever the
//! others are called, with one row for each counter and for each client that is remembered.
//!
//! Times are milliseconds since 1970 in every database, because nobody else reads them.

use super::Statement;
use crate::adapter::sql::ColumnKind::Integer;
use crate::adapter::sql::Dialect;

#[derive(Debug)]
pub(in crate::adapter::sql) struct AttemptStatements {
    /// Values: key, now, the end of a window that begins now. If the answer takes a statement of
    /// its own, both run in one transaction, whose lock on the row makes them one step.
    pub(in crate::adapter::sql) count: Statement,
    /// Value: key.
    pub(in crate::adapter::sql) counted: Option<Statement>,
    /// Values: key, now.
    pub(in crate::adapter::sql) take_back: Statement,
    /// Values: key, until when.
    pub(in crate::adapter::sql) remember: Statement,
    /// Values: key, now.
    pub(in crate::adapter::sql) remembers: Statement,
    /// Some at a time. Value: now.
    pub(in crate::adapter::sql) delete_ended: Statement,
}

impl AttemptStatements {
    pub(super) fn new(dialect: Dialect) -> Self {
        let plain = |sql: &str| Statement::new(sql, dialect, Vec::new());
        // A clock that was set back starts a new window, too.
        let count = "INSERT INTO typegate_attempts (id, attempts, ends) VALUES ($1, 1, $3)";
        let runs = "typegate_attempts.ends > $2 AND typegate_attempts.ends <= $3";
        let (count, counted, remember) = match dialect {
            Dialect::Sqlite | Dialect::Postgres => {
                let sql = format!(
                    "{count} ON CONFLICT (id) DO UPDATE SET \
                     attempts = CASE WHEN {runs} THEN typegate_attempts.attempts + 1 ELSE 1 END, \
                     ends = CASE WHEN {runs} THEN typegate_attempts.ends ELSE $3 END \
                     RETURNING attempts, ends"
                );
                let remember = "INSERT INTO typegate_attempts (id, attempts, ends) \
                                VALUES ($1, 0, $2) ON CONFLICT (id) DO UPDATE SET \
                                ends = CASE WHEN typegate_attempts.ends > $2 \
                                THEN typegate_attempts.ends ELSE $2 END";
                (Statement::new(&sql, dialect, vec![Integer, Integer]), None, remember)
            }
            // Assignments take effect from left to right.
            Dialect::MySql { .. } => {
                let sql = format!(
                    "{count} ON DUPLICATE KEY UPDATE \
                     attempts = CASE WHEN {runs} THEN attempts + 1 ELSE 1 END, \
                     ends = CASE WHEN {runs} THEN ends ELSE $3 END"
                );
                let counted = "SELECT attempts, ends FROM typegate_attempts WHERE id = $1";
                let counted = Statement::new(counted, dialect, vec![Integer, Integer]);
                let remember = "INSERT INTO typegate_attempts (id, attempts, ends) \
                                VALUES ($1, 0, $2) ON DUPLICATE KEY UPDATE \
                                ends = CASE WHEN ends > $2 THEN ends ELSE $2 END";
                (plain(&sql), Some(counted), remember)
            }
        };
        Self {
            count,
            counted,
            take_back: plain(
                "UPDATE typegate_attempts SET attempts = attempts - 1 \
                 WHERE id = $1 AND ends > $2 AND attempts > 0",
            ),
            remember: plain(remember),
            remembers: Statement::new(
                "SELECT ends FROM typegate_attempts WHERE id = $1 AND ends > $2",
                dialect,
                vec![Integer],
            ),
            delete_ended: plain(&dialect.delete_some(
                "typegate_attempts",
                &["id".to_owned()],
                "ends <= $1",
            )),
        }
    }
}
