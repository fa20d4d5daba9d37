//! The removal of expired rows.

use jiff::Timestamp;

use super::{Answer, SqlAdapter};
use crate::adapter::sql::SqlDatabase;
use crate::adapter::{DeletedRows, ExpiredRows};

impl<D: SqlDatabase> ExpiredRows for SqlAdapter<D> {
    /// By several statements rather than one transaction: sign-ins get a turn in between.
    async fn delete_expired(&self, now: Timestamp) -> Answer<DeletedRows> {
        let values = [now.as_millisecond().into()];
        let store = &self.store;
        let sessions = store.write(&self.statements().sessions.delete_expired, &values).await?;
        let links =
            store.write(&self.statements().verification_tokens.delete_expired, &values).await?;
        let mut deleted = DeletedRows::new(sessions.affected, links.affected);
        // Beside the tables of another adapter, and before the latest migration, there may be none
        // for attempts.
        match store.write(&self.statements().attempts.delete_ended, &values).await {
            Err(failure) if failure.is_missing_table() => {}
            answer => deleted.attempts = answer?.affected,
        }
        Ok(deleted)
    }
}
