//! Tools for the tests of applications: a clock that stands still, an HTTP client that answers from
//! a closure, conformance cases for adapters, recordings of providers, and an identity provider
//! that does as it is told. Behind the feature `testing`.

pub mod adapter;
mod browser;
mod identity_provider;
pub mod provider;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;

pub use self::browser::Browser;
pub use self::identity_provider::{
    AuthorizationRefused, AuthorizationResponse, Behaviour, Fault, IdentityProvider, LogoutFault,
    LogoutToken, Received,
};
use crate::error::BoxError;
#[cfg(feature = "testing")]
pub use crate::log::LoggedErrors;
use crate::runtime::clock::Clock;
use crate::web::outbound::HttpClient;

/// A clock that moves only when it is told to. Clones share the time.
///
/// ```
/// use typegate::clock::Clock;
/// use typegate::testing::FrozenClock;
///
/// let clock = FrozenClock::at(1_700_000_000);
/// clock.advance(60);
/// assert_eq!(clock.now().as_second(), 1_700_000_060);
/// ```
#[derive(Clone, Debug)]
pub struct FrozenClock(Arc<AtomicI64>);

impl FrozenClock {
    /// Stands at that second since 1970.
    #[must_use]
    pub fn at(second: i64) -> Self {
        Self(Arc::new(AtomicI64::new(second)))
    }

    /// Moves by that many seconds.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
    }
}

/// As long as it lives, the operating system gives this thread no random bytes: whatever needs
/// some fails.
///
/// ```
/// use typegate::testing::NoRandomness;
///
/// let outage = NoRandomness::start();
/// drop(outage);
/// ```
#[cfg(feature = "testing")]
#[derive(Debug)]
#[must_use = "the outage ends when this is dropped"]
pub struct NoRandomness(());

#[cfg(feature = "testing")]
impl NoRandomness {
    /// Begins the outage.
    pub fn start() -> Self {
        crate::crypto::random::UNAVAILABLE.set(true);
        Self(())
    }
}

#[cfg(feature = "testing")]
impl Drop for NoRandomness {
    fn drop(&mut self) {
        crate::crypto::random::UNAVAILABLE.set(false);
    }
}

type Answer = dyn Fn(&Request<Bytes>) -> Result<Response<Bytes>, BoxError> + Send + Sync;

/// An HTTP client that never leaves the process.
///
/// ```
/// use bytes::Bytes;
/// use http::Response;
/// use typegate::testing::FakeHttpClient;
///
/// let client = FakeHttpClient::new(|request| {
///     assert_eq!(request.uri().path(), "/token");
///     Ok(Response::new(Bytes::from_static(br#"{"access_token":"at"}"#)))
/// });
/// ```
#[derive(Clone)]
pub struct FakeHttpClient(Arc<Answer>);

impl FakeHttpClient {
    /// Answers every request by that function.
    pub fn new(
        answer: impl Fn(&Request<Bytes>) -> Result<Response<Bytes>, BoxError> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(answer))
    }
}

impl HttpClient for FakeHttpClient {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        (self.0)(&request)
    }
}

impl fmt::Debug for FakeHttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FakeHttpClient")
    }
}
