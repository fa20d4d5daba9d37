//! Single flight: work that must happen once, however many callers want its outcome at the same
//! time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tokio::sync::OnceCell;

use crate::error::BoxError;
use crate::runtime::completion::to_completion;

/// How long an outcome is still handed out, in seconds: somebody who read the old value just
/// before it was replaced comes this late at the latest.
const KEPT: i64 = 60;

/// Outcomes by the key of what they were made from. A failure is handed to those who waited for
/// it and is then forgotten. The work goes on when those who wanted it went away: whoever comes
/// next must not do it a second time.
#[derive(Debug)]
pub(super) struct SingleFlight<T>(Arc<Flights<T>>);

type Flights<T> = Mutex<HashMap<String, Flight<T>>>;

type Outcome<T> = Result<T, Arc<dyn std::error::Error + Send + Sync>>;

#[derive(Debug)]
struct Flight<T> {
    outcome: Arc<OnceCell<Outcome<T>>>,
    started_at: i64,
}

impl<T> Flight<T> {
    /// Somebody is at work, however long it takes, or the outcome is young, also by a clock that
    /// was set back a little.
    fn is_kept(&self, now: i64) -> bool {
        Arc::strong_count(&self.outcome) > 1 || (now - self.started_at).abs() < KEPT
    }
}

impl<T> Default for SingleFlight<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone + Send + Sync + 'static> SingleFlight<T> {
    /// Does the work, or waits for whoever is doing it under the same key.
    pub(super) async fn run<F>(&self, key: String, now: Timestamp, work: F) -> Result<T, BoxError>
    where
        F: Future<Output = Result<T, BoxError>> + Send + 'static,
    {
        let now = now.as_second();
        let cell = {
            let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            flights.retain(|_, flight| flight.is_kept(now));
            let flight = flights
                .entry(key.clone())
                .or_insert_with(|| Flight { outcome: Arc::default(), started_at: now });
            Arc::clone(&flight.outcome)
        };
        let flights = Arc::clone(&self.0);
        let outcome = to_completion(async move {
            let outcome =
                cell.get_or_init(|| async { work.await.map_err(Arc::from) }).await.clone();
            if outcome.is_err() {
                let mut flights = flights.lock().unwrap_or_else(PoisonError::into_inner);
                if flights.get(&key).is_some_and(|flight| Arc::ptr_eq(&flight.outcome, &cell)) {
                    flights.remove(&key);
                }
            }
            outcome
        });
        outcome.await.map_err(BoxError::from)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn callers_share_an_outcome_and_a_failure_is_not_kept() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let (flights, count) = (SingleFlight::default(), Arc::new(AtomicUsize::new(0)));
        let work = |result: Result<i32, &'static str>| {
            let count = Arc::clone(&count);
            async move {
                count.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                result.map_err(BoxError::from)
            }
        };
        let run = |second, key: &str, result| flights.run(key.into(), at(second), work(result));
        let failed = tokio::join!(run(0, "a", Err("down")), run(0, "a", Ok(1)));
        assert!(failed.0.is_err() && failed.1.is_err());
        let (one, two) = tokio::join!(run(0, "a", Ok(1)), run(0, "a", Ok(2)));
        assert_eq!((one.unwrap(), two.unwrap()), (1, 1));
        assert_eq!(run(59, "a", Ok(3)).await.unwrap(), 1);
        assert_eq!(run(59, "b", Ok(4)).await.unwrap(), 4);
        assert_eq!(run(60, "a", Ok(5)).await.unwrap(), 5);
        assert_eq!(count.load(Ordering::Relaxed), 4);
    }

    #[tokio::test]
    async fn no_clock_makes_the_work_happen_twice() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let flights = Arc::new(SingleFlight::default());
        let (finish, finished) = tokio::sync::oneshot::channel();
        let first = {
            let flights = Arc::clone(&flights);
            let work = async { Ok(finished.await?) };
            tokio::spawn(async move { flights.run("a".into(), at(100), work).await })
        };
        while flights.0.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        let again = async || flights.run("a".into(), at(161), async { Ok(2) }).await.unwrap();
        // It takes longer than an outcome is kept.
        let (second, ()) = tokio::join!(again(), async { finish.send(1).unwrap() });
        assert_eq!((first.await.unwrap().unwrap(), second), (1, 1));
        // The clock is set back a little.
        let later = flights.run("a".into(), at(99), async { Ok(3) }).await;
        assert_eq!(later.unwrap(), 1);
        let much_later = flights.run("a".into(), at(40), async { Ok(4) }).await;
        assert_eq!(much_later.unwrap(), 4);
    }
}
