//! A site with a plain OAuth 2.0 provider, Acme, whose answers may be any bytes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use serde_json::json;
use typegate::testing::{FakeHttpClient, FrozenClock, IdentityProvider as Provider};
use typegate::{ClientSecret, OAuthProvider, RawProfile};

use crate::support::{IdentityProvider, Lines, ORIGIN, World};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    authorization_endpoint = "https://acme.example/authorize",
    token_endpoint = "https://acme.example/token",
    userinfo_endpoint = "https://acme.example/userinfo",
    profile = Person
)]
pub(super) struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(image = "https://acme.example/{avatar}.png")]
pub(super) struct Person {
    #[profile(id)]
    pub(super) id: String,
    #[profile(name)]
    pub(super) name: Option<String>,
    #[profile(name, or = "login")]
    pub(super) nickname: String,
    #[profile(email)]
    pub(super) email: Option<String>,
    #[profile(image)]
    pub(super) picture: Option<String>,
    pub(super) avatar: Option<u64>,
    #[profile(extra)]
    pub(super) locale: Option<String>,
    #[expect(dead_code, reason = "it is read, and that must not fail")]
    pub(super) roles: Vec<String>,
}

pub(super) fn acme() -> Acme {
    Acme::new(Provider::CLIENT_ID, Provider::CLIENT_SECRET.into())
}

/// The test provider in the place of Acme's servers.
pub(super) fn acme_server(clock: &FrozenClock) -> IdentityProvider {
    let idp = IdentityProvider::at("https://acme.example", clock);
    idp.change(|idp| {
        idp.is_openid_connect = false;
        idp.user_info = json!({ "id": 7, "name": "Ann", "nickname": "ann", "roles": [] });
    });
    idp
}

/// Status and bytes, by path.
type ByPath = HashMap<&'static str, (u16, Vec<u8>)>;

/// Answers in the place of the provider's.
#[derive(Clone, Default)]
pub(super) struct Answers(Arc<Mutex<ByPath>>);

impl Answers {
    pub(super) fn set(&self, path: &'static str, status: u16, body: impl Into<Vec<u8>>) {
        self.0.lock().unwrap().insert(path, (status, body.into()));
    }

    pub(super) fn client(&self, idp: &IdentityProvider) -> FakeHttpClient {
        let (answers, idp) = (self.clone(), idp.clone());
        FakeHttpClient::new(move |request: &Request<Bytes>| {
            let answer = answers.0.lock().unwrap().get(request.uri().path()).cloned();
            let Some((status, body)) = answer else { return idp.answer(request) };
            let mut response = Response::new(Bytes::from(body));
            *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
            Ok(response)
        })
    }
}

/// A world whose provider `acme` is described by an expression, and the answers of its servers.
macro_rules! plain {
    ($provider:expr) => {
        $crate::world::site::plain!($provider, site => site.build().unwrap())
    };
    ($provider:expr, $site:ident => $auth:expr) => {{
        let mut parts = $crate::support::Parts::new();
        parts.idp = $crate::world::site::acme_server(&parts.clock);
        let answers = $crate::world::site::Answers::default();
        let $site = $crate::support::site!(parts.clock)
            .provider($provider)
            .http_client(answers.client(&parts.idp))
            .logger(parts.lines.clone());
        (parts.into_world($auth), answers)
    }};
}

pub(super) use plain;

/// Signs in, at the first attempt and without an error; the session's user.
pub(super) async fn user_of(world: &mut World, id: &str) -> serde_json::Value {
    let answer = world.sign_in(id).await;
    assert_eq!(answer.location(), format!("{ORIGIN}/next"), "{:?}", world.lines.take());
    world.browser.session().await["user"].clone()
}

/// The warnings since the last call: code, provider, message.
pub(super) fn warnings(lines: &Lines) -> Vec<(String, String, String)> {
    let lines = lines.take().into_iter();
    lines
        .map(|line| {
            assert_eq!(line.level, typegate::error::Level::Warn, "{line:?}");
            (line.code, line.provider.unwrap_or_default(), line.message)
        })
        .collect()
}

/// What a failed sign-in at `id` says in the log: the message of its last line.
pub(super) async fn refusal(world: &mut World, id: &str) -> String {
    let answer = world.sign_in(id).await;
    assert_ne!(answer.location(), format!("{ORIGIN}/next"));
    assert_eq!(world.browser.session().await, json!({}));
    world.lines.take().pop().expect("a line").message
}

pub(super) fn warning(code: &str, provider: &str, message: &str) -> (String, String, String) {
    (code.into(), provider.into(), message.into())
}
