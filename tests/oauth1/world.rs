//! The world of these tests: a server with one OAuth 1.0a provider, its log, and one browser.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use serde_json::Value;
use typegate::adapter::MemoryAdapter;
use typegate::provider::{
    OAuth1Client, OAuth1Definition, OAuth1Endpoints, OAuth1Kind, ProfileMapper, Provider,
    SignatureMethod,
};
use typegate::testing::FrozenClock;
use typegate::{Auth, CallbackError, HttpClient, Jwt, LogEntry, Logger, Profile, Secret};
use url::Url;

use super::provider::{CLIENT_KEY, CLIENT_SECRET, REQUEST_TOKEN, TestProvider, VERIFIER};

pub(crate) const SITE: &str = "https://app.example.com";
pub(crate) const BASE: &str = "https://app.example.com/api/auth";
const STATE_COOKIE: &str = "__Secure-next-auth.state";
pub(crate) const NOW: i64 = 1_700_000_000;

/// What a test's provider is made of.
#[derive(Clone)]
pub(crate) struct Trails {
    pub(crate) id: String,
    pub(crate) address: String,
    pub(crate) query: String,
    pub(crate) key: String,
    pub(crate) secret: String,
    pub(crate) version: Option<String>,
    pub(crate) signature: SignatureMethod,
}

impl Default for Trails {
    fn default() -> Self {
        Self {
            id: "trails".into(),
            address: "https://provider.example".into(),
            query: "?include_email=true&z=%C3%A9+%2B".into(),
            key: CLIENT_KEY.into(),
            secret: CLIENT_SECRET.into(),
            version: None,
            signature: SignatureMethod::HmacSha1,
        }
    }
}

#[derive(serde::Deserialize)]
struct Walker {
    id_str: String,
    name: Option<String>,
    email: Option<String>,
}

impl Provider for Trails {
    type Kind = OAuth1Kind;

    fn into_definition(self) -> OAuth1Definition {
        let Self { id, address, query, key, secret, version, signature } = self;
        let definition = OAuth1Definition::builder()
            .id(id)
            .name("Trails")
            .client(OAuth1Client::new(key, secret.into()))
            .endpoints(OAuth1Endpoints {
                request_token_url: format!("{address}/request_token{query}"),
                authorization_url: format!("{address}/authorize?perms=read"),
                access_token_url: format!("{address}/access_token{query}"),
                profile_url: format!("{address}/1.1/me.json{query}"),
            })
            .signature(signature)
            .profile(ProfileMapper::new(|walker: Walker, tokens| {
                if tokens.text("oauth_token_secret").is_none() {
                    return Err(CallbackError::new("no token"));
                }
                Ok(Profile::new(walker.id_str).name(walker.name).email(walker.email))
            }));
        match version {
            Some(version) => definition.version(version).build(),
            None => definition.build(),
        }
    }
}

/// Keeps code and message of every line.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<(String, String)>>>);

impl Logger for Lines {
    fn log(&self, entry: &LogEntry<'_>) {
        self.0.lock().unwrap().push((entry.code.to_owned(), entry.message.to_owned()));
    }
}

impl Lines {
    /// The codes since the last call.
    pub(crate) fn codes(&self) -> Vec<String> {
        self.0.lock().unwrap().drain(..).map(|(code, _)| code).collect()
    }

    pub(crate) fn text(&self) -> String {
        format!("{:?}", self.0.lock().unwrap())
    }
}

pub(crate) struct World {
    pub(crate) auth: Auth,
    pub(crate) provider: TestProvider,
    pub(crate) clock: FrozenClock,
    pub(crate) lines: Lines,
    pub(crate) cookies: Vec<(String, String)>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(Trails::default())
    }

    /// A provider of that definition, answered for by the provider in the process.
    pub(crate) fn with(trails: Trails) -> Self {
        let provider = TestProvider::new();
        Self::asking(trails, provider.client(), provider, FrozenClock::at(NOW))
    }

    pub(crate) fn asking(
        trails: Trails,
        client: impl HttpClient,
        provider: TestProvider,
        clock: FrozenClock,
    ) -> Self {
        let lines = Lines::default();
        let auth = Auth::builder()
            .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
            .url(SITE.parse().unwrap())
            .provider(trails.clone())
            .provider(Trails { id: "other".into(), ..trails })
            .adapter(MemoryAdapter::new())
            .session(Jwt::default())
            .http_client(client)
            .clock(clock.clone())
            .logger(lines.clone())
            .build()
            .unwrap();
        Self { auth, provider, clock, lines, cookies: Vec::new() }
    }

    pub(crate) async fn send(
        &mut self,
        request: http::request::Builder,
        body: String,
    ) -> Response<Bytes> {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(header::COOKIE, cookies.join("; ")).body(body.into()).unwrap();
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

    pub(crate) async fn get(&mut self, path: &str) -> Response<Bytes> {
        self.send(Request::get(path), String::new()).await
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The check cookie of whichever attempt there is: its name ends in a key of its own.
    pub(crate) fn check_cookie(&self) -> Option<&str> {
        let mut named = self.cookies.iter().filter(|(name, _)| name.starts_with(STATE_COOKIE));
        named.next().map(|(_, value)| value.as_str())
    }

    /// Starts a sign-in and returns where the browser is sent.
    pub(crate) async fn start(&mut self) -> String {
        self.start_with("").await
    }

    pub(crate) async fn start_with(&mut self, query: &str) -> String {
        let csrf = self.get("/api/auth/csrf").await;
        let csrf: Value = serde_json::from_slice(csrf.body()).unwrap();
        let token = csrf["csrfToken"].as_str().unwrap();
        let body = super::provider::form(&[("csrfToken", token), ("callbackUrl", "/welcome")]);
        let request = Request::post(format!("/api/auth/signin/trails{query}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        location(&self.send(request, body).await)
    }

    /// Comes back with these parameters and returns where the browser is sent.
    pub(crate) async fn come_back(&mut self, parameters: &[(&str, &str)]) -> String {
        let query = super::provider::form(parameters);
        location(&self.get(&format!("/api/auth/callback/trails?{query}")).await)
    }

    /// Comes back as the provider sends it.
    pub(crate) async fn come_back_rightly(&mut self) -> String {
        self.come_back(&[("oauth_token", REQUEST_TOKEN), ("oauth_verifier", VERIFIER)]).await
    }

    pub(crate) async fn session(&mut self) -> Value {
        serde_json::from_slice(self.get("/api/auth/session").await.body()).unwrap()
    }
}

pub(crate) fn location(response: &Response<Bytes>) -> String {
    assert_eq!(response.status(), StatusCode::FOUND, "{:?}", response.body());
    response.headers()[header::LOCATION].to_str().unwrap().to_owned()
}

pub(crate) fn query(address: &str) -> Vec<(String, String)> {
    Url::parse(address).unwrap().query_pairs().into_owned().collect()
}
