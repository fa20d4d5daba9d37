//! Cancellation: a browser that closes the connection drops the future that serves it, at whatever
//! `await` it stands. Work that must not be left half done is finished by a task of its own.

use std::future::{Future, pending};
use std::panic::resume_unwind;

use tokio::runtime::Handle;
use tracing::Instrument as _;

/// Awaits the work, which runs to completion even if the caller is dropped. Outside a tokio runtime
/// it is dropped with the caller.
pub(crate) async fn to_completion<F>(work: F) -> F::Output
where
    F: Future<Output: Send> + Send + 'static,
{
    let Ok(runtime) = Handle::try_current() else { return work.await };
    match runtime.spawn(work.in_current_span()).await {
        Ok(output) => output,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // Nobody aborts the task, so the runtime is shutting down, and the caller with it.
            Err(_) => pending().await,
        },
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn work_outlives_its_caller() {
        let (start, started) = oneshot::channel();
        let (finish, finished) = oneshot::channel();
        let (go_on, may_go_on) = oneshot::channel::<()>();
        let caller = tokio::spawn(to_completion(async move {
            start.send(()).unwrap();
            may_go_on.await.unwrap();
            finish.send(7).unwrap();
        }));
        started.await.unwrap();
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        go_on.send(()).unwrap();
        assert_eq!(finished.await, Ok(7));
        assert_eq!(to_completion(async { 8 }).await, 8);
    }

    #[tokio::test]
    #[should_panic(expected = "of the work")]
    async fn a_panic_reaches_the_caller() {
        to_completion(async { panic!("of the work") }).await;
    }

    #[test]
    fn without_a_runtime_the_caller_does_the_work() {
        let mut work = std::pin::pin!(to_completion(async { 7 }));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert_eq!(work.as_mut().poll(&mut context), std::task::Poll::Ready(7));
    }
}
