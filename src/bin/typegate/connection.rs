//! A connection, with its deadlines: how long a client may be idle, take to send a request, and
//! take to receive the answer.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};

use super::patient_stream::PatientStream;
use super::serve::plain;

/// Longest head of a request, in bytes.
const MAXIMUM_HEAD: usize = 64 * 1024;

/// What a client is given time for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadlines {
    /// To send the head of a request; waiting for a next one is part of it.
    pub(crate) head: Duration,
    /// To send a body and be answered.
    pub(crate) request: Duration,
    /// To take some of an answer.
    pub(crate) write: Duration,
}

/// Serves the requests of one connection, one after the other.
pub(crate) fn connection<S, F, A>(
    stream: S,
    deadlines: Deadlines,
    answer: F,
) -> http1::Connection<TokioIo<PatientStream<S>>, Answers<F>>
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Fn(Request<Incoming>) -> A,
    A: Future<Output = Response<Full<Bytes>>> + Send + 'static,
{
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(deadlines.head)
        .max_buf_size(MAXIMUM_HEAD)
        .serve_connection(
            TokioIo::new(PatientStream::new(stream, deadlines.write)),
            Answers { answer, deadline: deadlines.request },
        )
}

/// A function that answers, within a deadline.
pub(crate) struct Answers<F> {
    answer: F,
    deadline: Duration,
}

impl<F, A> Service<Request<Incoming>> for Answers<F>
where
    F: Fn(Request<Incoming>) -> A,
    A: Future<Output = Response<Full<Bytes>>> + Send + 'static,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let answered = tokio::time::timeout(self.deadline, (self.answer)(request));
        Box::pin(async move {
            let late = |_| plain(StatusCode::REQUEST_TIMEOUT, "Request Timeout");
            Ok(answered.await.unwrap_or_else(late))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use http_body_util::BodyExt as _;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
    use tokio::task::JoinHandle;
    use tokio::time::{Instant, sleep, timeout};

    use super::*;

    const DEADLINES: Deadlines = Deadlines {
        head: Duration::from_secs(30),
        request: Duration::from_secs(20),
        write: Duration::from_secs(10),
    };

    struct Client {
        stream: DuplexStream,
        served: Arc<AtomicUsize>,
        connection: JoinHandle<hyper::Result<()>>,
    }

    /// A client of a server that reads the body and answers with 10,000 bytes.
    fn client() -> Client {
        let (stream, server) = tokio::io::duplex(4096);
        let served = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&served);
        let connection = connection(server, DEADLINES, move |request| {
            let counter = Arc::clone(&counter);
            async move {
                let whole = request.into_body().collect().await;
                counter.fetch_add(usize::from(whole.is_ok()), Ordering::SeqCst);
                Response::new(Full::from(vec![b'x'; 10_000]))
            }
        });
        Client { stream, served, connection: tokio::spawn(connection) }
    }

    const REQUEST: &[u8] = b"GET /api/auth/session HTTP/1.1\r\nhost: a\r\n\r\n";

    impl Client {
        /// Whether the server lets go of the connection, and after how many seconds.
        async fn over_after(self) -> Option<u64> {
            let start = Instant::now();
            let ended = timeout(Duration::from_secs(3600), self.connection).await;
            ended.ok().map(|_| start.elapsed().as_secs())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn r199_who_asks_and_never_reads_is_let_go() {
        for requests in [1, 2, 80] {
            let mut client = client();
            let many = REQUEST.repeat(requests);
            let _ = timeout(Duration::from_secs(1), client.stream.write_all(&many)).await;
            let after = client.over_after().await;
            assert!(after.is_some_and(|after| after <= 10), "{requests}: {after:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn r199_who_reads_a_byte_now_and_then_is_let_go() {
        let Client { mut stream, connection, .. } = client();
        stream.write_all(&REQUEST.repeat(80)).await.unwrap();
        let reader = tokio::spawn(async move {
            while stream.read(&mut [0; 1]).await.is_ok_and(|read| read > 0) {
                sleep(Duration::from_secs(5)).await;
            }
        });
        assert!(timeout(Duration::from_secs(60), connection).await.is_ok());
        reader.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn r199_who_reads_slowly_but_reads_gets_all() {
        let Client { mut stream, served, connection } = client();
        stream.write_all(&REQUEST.repeat(3)).await.unwrap();
        let mut whole = 0;
        let mut buffer = [0; 2048];
        while whole < 30_000 {
            let read = stream.read(&mut buffer).await.unwrap();
            assert!(read > 0, "cut off after {whole} bytes");
            whole += read;
            sleep(Duration::from_secs(8)).await;
        }
        assert_eq!(served.load(Ordering::SeqCst), 3);
        assert!(!connection.is_finished() || connection.await.unwrap().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn r199_who_sends_slowly_or_nothing_is_let_go() {
        let head = b"POST /api/auth/signout HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n";
        for (whole, seconds) in [
            // Nothing, half a head, a head without its body, a body that drips.
            (&b""[..], 30),
            (b"GET / HTTP/1.1\r\nhost: a\r\n", 30),
            (head, 20),
        ] {
            let mut client = client();
            client.stream.write_all(whole).await.unwrap();
            let mut answer = Vec::new();
            let start = Instant::now();
            let ended = timeout(Duration::from_secs(3600), client.stream.read_to_end(&mut answer));
            assert!(ended.await.is_ok(), "{} is kept", String::from_utf8_lossy(whole));
            assert!(start.elapsed().as_secs() <= seconds + 1);
            assert_eq!(client.served.load(Ordering::SeqCst), 0);
        }
        for drip in [&b"GET / HTTP/1.1\r\n"[..], head] {
            let Client { mut stream, connection, .. } = client();
            stream.write_all(drip).await.unwrap();
            let dripping = tokio::spawn(async move {
                while stream.write_all(b"a").await.is_ok() {
                    sleep(Duration::from_secs(1)).await;
                }
            });
            assert!(timeout(Duration::from_secs(60), connection).await.is_ok());
            dripping.abort();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn r199_who_closes_its_half_is_let_go() {
        let mut client = client();
        client.stream.write_all(&REQUEST.repeat(2)).await.unwrap();
        client.stream.shutdown().await.unwrap();
        assert!(client.over_after().await.is_some_and(|after| after <= 10));
    }

    #[tokio::test(start_paused = true)]
    async fn r199_a_head_has_a_length() {
        let mut client = client();
        let head = [b"GET / HTTP/1.1\r\nx: ".to_vec(), vec![b'x'; 1 << 20]].concat();
        let _ = timeout(Duration::from_secs(1), client.stream.write_all(&head)).await;
        assert_eq!(client.over_after().await, Some(0));
    }
}
