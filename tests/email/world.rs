//! The world of these tests: a server with a mailbox, and one browser.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use serde_json::Value;
use typegate::adapter::MemoryAdapter;
use typegate::provider::{Email, EmailMessage};
use typegate::testing::FrozenClock;
use typegate::{Auth, CallbackError, ClientAddress, Database, Jwt, LogEntry, Logger, Secret};

pub(crate) const BASE: &str = "http://localhost:3000/api/auth";
pub(crate) const SECRET: &str = "a secret for tests, long enough for all of us";
pub(crate) const NOW: i64 = 1_700_000_000;

/// The log, a line an entry.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<String>>>);

impl Logger for Lines {
    fn log(&self, entry: &LogEntry<'_>) {
        self.0.lock().unwrap().push(format!("{} {}", entry.code, entry.message));
    }
}

impl Lines {
    /// What was logged since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// A server with a mailbox, and one browser.
pub(crate) struct World {
    pub(crate) auth: Auth,
    pub(crate) adapter: MemoryAdapter,
    pub(crate) clock: FrozenClock,
    pub(crate) mailbox: Arc<Mutex<Vec<EmailMessage>>>,
    pub(crate) broken_mailer: Arc<Mutex<bool>>,
    pub(crate) lines: Lines,
    cookies: Vec<(String, String)>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|email| email, true)
    }

    pub(crate) fn with(change: impl FnOnce(Email) -> Email, database: bool) -> Self {
        let (adapter, clock) = (MemoryAdapter::new(), FrozenClock::at(NOW));
        let lines = Lines::default();
        let mailbox: Arc<Mutex<Vec<EmailMessage>>> = Arc::default();
        let broken_mailer: Arc<Mutex<bool>> = Arc::default();
        let (sent, broken) = (Arc::clone(&mailbox), Arc::clone(&broken_mailer));
        let email = change(Email::new(move |message| {
            let outcome = if *broken.lock().unwrap() {
                Err(CallbackError::new("the mail server refused"))
            } else {
                sent.lock().unwrap().push(message);
                Ok(())
            };
            async move { outcome }
        }));
        let builder = Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .url("http://localhost:3000".parse().unwrap())
            .adapter(adapter.clone())
            .clock(clock.clone())
            .logger(lines.clone())
            .provider(email);
        let auth = if database {
            builder.session(Database::default()).build()
        } else {
            builder.session(Jwt::default()).build()
        };
        Self { mailbox, broken_mailer, ..Self::of(auth.unwrap(), adapter, clock, lines) }
    }

    /// One whose messages go elsewhere.
    pub(crate) fn of(auth: Auth, adapter: MemoryAdapter, clock: FrozenClock, lines: Lines) -> Self {
        let (mailbox, broken_mailer) = (Arc::default(), Arc::default());
        Self { auth, adapter, clock, mailbox, broken_mailer, lines, cookies: Vec::new() }
    }

    pub(crate) async fn send(
        &mut self,
        request: http::request::Builder,
        body: String,
    ) -> Response<Bytes> {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request =
            request.header(header::COOKIE, cookies.join("; ")).body(body.into()).unwrap();
        if request.extensions().get::<ClientAddress>().is_none() {
            request.extensions_mut().insert(ClientAddress([192, 0, 2, 1].into()));
        }
        let response = self.auth.handle(request).await;
        for line in response.headers().get_all(header::SET_COOKIE) {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(existing, _)| existing != name);
            if !rest.contains("Max-Age=0") {
                let value = rest.split(';').next().unwrap();
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        response
    }

    /// Opens a link in a network.
    pub(crate) async fn open_from(&mut self, address: &str, client: IpAddr) -> Response<Bytes> {
        let path = address.strip_prefix("http://localhost:3000").unwrap_or(address);
        let request = Request::get(path).extension(ClientAddress(client));
        self.send(request, String::new()).await
    }

    pub(crate) async fn get(&mut self, address: &str) -> Response<Bytes> {
        let path = address.strip_prefix("http://localhost:3000").unwrap_or(address);
        self.send(Request::get(path), String::new()).await
    }

    /// Asks for a link and returns where the browser is sent.
    pub(crate) async fn ask(&mut self, email: &str) -> String {
        self.ask_to_come_back(email, "/welcome?a=b").await
    }

    pub(crate) async fn ask_to_come_back(&mut self, email: &str, callback_url: &str) -> String {
        let csrf = self.get("/api/auth/csrf").await;
        let csrf: Value = serde_json::from_slice(csrf.body()).unwrap();
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("csrfToken", csrf["csrfToken"].as_str().unwrap())
            .append_pair("email", email)
            .append_pair("callbackUrl", callback_url)
            .finish();
        let request = Request::post("/api/auth/signin/email")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        location(&self.send(request, form).await)
    }

    pub(crate) fn mail(&self) -> EmailMessage {
        self.mailbox.lock().unwrap().last().expect("a message").clone()
    }

    /// What this browser is known by.
    pub(crate) fn clone_cookies(&self) -> Vec<(String, String)> {
        self.cookies.clone()
    }

    pub(crate) fn set_cookies(&mut self, cookies: Vec<(String, String)>) {
        self.cookies = cookies;
    }

    /// Another browser.
    pub(crate) fn forget(&mut self) {
        self.cookies.clear();
    }

    pub(crate) async fn session(&mut self) -> Value {
        serde_json::from_slice(self.get("/api/auth/session").await.body()).unwrap()
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let found = self.cookies.iter().find(|(candidate, _)| candidate == name);
        found.map(|(_, value)| value.clone())
    }
}

pub(crate) fn location(response: &Response<Bytes>) -> String {
    assert_eq!(response.status(), StatusCode::FOUND);
    response.headers()[header::LOCATION].to_str().unwrap().to_owned()
}

pub(crate) fn error(code: &str) -> String {
    format!("{BASE}/error?error={code}")
}

/// The value of a parameter that is there once.
pub(crate) fn parameter(url: &str, name: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    let values: Vec<_> = url.query_pairs().filter(|(known, _)| known == name).collect();
    assert_eq!(values.len(), 1, "{name} in {url}");
    values[0].1.clone().into_owned()
}

pub(crate) fn with(url: &str, name: &str, value: Option<&str>) -> String {
    let mut url = url::Url::parse(url).unwrap();
    let pairs: Vec<(String, String)> =
        url.query_pairs().into_owned().filter(|(existing, _)| existing != name).collect();
    url.query_pairs_mut().clear().extend_pairs(pairs);
    if let Some(value) = value {
        url.query_pairs_mut().append_pair(name, value);
    }
    url.into()
}
