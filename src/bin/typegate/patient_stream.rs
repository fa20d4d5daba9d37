//! A stream with a deadline for writing: the peer has to take what is sent to it.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// A peer that takes less within the deadline is gone, or wants the connection and not the answer.
const LEAST: usize = 1024;

/// Fails if a write has to wait and the peer does not take [`LEAST`] bytes within the deadline. A
/// peer that asks and never reads would stay for ever.
pub(crate) struct PatientStream<S> {
    stream: S,
    deadline: Duration,
    wait: Option<Wait>,
}

/// Since when there was no room for all that is to be written.
struct Wait {
    timer: Pin<Box<Sleep>>,
    taken: usize,
}

impl<S> PatientStream<S> {
    pub(crate) fn new(stream: S, deadline: Duration) -> Self {
        Self { stream, deadline, wait: None }
    }

    /// After a write of `whole` bytes that the stream took some of, or none.
    fn judge(
        &mut self,
        context: &mut Context<'_>,
        outcome: Poll<io::Result<usize>>,
        whole: usize,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(taken)) = outcome {
            match &mut self.wait {
                _ if taken >= whole => self.wait = None,
                Some(wait) => wait.taken = wait.taken.saturating_add(taken),
                None => {}
            }
            return outcome;
        }
        if outcome.is_pending() {
            let deadline = self.deadline;
            let wait = self
                .wait
                .get_or_insert_with(|| Wait { timer: Box::pin(sleep(deadline)), taken: 0 });
            while wait.timer.as_mut().poll(context).is_ready() {
                if std::mem::take(&mut wait.taken) < LEAST {
                    let reason = "the client does not take its answers";
                    return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, reason)));
                }
                wait.timer.as_mut().reset(Instant::now() + deadline);
            }
        }
        outcome
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for PatientStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for PatientStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(context, outcome, bytes.len())
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let whole = slices.iter().map(|slice| slice.len()).sum();
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.judge(context, outcome, whole)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(context).map_ok(|()| 0);
        ready!(self.judge(context, outcome, 0))?;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(context).map_ok(|()| 0);
        ready!(self.judge(context, outcome, 0))?;
        Poll::Ready(Ok(()))
    }
}
