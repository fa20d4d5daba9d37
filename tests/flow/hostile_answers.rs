//! Hostile answers: a provider cannot keep others from being served.
//!
//! A server on loopback, in threads of its own, answers the token request with bytes without end.
//! Meanwhile somebody reads a session again and again. No clock is asked: what counts is how much
//! the provider could send for each read that was answered.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use bytes::Bytes;
use http::{Request, Response};
use typegate::testing::FakeHttpClient;
use typegate::{BoxError, DefaultHttpClient, HttpClient};

use super::support::{World, client_of, credentials, error};

/// What an answer is made of: its beginning, and what follows it again and again.
#[derive(Clone, Debug)]
struct Shape {
    name: String,
    head: Vec<u8>,
    endless: Vec<u8>,
    /// Bytes of one write.
    piece: usize,
}

impl Shape {
    fn new(name: &str, head: &str, endless: &str) -> Self {
        Self { name: name.into(), head: head.into(), endless: endless.into(), piece: 64 * 1024 }
    }
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

fn shapes() -> Vec<Shape> {
    let many = "x".repeat(60_000);
    vec![
        Shape::new("informational", "", "HTTP/1.1 100 Continue\r\n\r\n"),
        Shape::new("shortest informational", "", "HTTP/1.1 100\r\n\r\n"),
        Shape::new(
            "informational with headers",
            "",
            "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\nx-a: b\r\n\r\n",
        ),
        Shape::new("empty lines", "", "\r\n"),
        Shape::new("header lines", "HTTP/1.1 200 OK\r\n", "a: b\r\n"),
        Shape::new("a header line", "HTTP/1.1 200 OK\r\na: ", "b"),
        Shape::new("a status line", "HTTP/1.1 200 ", "O"),
        Shape::new("one-byte chunks", CHUNKED, "1\r\n{\r\n"),
        Shape::new("chunk extensions", CHUNKED, "1;a=b\r\n{\r\n"),
        Shape::new("a chunk extension", &format!("{CHUNKED}1;a="), "b"),
        Shape::new("a chunk size", CHUNKED, "0"),
        Shape::new("large chunks", CHUNKED, &format!("ea60\r\n{many}\r\n")),
        Shape::new(
            "a body with a length",
            "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n",
            "{",
        ),
        Shape::new("a body without a length", "HTTP/1.1 200 OK\r\n\r\n", "{"),
        Shape::new("trailers", &format!("{CHUNKED}0\r\n"), "a: b\r\n"),
        Shape::new(
            "after the end",
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\n\r\n",
        ),
    ]
}

/// Combinations of those, in pieces of any size.
fn generated(count: usize) -> Vec<Shape> {
    let shapes = shapes();
    // A fixed sequence (xorshift), so that a failure can be repeated.
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 24) as usize % below
    };
    let mut shape = || {
        let [first, second] = [&shapes[next(shapes.len())], &shapes[next(shapes.len())]];
        let before = first.endless.repeat(next(4_000) / first.endless.len());
        let piece = [1 + next(200), 1_000 + next(60_000)][next(2)];
        Shape {
            name: format!("{} after {} of {}, in {piece}", second.name, before.len(), first.name),
            head: [&*first.head, &*before, &*second.head].concat(),
            endless: second.endless.clone(),
            piece,
        }
    };
    (0..count).map(|_| shape()).collect()
}

/// A server that answers in that shape to whoever sends something, and what it got rid of.
struct Hostile {
    address: SocketAddr,
    sent: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
}

impl Hostile {
    fn start(shape: Shape) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sent, is_over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (counter, end) = (Arc::clone(&sent), Arc::clone(&is_over));
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                let (shape, counter) = (shape.clone(), Arc::clone(&counter));
                thread::spawn(move || flood(stream, &shape, &counter));
            }
        });
        Self { address, sent, is_over }
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
    }
}

/// Writes until the client has had enough.
fn flood(mut stream: TcpStream, shape: &Shape, sent: &AtomicUsize) {
    if stream.read(&mut [0; 4096]).is_err() || stream.write_all(&shape.head).is_err() {
        return;
    }
    let times = shape.piece.div_ceil(shape.endless.len()) + 1;
    let endless = shape.endless.repeat(times);
    let mut at = 0;
    while let Ok(written) = stream.write(&endless[at..at + shape.piece]) {
        sent.fetch_add(written, Ordering::SeqCst);
        at = (at + written) % shape.endless.len();
    }
}

/// The back channel: whoever is asked for tokens is the hostile one.
struct Network {
    known: FakeHttpClient,
    real: DefaultHttpClient,
    hostile: SocketAddr,
}

impl HttpClient for Network {
    async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        if request.uri().path() != "/token" {
            return self.known.send(request).await;
        }
        *request.uri_mut() = format!("http://{}/token", self.hostile).parse()?;
        self.real.send(request).await
    }
}

fn world_with(hostile: SocketAddr) -> World {
    let parts = super::support::Parts::new();
    let known = client_of(&[&parts.idp, &parts.github]);
    let network = Network { known, real: DefaultHttpClient::new().unwrap(), hostile };
    let auth = super::support::site!(parts.clock)
        .provider(parts.idp.oidc())
        .provider(credentials())
        .session(typegate::Jwt::default())
        .http_client(network)
        .logger(parts.lines.clone())
        .build()
        .unwrap();
    parts.into_world(auth)
}

/// Sign-ins at the hostile provider at once.
const CALLS: usize = 3;
/// What may lie in the sockets of all calls when nobody reads any more, and what a call may read
/// before it gives up.
const IN_SOCKETS: usize = CALLS * 16 * 1024 * 1024;
/// What a provider may have read for each session that is read beside it.
const FOR_EACH_READ: usize = 256 * 1024;

async fn others_are_served_beside(shape: Shape) {
    let name = shape.name.clone();
    let hostile = Hostile::start(shape);
    let mut world = world_with(hostile.address);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..CALLS {
        let back = world.start("idp").await;
        let next = world.another_browser();
        let mut visitor = std::mem::replace(&mut world.browser, next);
        calls.spawn(async move { visitor.get(&back).await });
    }
    let mut reader = world.another_browser();
    reader.sign_in_with_credentials().await;
    // In a task of its own: the thread of a test is none of the runtime's workers.
    let reads = tokio::spawn(async move {
        let mut reads = 0_usize;
        while !calls.is_empty() {
            assert_eq!(reader.session().await["user"]["name"], "Ada Lovelace");
            reads += 1;
            tokio::task::yield_now().await;
            while let Some(answer) = calls.try_join_next() {
                let answer = answer.unwrap();
                assert_eq!(answer.outline()[0], error("OAuthCallback"));
            }
        }
        reads
    });
    let reads = reads.await.unwrap();
    let sent = hostile.sent.load(Ordering::SeqCst);
    let allowed = IN_SOCKETS + reads * FOR_EACH_READ;
    assert!(sent <= allowed, "{name}: {sent} bytes were read beside {reads} reads");
}

#[tokio::test]
async fn r197_no_answer_of_a_provider_holds_others_up() {
    for shape in shapes() {
        others_are_served_beside(shape).await;
    }
}

#[tokio::test]
async fn r197_no_combination_of_answers_holds_others_up() {
    for shape in generated(16) {
        others_are_served_beside(shape).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r197_no_answer_of_a_provider_holds_two_workers_up() {
    for shape in shapes() {
        others_are_served_beside(shape).await;
    }
}
