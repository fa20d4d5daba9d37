//! Containment of the application's own code: the one place where its functions are called and
//! awaited, in case they panic or never answer.
//!
//! A panic ends the call and not the request; silence ends at [`DEADLINE`]. Both become errors,
//! which the flows treat like any other failure of the application. A program built with `panic =
//! "abort"` ends at a panic all the same.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

/// How long a function of the application may take. One with a shorter deadline keeps it itself;
/// one that needs longer does its work elsewhere.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// How a call ended without an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Escape {
    #[error("it panicked")]
    Panicked,
    #[error("it did not answer within 30 s")]
    TooSlow,
}

/// A contained function of the application, as the engine keeps it.
pub(crate) type Contained<A, T, E> =
    Arc<dyn Fn(A) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send>> + Send + Sync>;

/// Contains a function; `error` turns an escape into the caller's error.
pub(crate) fn contained<A, T, E, R>(
    function: impl Fn(A) -> R + Send + Sync + 'static,
    error: fn(Escape) -> E,
) -> Contained<A, T, E>
where
    A: Send + 'static,
    T: Send + 'static,
    E: Send + 'static,
    R: Future<Output = Result<T, E>> + Send + 'static,
{
    let function = Arc::new(function);
    Arc::new(move |argument| {
        let function = Arc::clone(&function);
        Box::pin(async move {
            answer(move || function(argument)).await.unwrap_or_else(|escape| Err(error(escape)))
        })
    })
}

/// Calls a function and awaits its future, within the deadline.
async fn answer<F: Future>(start: impl FnOnce() -> F) -> Result<F::Output, Escape> {
    let future = pin!(call(start)?);
    let mut future = pin!(unwound(future));
    // Most are ready at once, and only the others pay for a timer.
    let first = poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
    match first {
        Poll::Ready(answer) => answer,
        Poll::Pending => {
            tokio::time::timeout(DEADLINE, future).await.unwrap_or(Err(Escape::TooSlow))
        }
    }
}

/// A function that answers at once.
pub(crate) fn call<T>(function: impl FnOnce() -> T) -> Result<T, Escape> {
    // What it was working on is dropped with it, so nobody sees it half done.
    catch_unwind(AssertUnwindSafe(function)).map_err(|_| Escape::Panicked)
}

/// Awaits a future that may panic. It stays where the caller has it: given away, it would have a
/// place in this future a second time.
pub(crate) async fn unwound<F: Future>(mut future: Pin<&mut F>) -> Result<F::Output, Escape> {
    poll_fn(|context: &mut Context<'_>| match call(|| future.as_mut().poll(context)) {
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Ok(Poll::Pending) => Poll::Pending,
        // It is never polled again.
        Err(escape) => Poll::Ready(Err(escape)),
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn r164_panics_and_silence_are_answers() {
        assert_eq!(answer(|| async { 7 }).await, Ok(7));
        assert_eq!(answer(|| async { tokio::task::yield_now().await }).await, Ok(()));
        assert_eq!(answer(std::future::pending::<()>).await, Err(Escape::TooSlow));
        let panics_at_once = || -> std::future::Ready<()> { panic!("for the test") };
        assert_eq!(answer(panics_at_once).await, Err(Escape::Panicked));
        let panics_later = || async {
            tokio::task::yield_now().await;
            panic!("for the test")
        };
        assert_eq!(answer::<_>(panics_later).await, Err::<(), _>(Escape::Panicked));
    }
}
