//! The rate limit's counters, and the clients that have signed in.

use jiff::Timestamp;

use super::{Answer, SqlAdapter};
use crate::adapter::sql::{Call, Failure, Row, SqlDatabase};
use crate::rate_limit::{AttemptKey, AttemptStore, Counted};
use crate::runtime::clock::after;

impl<D: SqlDatabase> AttemptStore for SqlAdapter<D> {
    async fn count(&self, key: AttemptKey<'_>, now: Timestamp, window: u32) -> Answer<Counted> {
        let (key, end) = (key.digest(), after(now, window.into()));
        let values =
            [key.as_str().into(), now.as_millisecond().into(), end.as_millisecond().into()];
        let statements = &self.statements().attempts;
        let written = match &statements.counted {
            None => self.store.write(&statements.count, &values).await?,
            Some(counted) => {
                let calls = [Call::new(&statements.count, &values), Call::new(counted, &values)];
                self.store.together(&calls).await?
            }
        };
        let row: Option<Row> = written.rows.into_iter().next();
        let mut row = row.ok_or(Failure::Unreadable("the counter that was just written"))?;
        let attempts = row.integer()?.ok_or(Failure::Unreadable("a number of attempts"))?;
        let attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
        Ok(Counted { attempts, ends: row.time()? })
    }

    async fn take_back(&self, key: AttemptKey<'_>, now: Timestamp) -> Answer<()> {
        let key = key.digest();
        let values = [key.as_str().into(), now.as_millisecond().into()];
        self.store.write(&self.statements().attempts.take_back, &values).await?;
        Ok(())
    }

    async fn remember(&self, key: AttemptKey<'_>, _: Timestamp, until: Timestamp) -> Answer<()> {
        let key = key.digest();
        let values = [key.as_str().into(), until.as_millisecond().into()];
        self.store.write(&self.statements().attempts.remember, &values).await?;
        Ok(())
    }

    async fn remembers(&self, key: AttemptKey<'_>, now: Timestamp) -> Answer<bool> {
        let key = key.digest();
        let values = [key.as_str().into(), now.as_millisecond().into()];
        Ok(self.store.find(&self.statements().attempts.remembers, &values).await?.is_some())
    }
}
