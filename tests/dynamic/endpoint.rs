//! The endpoint that checks credentials, where it gives no verdict: an attempt is given back only if
//! nobody can have looked at what was sent. Otherwise a password could be guessed for ever at whoever
//! fails after a wrong one.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use typegate::testing::FakeHttpClient;
use typegate::{BoxError, DefaultHttpClient, HttpClient};

use crate::engine::{build, registry, sign_in};

const TRIES: usize = 5;
const COUNTED: usize = 3;

/// A client that counts what it is asked.
struct Counted<C>(C, Arc<AtomicUsize>);

impl<C: HttpClient> HttpClient for Counted<C> {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.send(request).await
    }
}

/// How many of so many tries at one account were asked of the endpoint.
async fn tried(url: &str, client: impl HttpClient) -> usize {
    let text = format!(
        "rate_limit = {{ per_account = {COUNTED} }}\n\
         [[providers]]\ntype = 'credentials'\nendpoint = '{url}'\nfields = [{{ key = 'username' }}]\n"
    );
    let asked = Arc::new(AtomicUsize::new(0));
    let client = Counted(client, Arc::clone(&asked));
    let auth = build(&text, &registry().http_client(client)).await;
    for _ in 0..TRIES {
        let answer = sign_in(&auth, "credentials", "wrong").await;
        let mut cookies = answer.headers().get_all("set-cookie").iter();
        assert!(!cookies.any(|line| line.to_str().unwrap().contains("session-token")));
    }
    asked.load(Ordering::Relaxed)
}

async fn answered_with(status: u16) -> usize {
    let client = FakeHttpClient::new(move |_: &Request<Bytes>| {
        Ok(Response::builder().status(status).body(Bytes::new()).unwrap())
    });
    tried("http://127.0.0.1:8081/authorize", client).await
}

async fn failing_with(kind: io::ErrorKind) -> usize {
    let client = FakeHttpClient::new(move |_: &Request<Bytes>| {
        Err::<Response<Bytes>, BoxError>(io::Error::from(kind).into())
    });
    tried("http://127.0.0.1:8081/authorize", client).await
}

#[tokio::test]
async fn r210_an_endpoint_that_says_503_checked_nothing_and_the_attempt_is_given_back() {
    assert_eq!(answered_with(503).await, TRIES);
}

/// A proxy says so of a program that died, perhaps of this.
#[tokio::test]
async fn r210_a_502_of_the_endpoint_counts() {
    assert_eq!(answered_with(502).await, COUNTED);
}

/// A proxy says so of a program that hung, perhaps over this.
#[tokio::test]
async fn r210_a_504_of_the_endpoint_counts() {
    assert_eq!(answered_with(504).await, COUNTED);
}

#[tokio::test]
async fn r210_whatever_else_the_endpoint_says_counts() {
    for status in [200, 204, 302, 400, 401, 403, 404, 405, 408, 429, 500, 501] {
        assert_eq!(answered_with(status).await, COUNTED, "{status}");
    }
}

/// It was reached, and may be at work.
#[tokio::test]
async fn r210_an_endpoint_that_takes_too_long_counts() {
    assert_eq!(failing_with(io::ErrorKind::TimedOut).await, COUNTED);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/authorize", silent.local_addr().unwrap());
    let client = DefaultHttpClient::with_deadline(Duration::from_millis(20)).unwrap();
    assert_eq!(tried(&url, client).await, COUNTED);
}

#[tokio::test]
async fn r210_an_endpoint_that_hangs_up_counts() {
    assert_eq!(failing_with(io::ErrorKind::ConnectionReset).await, COUNTED);
}

/// Nobody was there.
#[tokio::test]
async fn r210_an_endpoint_that_is_not_reached_gives_the_attempt_back() {
    assert_eq!(failing_with(io::ErrorKind::ConnectionRefused).await, TRIES);
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = DefaultHttpClient::new().unwrap();
    assert_eq!(tried(&format!("http://{nobody}/authorize"), client).await, TRIES);
}
