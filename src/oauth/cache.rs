//! The cache of one value that a provider publishes: its metadata, or its JWK set.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::error::{BoxError, chain};
use crate::runtime::completion::to_completion;

/// How long a value is still used when it cannot be fetched again, in seconds.
const HARD_LIMIT: i64 = 24 * 60 * 60;

/// On whose behalf a value is fetched again before its time. Each has a budget, so that strangers
/// do not use up that of people who sign in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asker {
    /// The provider's own answer to a sign-in or a refresh.
    Provider,
    /// A request that anybody may send.
    Stranger,
}

/// Callers at the same time wait for one fetch and share its outcome, good or bad. It goes on when
/// they went away: a budget that was spent has bought something.
#[derive(Debug)]
pub(super) struct Cache<T> {
    state: Arc<Mutex<State<T>>>,
    attempts: Arc<AtomicU64>,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self { state: Arc::default(), attempts: Arc::default() }
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

impl<T: Send + Sync + 'static> Cache<T> {
    /// The value, at most `lifetime` seconds old; older, up to a day, if it cannot be fetched.
    pub(super) async fn value<F>(
        &self,
        now: Timestamp,
        lifetime: i64,
        fetch: F,
    ) -> Result<Arc<T>, BoxError>
    where
        F: Future<Output = Result<T, BoxError>> + Send + 'static,
    {
        let seen = self.attempts.load(Ordering::Acquire);
        let state = Arc::clone(&self.state).lock_owned().await;
        if let Some((value, fetched_at)) = &state.value
            && now.as_second() - fetched_at.as_second() < lifetime
        {
            return Ok(Arc::clone(value));
        }
        if self.attempts.load(Ordering::Acquire) != seen {
            return outcome(&state, now);
        }
        self.attempt(state, now, fetch).await
    }

    /// The value, fetched again because the one at hand did not do: at most once in a minute for
    /// each asker.
    pub(super) async fn renewed<F>(
        &self,
        now: Timestamp,
        asker: Asker,
        fetch: F,
    ) -> Result<Arc<T>, BoxError>
    where
        F: Future<Output = Result<T, BoxError>> + Send + 'static,
    {
        let seen = self.attempts.load(Ordering::Acquire);
        let mut state = Arc::clone(&self.state).lock_owned().await;
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
        self.attempt(state, now, fetch).await
    }

    async fn attempt<F>(
        &self,
        mut state: OwnedMutexGuard<State<T>>,
        now: Timestamp,
        fetch: F,
    ) -> Result<Arc<T>, BoxError>
    where
        F: Future<Output = Result<T, BoxError>> + Send + 'static,
    {
        let attempts = Arc::clone(&self.attempts);
        to_completion(async move {
            let fetched = fetch.await;
            attempts.fetch_add(1, Ordering::AcqRel);
            match fetched {
                Ok(value) => {
                    state.value = Some((Arc::new(value), now));
                    state.failure = None;
                }
                Err(error) => state.failure = Some(chain(&*error)),
            }
            outcome(&state, now)
        })
        .await
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
        let (cache, fetches) = (Cache::default(), Arc::new(AtomicUsize::new(0)));
        let fetch = || {
            let fetches = Arc::clone(&fetches);
            async move {
                fetches.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                Ok::<_, BoxError>(7)
            }
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
        let (cache, fetches) = (Cache::default(), Arc::new(AtomicUsize::new(0)));
        let fetch = || {
            let fetches = Arc::clone(&fetches);
            async move { Ok::<_, BoxError>(fetches.fetch_add(1, Ordering::Relaxed)) }
        };
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

    /// Or a stranger who closes the connection at once leaves nothing for the provider's own
    /// request.
    #[tokio::test]
    async fn r034_a_fetch_goes_on_when_nobody_waits_for_it() {
        let cache = Arc::new(Cache::default());
        cache.value(at(0), 3600, async { Ok(1) }).await.unwrap();
        let (finish, finished) = tokio::sync::oneshot::channel::<i32>();
        let (start, started) = tokio::sync::oneshot::channel();
        let caller = {
            let cache = Arc::clone(&cache);
            let fetch = async {
                start.send(()).unwrap();
                Ok(finished.await?)
            };
            tokio::spawn(async move { cache.renewed(at(1), Asker::Stranger, fetch).await })
        };
        started.await.unwrap();
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        // Gone already if the fetch is.
        let _ = finish.send(2);
        let again = cache.renewed(at(2), Asker::Stranger, async { Ok(3) }).await;
        assert_eq!(*again.unwrap(), 2);
    }
}
