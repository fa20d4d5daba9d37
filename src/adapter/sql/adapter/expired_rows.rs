//! The removal of expired rows.

use std::time::Instant;

use jiff::Timestamp;

use super::{Answer, SqlAdapter};
use crate::adapter::sql::driver::Driver as _;
use crate::adapter::sql::statements::Statement;
use crate::adapter::sql::{Failure, SqlDatabase, Value};
use crate::adapter::{DeletedRows, ExpiredRows};
use crate::log::notice;

/// How many times as long as a batch took, with writing back, the next one is waited for, so that
/// sign-ins meet it seldom.
const REST: u32 = 4;

/// After how many rows the database writes back: at most four pages each, one of the table and one
/// of each index.
const WRITE_BACK_AFTER: u64 = 4000;

impl<D: SqlDatabase> ExpiredRows for SqlAdapter<D> {
    /// By many statements rather than one: sign-ins get a turn in between, and none takes longer
    /// than the deadline, however many rows there are.
    async fn delete_expired(&self, now: Timestamp) -> Answer<DeletedRows> {
        let deleted = self.delete_what_ended(now).await;
        // Whatever came of it, and of a clean-up that was given up before.
        self.tell(self.store.driver.write_all_back().await);
        Ok(deleted?)
    }
}

impl<D: SqlDatabase> SqlAdapter<D> {
    async fn delete_what_ended(&self, now: Timestamp) -> Result<DeletedRows, Failure> {
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

    async fn delete_all(&self, some: &Statement, values: &[Value<'_>]) -> Result<u64, Failure> {
        let mut deleted = 0_u64;
        let mut written_back = None;
        loop {
            let start = Instant::now();
            let batch = self.store.write(some, values).await?.affected;
            deleted = deleted.saturating_add(batch);
            if batch < self.store.dialect.batch() {
                return Ok(deleted);
            }
            if written_back.is_none_or(|before| deleted - before >= WRITE_BACK_AFTER) {
                self.tell(self.store.driver.write_back().await);
                written_back = Some(deleted);
            }
            tokio::time::sleep(start.elapsed().saturating_mul(REST)).await;
        }
    }

    /// What is deleted is deleted, also where it could not be written back.
    fn tell(&self, written_back: Result<(), Failure>) {
        if let Err(failure) = written_back {
            notice(&format!("a clean-up: {}", failure.at(self.store.driver.place())));
        }
    }
}
