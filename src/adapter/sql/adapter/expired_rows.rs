//! The removal of expired rows.

use std::time::Instant;

use jiff::Timestamp;

use super::{Answer, SqlAdapter};
use crate::adapter::sql::driver::Driver as _;
use crate::adapter::sql::statements::Statement;
use crate::adapter::sql::{Failure, SqlDatabase, Value};
use crate::adapter::{DeletedRows, ExpiredRows};

/// How many times as long as a batch took it rests before the next one, so that sign-ins meet it
/// seldom.
const REST: u32 = 4;

/// After how many rows the database writes back. Each may be on four pages of its own, one of the
/// table and one of each index.
const WRITE_BACK_AFTER: u64 = 4000;

impl<D: SqlDatabase> ExpiredRows for SqlAdapter<D> {
    /// By many statements rather than one: sign-ins get a turn in between, and none takes longer
    /// than the deadline, however many rows there are.
    async fn delete_expired(&self, now: Timestamp) -> Answer<DeletedRows> {
        let values = [now.as_millisecond().into()];
        let statements = self.statements();
        let sessions = self.delete_all(&statements.sessions.delete_expired, &values).await?;
        let links = &statements.verification_tokens.delete_expired;
        let links = self.delete_all(links, &values).await?;
        let mut deleted = DeletedRows::new(sessions, links);
        // Beside the tables of another adapter, and before the latest migration, there may be none
        // for attempts.
        match self.delete_all(&statements.attempts.delete_ended, &values).await {
            Err(failure) if failure.is_missing_table() => {}
            answer => deleted.attempts = answer?,
        }
        Ok(deleted)
    }
}

impl<D: SqlDatabase> SqlAdapter<D> {
    async fn delete_all(&self, some: &Statement, values: &[Value<'_>]) -> Result<u64, Failure> {
        let driver = &self.store.driver;
        let mut deleted = 0_u64;
        let mut written_back = None;
        loop {
            let start = Instant::now();
            let batch = self.store.write(some, values).await?.affected;
            deleted = deleted.saturating_add(batch);
            if batch < self.store.dialect.batch() {
                if written_back.is_some() {
                    driver.write_back(false).await?;
                }
                return Ok(deleted);
            }
            if written_back.is_none_or(|before| deleted - before >= WRITE_BACK_AFTER) {
                driver.write_back(true).await?;
                written_back = Some(deleted);
            }
            tokio::time::sleep(start.elapsed().saturating_mul(REST)).await;
        }
    }
}
