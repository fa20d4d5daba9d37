//! The cache of one value that a provider publishes: its metadata, or its JWK set.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::error::{BoxError, chain};
use crate::runtime::completion::to_completion;
use crate::web::outbound::{NoAnswer, is_without_answer};

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

/// Why a value was not fetched.
#[derive(Debug)]
pub(super) enum FetchError {
    /// The provider did not answer, or not with JSON: an outage, which the last good copy outlives.
    Outage(BoxError),
    /// It answered, and what it says is not taken. An older copy is no cure for that.
    Refused(BoxError),
}

/// A value, and how it was come by.
#[derive(Debug)]
pub(super) struct Cached<T> {
    pub(super) value: Arc<T>,
    pub(super) freshness: Freshness,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Freshness {
    /// Fetched for this caller, or for one at the same time.
    Fetched,
    /// Kept from before, and not fetched again.
    Kept,
    /// Kept from before, because it could not be fetched again, for this reason.
    Stale(String),
}

#[derive(Debug)]
struct State<T> {
    value: Option<(Arc<T>, Timestamp)>,
    failure: Option<Failure>,
    /// By [`Asker`].
    forced_at: [Option<Timestamp>; 2],
}

/// Why nothing was fetched, for everybody who waited for it.
#[derive(Debug)]
struct Failure {
    reason: String,
    is_outage: bool,
    was_answered: bool,
}

impl<T> Default for State<T> {
    fn default() -> Self {
        Self { value: None, failure: None, forced_at: [None; 2] }
    }
}

impl<T: Send + Sync + 'static> Cache<T> {
    /// The value, at most `lifetime` seconds old; older, up to a day, if it cannot be fetched. With
    /// a lifetime of 0 each caller fetches its own, and a failure is one (NextAuth v4 does).
    pub(super) async fn value<F>(
        &self,
        now: Timestamp,
        lifetime: i64,
        fetch: F,
    ) -> Result<Cached<T>, BoxError>
    where
        F: Future<Output = Result<T, FetchError>> + Send + 'static,
    {
        if lifetime <= 0 {
            let value = Arc::new(fetch.await.map_err(FetchError::into_inner)?);
            return Ok(Cached { value, freshness: Freshness::Fetched });
        }
        let seen = self.attempts.load(Ordering::Acquire);
        let state = Arc::clone(&self.state).lock_owned().await;
        if let Some((value, fetched_at)) = &state.value
            && is_within(lifetime, *fetched_at, now)
        {
            let waited = self.attempts.load(Ordering::Acquire) != seen;
            let freshness = if waited { Freshness::Fetched } else { Freshness::Kept };
            return Ok(Cached { value: Arc::clone(value), freshness });
        }
        if self.attempts.load(Ordering::Acquire) != seen {
            return outcome(&state, now, true);
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
    ) -> Result<Cached<T>, BoxError>
    where
        F: Future<Output = Result<T, FetchError>> + Send + 'static,
    {
        let seen = self.attempts.load(Ordering::Acquire);
        let mut state = Arc::clone(&self.state).lock_owned().await;
        let [for_provider, for_stranger] = &mut state.forced_at;
        let forced_at = match asker {
            Asker::Provider => for_provider,
            Asker::Stranger => for_stranger,
        };
        let is_recent = forced_at.is_some_and(|forced| is_within(60, forced, now));
        let waited = self.attempts.load(Ordering::Acquire) != seen;
        if is_recent || waited {
            return outcome(&state, now, waited);
        }
        *forced_at = Some(now);
        self.attempt(state, now, fetch).await
    }

    async fn attempt<F>(
        &self,
        mut state: OwnedMutexGuard<State<T>>,
        now: Timestamp,
        fetch: F,
    ) -> Result<Cached<T>, BoxError>
    where
        F: Future<Output = Result<T, FetchError>> + Send + 'static,
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
                Err(error) => {
                    let is_outage = matches!(error, FetchError::Outage(_));
                    let error = error.into_inner();
                    let was_answered = !is_without_answer(&*error);
                    state.failure =
                        Some(Failure { reason: chain(&*error), is_outage, was_answered });
                }
            }
            outcome(&state, now, true)
        })
        .await
    }
}

impl Failure {
    fn to_error(&self) -> BoxError {
        let reason = self.reason.clone().into();
        if self.was_answered { reason } else { NoAnswer(reason).into() }
    }
}

impl FetchError {
    fn into_inner(self) -> BoxError {
        match self {
            Self::Outage(error) | Self::Refused(error) => error,
        }
    }
}

/// Whether it is less than so many seconds since an instant. One that is yet to come was told by a
/// clock that was ahead, and nobody knows how long ago that was.
fn is_within(seconds: i64, since: Timestamp, now: Timestamp) -> bool {
    (0..seconds).contains(&(now.as_second() - since.as_second()))
}

/// What the last attempt left behind; `was_attempted` if that was for this caller.
fn outcome<T>(
    state: &State<T>,
    now: Timestamp,
    was_attempted: bool,
) -> Result<Cached<T>, BoxError> {
    let Some((value, fetched_at)) = &state.value else {
        let failure = state.failure.as_ref();
        return Err(failure.map_or_else(|| "nothing was fetched".into(), Failure::to_error));
    };
    let freshness = match &state.failure {
        None if was_attempted => Freshness::Fetched,
        None => Freshness::Kept,
        Some(Failure { reason, is_outage: true, .. })
            if is_within(HARD_LIMIT, *fetched_at, now) =>
        {
            Freshness::Stale(reason.clone())
        }
        Some(failure) => return Err(failure.to_error()),
    };
    Ok(Cached { value: Arc::clone(value), freshness })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    const NOW: i64 = 1_700_000_000;

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
                Ok::<_, FetchError>(7)
            }
        };
        let (one, two, three) = tokio::join!(
            cache.value(at(0), 60, fetch()),
            cache.value(at(0), 60, fetch()),
            cache.value(at(59), 60, fetch()),
        );
        for cached in [one, two, three] {
            let cached = cached.unwrap();
            assert_eq!((*cached.value, cached.freshness), (7, Freshness::Fetched));
        }
        assert_eq!(fetches.load(Ordering::Relaxed), 1);

        let fails = || async { Err::<i32, _>(FetchError::Outage("down".into())) };
        let cached = cache.value(at(61), 60, fails()).await.unwrap();
        assert_eq!((*cached.value, cached.freshness), (7, Freshness::Stale("down".into())));
        assert!(cache.value(at(HARD_LIMIT), 60, fails()).await.is_err());
        let cached = cache.value(at(HARD_LIMIT), 60, fetch()).await.unwrap();
        assert_eq!((*cached.value, cached.freshness), (7, Freshness::Fetched));
        let cached = cache.value(at(HARD_LIMIT + 1), 60, fetch()).await.unwrap();
        assert_eq!(cached.freshness, Freshness::Kept);
    }

    /// What a provider answers and should not have is never hidden by an older copy that is due.
    #[tokio::test]
    async fn a_refused_answer_is_no_outage() {
        let cache = Cache::default();
        let refused = || async { Err::<i32, _>(FetchError::Refused("of another".into())) };
        cache.value(at(0), 60, async { Ok(7) }).await.unwrap();
        // Nobody asks for a copy that is not due.
        assert_eq!(*cache.value(at(59), 60, refused()).await.unwrap().value, 7);
        let error = cache.value(at(61), 60, refused()).await.unwrap_err();
        assert_eq!(error.to_string(), "of another");
        // It is asked again at once.
        assert_eq!(*cache.value(at(62), 60, async { Ok(8) }).await.unwrap().value, 8);
    }

    #[tokio::test]
    async fn with_a_lifetime_of_0_nothing_is_kept() {
        let cache = Cache::default();
        let value = |number| cache.value(at(0), 0, async move { Ok(number) });
        let (one, two) = tokio::join!(value(1), value(2));
        assert_eq!((*one.unwrap().value, *two.unwrap().value), (1, 2));
        let down = cache.value(at(0), 0, async { Err(FetchError::Outage("down".into())) });
        assert_eq!(down.await.unwrap_err().to_string(), "down");
    }

    #[tokio::test]
    async fn r034_a_forced_fetch_happens_once_a_minute() {
        let (cache, fetches) = (Cache::default(), Arc::new(AtomicUsize::new(0)));
        let fetch = || {
            let fetches = Arc::clone(&fetches);
            async move { Ok::<_, FetchError>(fetches.fetch_add(1, Ordering::Relaxed)) }
        };
        assert_eq!(*cache.value(at(0), 3600, fetch()).await.unwrap().value, 0);
        let renewed = |second, asker| cache.renewed(at(second), asker, fetch());
        assert_eq!(*renewed(1, Asker::Provider).await.unwrap().value, 1);
        for second in 2..60 {
            assert_eq!(*renewed(second, Asker::Provider).await.unwrap().value, 1);
        }
        assert_eq!(*renewed(61, Asker::Provider).await.unwrap().value, 2);
        assert_eq!(*renewed(62, Asker::Stranger).await.unwrap().value, 3);
        assert_eq!(*renewed(63, Asker::Stranger).await.unwrap().value, 3);
        assert_eq!(*renewed(121, Asker::Provider).await.unwrap().value, 4);
        assert_eq!(*renewed(122, Asker::Stranger).await.unwrap().value, 5);
    }

    /// A clock that was ahead would else keep revoked keys for as long as it was.
    #[tokio::test]
    async fn what_was_fetched_in_the_future_is_fetched_again() {
        let ahead = NOW + 400 * 24 * 60 * 60;
        let down = || async { Err::<i32, _>(FetchError::Outage("down".into())) };
        let cache = Cache::default();
        cache.value(at(ahead), 3600, async { Ok(1) }).await.unwrap();
        // Nobody knows how old it is, so it outlives no outage.
        assert!(cache.value(at(NOW), 3600, down()).await.is_err());
        let cached = cache.value(at(NOW), 3600, async { Ok(2) }).await.unwrap();
        assert_eq!((*cached.value, cached.freshness), (2, Freshness::Fetched));
        let cached = cache.value(at(NOW + 1), 3600, async { Ok(3) }).await.unwrap();
        assert_eq!((*cached.value, cached.freshness), (2, Freshness::Kept));
    }

    #[tokio::test]
    async fn a_budget_that_was_spent_in_the_future_is_there_again() {
        let ahead = NOW + 400 * 24 * 60 * 60;
        for asker in [Asker::Provider, Asker::Stranger] {
            let cache = Cache::default();
            cache.renewed(at(ahead), asker, async { Ok(1) }).await.unwrap();
            let renewed =
                |second, number| cache.renewed(at(second), asker, async move { Ok(number) });
            assert_eq!(*renewed(NOW, 2).await.unwrap().value, 2);
            assert_eq!(*renewed(NOW + 1, 3).await.unwrap().value, 2, "once in a minute again");
        }
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
                Ok(finished.await.unwrap_or_default())
            };
            tokio::spawn(async move { cache.renewed(at(1), Asker::Stranger, fetch).await })
        };
        started.await.unwrap();
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        // Gone already if the fetch is.
        let _ = finish.send(2);
        let again = cache.renewed(at(2), Asker::Stranger, async { Ok(3) }).await;
        assert_eq!(*again.unwrap().value, 2);
    }
}
