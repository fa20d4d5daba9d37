//! The rate limit's counters in Redis, and the clients that have signed in. Both expire by the
//! server's clock, so that clock alone decides when a window ends.

use jiff::{SignedDuration, Timestamp};
use redis::{cmd, pipe};

use super::RedisAdapter;
use crate::error::AdapterError;
use crate::rate_limit::{AttemptKey, AttemptStore, Counted};

impl<U: Send + Sync + 'static> AttemptStore for RedisAdapter<U> {
    async fn count(
        &self,
        key: AttemptKey<'_>,
        now: Timestamp,
        window: u32,
    ) -> Result<Counted, AdapterError> {
        let key = self.keys.attempt(&key);
        let milliseconds = milliseconds(window.into());
        let mut commands = pipe();
        commands.atomic();
        commands.cmd("INCR").arg(&key);
        // Only a counter that was just made has no end.
        commands.cmd("PEXPIRE").arg(&key).arg(milliseconds).arg("NX").ignore();
        commands.cmd("PTTL").arg(&key);
        let (attempts, left): (u64, i64) = self.connection.run_all(&commands).await?;
        let left = SignedDuration::from_millis(left.clamp(0, milliseconds));
        let ends = now.saturating_add(left).unwrap_or(Timestamp::MAX);
        Ok(Counted { attempts: u32::try_from(attempts).unwrap_or(u32::MAX), ends })
    }

    /// A counter whose window has ended in between begins below 0, with an end of a second.
    async fn take_back(&self, key: AttemptKey<'_>, _: Timestamp) -> Result<(), AdapterError> {
        let key = self.keys.attempt(&key);
        let mut commands = pipe();
        commands.atomic();
        commands.cmd("DECR").arg(&key).ignore();
        commands.cmd("PEXPIRE").arg(&key).arg(1000).arg("NX").ignore();
        self.connection.run_all::<()>(&commands).await?;
        Ok(())
    }

    async fn remember(
        &self,
        key: AttemptKey<'_>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<(), AdapterError> {
        let left = until.as_millisecond().saturating_sub(now.as_millisecond()).max(1);
        let key = self.keys.attempt(&key);
        let mut commands = pipe();
        commands.atomic();
        commands.cmd("SET").arg(&key).arg(1).arg("NX").arg("PX").arg(left).ignore();
        commands.cmd("PEXPIRE").arg(&key).arg(left).arg("GT").ignore();
        self.connection.run_all::<()>(&commands).await?;
        Ok(())
    }

    async fn remembers(&self, key: AttemptKey<'_>, _: Timestamp) -> Result<bool, AdapterError> {
        let mut exists = cmd("EXISTS");
        exists.arg(self.keys.attempt(&key));
        Ok(self.connection.run(&exists).await?)
    }
}

fn milliseconds(seconds: i64) -> i64 {
    seconds.saturating_mul(1000).max(1)
}
