//! A value of a provider that is fetched once and kept for a while.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::error::{BoxError, chain};

/// How long a value is still used when it cannot be fetched again, in seconds.
const HARD_LIMIT: i64 = 24 * 60 * 60;

/// On whose behalf a value is fetched again before its time. Each has a budget, so that strangers
/// do not use up that of people who sign in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asker {
    /// The provider's own answer to a sign-in or a refresh.
    Provider,
    /// A request that anybody may send.
    Stranger,
}

/// Callers at the same time wait for one fetch and share its outcome, good or bad.
#[derive(Debug)]
pub(crate) struct Cache<T> {
    state: Mutex<State<T>>,
    attempts: AtomicU64,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self { state: Mutex::default(), attempts: AtomicU64::new(0) }
    }
}

#[derive(Debug)]
struct State<T> {
    value: Option<(Arc<T>, Timestamp)>,
    failure: Option<String>,
    /// By [`Asker`].
    forced_at: [Option<Timestamp>; 2],
}

impl<T> Default for State<T> {
    fn default() -> Self {
        Self { value: None, failure: None, forced_at: [None; 2] }
    }
}

impl<T> Cache<T> {
    /// The value, at most `lifetime` seconds old; older, up to a day, if it cannot be fetched.
    pub(crate) async fn value<F>(
        &self,
        now: Timestamp,
        lifetime: i64,
        fetch: F,
    ) -> Result<Arc<T>, BoxError>
    where
        F: Future<Output = Result<T, BoxError>>,
    {
        let seen = self.attempts.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if let Some((value, fetched_at)) = &state.value
            && now.as_second() - fetched_at.as_second() < lifetime
        {
            return Ok(Arc::clone(value));
        }
        if self.attempts.load(Ordering::Acquire) != seen {
            return outcome(&state, now);
        }
        self.attempt(&mut state, now, fetch).await
    }

    /// The value, fetched again because the one at hand did not do: at most once in a minute for
    /// each asker.
    pub(crate) async fn renewed<F>(
        &self,
        now: Timestamp,
        asker: Asker,
        fetch: F,
    ) -> Result<Arc<T>, BoxError>
    where
        F: Future<Output = Result<T, BoxError>>,
    {
        let seen = self.attempts.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        let [for_provider, for_stranger] = &mut state.forced_at;
        let forced_at = match asker {
            Asker::Provider => for_provider,
            Asker::Stranger => for_stranger,
        };
        let is_recent = forced_at.is_some_and(|forced| now.as_second() - forced.as_second() < 60);
        if is_recent || self.attempts.load(Ordering::Acquire) != seen {
            return outcome(&state, now);
        }
        *forced_at = Some(now);
        self.attempt(&mut state, now, fetch).await
    }

    async fn attempt<F>(
        &self,
        state: &mut State<T>,
        now: Timestamp,
        fetch: F,
    ) -> Result<Arc<T>, BoxError>
    where
        F: Future<Output = Result<T, BoxError>>,
    {
        let fetched = fetch.await;
        self.attempts.fetch_add(1, Ordering::AcqRel);
        match fetched {
            Ok(value) => {
                state.value = Some((Arc::new(value), now));
                state.failure = None;
            }
            Err(error) => state.failure = Some(chain(&*error)),
        }
        outcome(state, now)
    }
}

fn outcome<T>(state: &State<T>, now: Timestamp) -> Result<Arc<T>, BoxError> {
    match (&state.value, &state.failure) {
        (Some((value, fetched_at)), failure)
            if failure.is_none() || now.as_second() - fetched_at.as_second() < HARD_LIMIT =>
        {
            Ok(Arc::clone(value))
        }
        (_, Some(failure)) => Err(failure.clone().into()),
        (_, None) => Err("nothing was fetched".into()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[tokio::test]
    async fn r033_concurrent_callers_share_one_fetch_and_a_failure_keeps_the_last_good_copy() {
        let (cache, fetches) = (Cache::default(), AtomicUsize::new(0));
        let fetch = async || {
            fetches.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok::<_, BoxError>(7)
        };
        let (one, two, three) = tokio::join!(
            cache.value(at(0), 60, fetch()),
            cache.value(at(0), 60, fetch()),
            cache.value(at(59), 60, fetch()),
        );
        assert_eq!((*one.unwrap(), *two.unwrap(), *three.unwrap()), (7, 7, 7));
        assert_eq!(fetches.load(Ordering::Relaxed), 1);

        let fails = || async { Err::<i32, BoxError>("down".into()) };
        assert_eq!(*cache.value(at(61), 60, fails()).await.unwrap(), 7);
        assert!(cache.value(at(HARD_LIMIT), 60, fails()).await.is_err());
        assert_eq!(*cache.value(at(HARD_LIMIT), 60, fetch()).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn r034_a_forced_fetch_happens_once_a_minute() {
        let (cache, fetches) = (Cache::default(), AtomicUsize::new(0));
        let fetch = || async { Ok::<_, BoxError>(fetches.fetch_add(1, Ordering::Relaxed)) };
        assert_eq!(*cache.value(at(0), 3600, fetch()).await.unwrap(), 0);
        let renewed = |second, asker| cache.renewed(at(second), asker, fetch());
        assert_eq!(*renewed(1, Asker::Provider).await.unwrap(), 1);
        for second in 2..60 {
            assert_eq!(*renewed(second, Asker::Provider).await.unwrap(), 1);
        }
        assert_eq!(*renewed(61, Asker::Provider).await.unwrap(), 2);
        assert_eq!(*renewed(62, Asker::Stranger).await.unwrap(), 3);
        assert_eq!(*renewed(63, Asker::Stranger).await.unwrap(), 3);
        assert_eq!(*renewed(121, Asker::Provider).await.unwrap(), 4);
        assert_eq!(*renewed(122, Asker::Stranger).await.unwrap(), 5);
    }
}
