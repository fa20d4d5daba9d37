//! The sites that inputs are sent to, built once per thread.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http::{Method, Request, Response};
use typegate::{Auth, ErrorCode, LogEntry, Logger};

pub(crate) const ORIGIN: &str = "http://localhost:3000";
pub(crate) const SECRET: &str = "a secret for tests, long enough for all of us";
pub(crate) const NOW: i64 = 1_700_000_000;

/// Remembers whether anything panicked: the engine answers all the same.
#[derive(Clone, Default)]
pub(crate) struct Panics(Arc<AtomicBool>);

impl Logger for Panics {
    fn log(&self, entry: &LogEntry<'_>) {
        if entry.code == ErrorCode::Panic.as_str() {
            self.0.store(true, Ordering::SeqCst);
        }
        let is_odd = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        assert!(!entry.message.contains(is_odd), "a line is more than one: {:?}", entry.message);
    }
}

impl Panics {
    pub(crate) fn assert_none(&self) {
        assert!(!self.0.load(Ordering::SeqCst), "something panicked");
    }
}

pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    }
    RUNTIME.with(|runtime| runtime.block_on(future))
}

/// A request that may be none: addresses and headers have rules of their own.
pub(crate) struct Asked(http::request::Builder);

impl Asked {
    pub(crate) fn new(method: Method, path_and_query: &str) -> Self {
        Self(Request::builder().method(method).uri(format!("{ORIGIN}{path_and_query}")))
    }

    pub(crate) fn get(path_and_query: &str) -> Self {
        Self::new(Method::GET, path_and_query)
    }

    pub(crate) fn post(path_and_query: &str) -> Self {
        Self::new(Method::POST, path_and_query)
    }

    pub(crate) fn header(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        Self(self.0.header(name, value.as_ref()))
    }

    /// The answer, if a server could have read the request.
    pub(crate) fn of<D>(self, auth: &Auth<D>, body: impl Into<Bytes>) -> Option<Response<Bytes>> {
        let request = self.0.body(body.into()).ok()?;
        Some(block_on(auth.handle(request)))
    }
}

/// `application/x-www-form-urlencoded`.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json";
