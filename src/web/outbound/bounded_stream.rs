//! A connection to a peer that may be hostile: nobody can read from it without pausing, nor without
//! end.
//!
//! The reader may be a parser that goes on for as long as there are bytes: `hyper` skips
//! informational responses in a loop, `lettre` reads a line until it ends. The runtime counts reads
//! and not bytes, so meanwhile neither a deadline nor any other task would get its turn. Here every
//! reader has to stop after a number of bytes, whatever it makes of them.

use std::future::Future as _;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The bounds on reading: at once, and from one connection altogether.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Bytes after which other tasks get their turn; a reader gets no more at once.
    pub(crate) turn: usize,
    /// Bytes of a connection, TLS included, after which it fails.
    pub(crate) connection: usize,
}

/// How much a connection has received.
#[derive(Clone, Debug)]
pub(crate) struct Intake {
    received: Arc<AtomicUsize>,
    maximum: usize,
}

impl Intake {
    fn add(&self, bytes: usize) {
        self.received.fetch_add(bytes, Ordering::Relaxed);
    }

    fn is_used_up(&self) -> bool {
        self.received.load(Ordering::Relaxed) >= self.maximum
    }

    /// Whether an honest answer might not find room any more: time for another connection.
    pub(crate) fn is_scarce(&self) -> bool {
        self.received.load(Ordering::Relaxed) >= self.maximum / 2
    }
}

/// A stream that is read within [`Bounds`], and its peer.
#[derive(Debug)]
pub(crate) struct BoundedStream<S, P = ()> {
    stream: S,
    peer: P,
    turn: usize,
    left_of_turn: usize,
    intake: Intake,
}

/// Bytes of one read.
const PIECE: usize = 4096;

impl<S, P> BoundedStream<S, P> {
    pub(crate) fn new(stream: S, peer: P, bounds: Bounds) -> Self {
        let intake = Intake { received: Arc::default(), maximum: bounds.connection };
        Self { stream, peer, turn: bounds.turn, left_of_turn: bounds.turn, intake }
    }

    pub(crate) fn peer(&self) -> &P {
        &self.peer
    }

    pub(crate) fn intake(&self) -> Intake {
        self.intake.clone()
    }

    pub(crate) fn get_ref(&self) -> &S {
        &self.stream
    }
}

impl<S: AsyncRead + Unpin, P: Unpin> AsyncRead for BoundedStream<S, P> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.intake.is_used_up() {
            let reason = format!("the peer sent more than {} bytes", this.intake.maximum);
            return Poll::Ready(Err(io::Error::other(reason)));
        }
        if this.left_of_turn == 0 {
            this.left_of_turn = this.turn;
            // Not a mere wake-up: the runtime looks at timers and sockets before it goes on here.
            return pin!(tokio::task::yield_now()).poll(context).map(Ok);
        }
        // A turn is no longer than it should be, however large the reader's own buffer is.
        let mut piece = [0; PIECE];
        let length = PIECE.min(this.left_of_turn).min(buffer.remaining());
        let mut piece = ReadBuf::new(piece.get_mut(..length).unwrap_or_default());
        let outcome = Pin::new(&mut this.stream).poll_read(context, &mut piece);
        if outcome.is_pending() {
            this.left_of_turn = this.turn;
        }
        ready!(outcome)?;
        let read = piece.filled().len();
        buffer.put_slice(piece.filled());
        this.left_of_turn -= read;
        this.intake.add(read);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin, P: Unpin> AsyncWrite for BoundedStream<S, P> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    /// Has always more to say.
    struct Endless;

    impl AsyncRead for Endless {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            buffer.put_slice(&vec![b'x'; buffer.remaining()]);
            Poll::Ready(Ok(()))
        }
    }

    /// Bytes until the reader has to wait, or what it is told instead.
    fn turn(stream: &mut BoundedStream<Endless>, buffer: usize) -> io::Result<usize> {
        let mut context = Context::from_waker(Waker::noop());
        let mut bytes = vec![0; buffer];
        let mut read = 0;
        loop {
            let mut buffer = ReadBuf::new(&mut bytes);
            match Pin::new(&mut *stream).poll_read(&mut context, &mut buffer) {
                Poll::Pending => return Ok(read),
                Poll::Ready(outcome) => outcome?,
            }
            read += buffer.filled().len();
        }
    }

    #[test]
    fn r197_a_reader_has_to_stop_after_its_turn_whatever_its_buffer() {
        for buffer in [1, 7, 4096, 1 << 20] {
            let bounds = Bounds { turn: 10_000, connection: 100_000 };
            let mut stream = BoundedStream::new(Endless, (), bounds);
            for number in 1..10 {
                assert_eq!(turn(&mut stream, buffer).unwrap(), 10_000);
                assert_eq!(stream.intake().is_scarce(), number >= 5);
            }
            let error = turn(&mut stream, buffer).unwrap_err();
            assert_eq!(error.to_string(), "the peer sent more than 100000 bytes");
        }
    }
}
