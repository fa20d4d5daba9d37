//! Answers of an OAuth 1.0a provider: each request is made with what the provider gave, and the
//! person who is signed in is the one whose id appears in the profile once.
//!
//! The input is the answers for the request token, for the access token, and with the profile, with
//! an empty line between them.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Response;
use http::header::LOCATION;
use typegate::testing::{FakeHttpClient, FrozenClock};
use typegate::{Auth, ClientSecret, OAuth1Provider, RawProfile, Secret};
use url::Url;

use crate::browser::Browser;
use crate::json::members;
use crate::site::{NOW, ORIGIN, Panics, SECRET};

#[derive(OAuth1Provider)]
#[provider(
    id = "trails",
    name = "Trails",
    request_token_url = "https://trails.example/request_token",
    authorization_url = "https://trails.example/authorize",
    access_token_url = "https://trails.example/access_token",
    profile_url = "https://trails.example/me",
    profile = Walker
)]
struct Trails {
    client_key: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct Walker {
    #[profile(id)]
    id: String,
    #[profile(name)]
    name: Option<String>,
}

struct Site {
    auth: Auth,
    panics: Panics,
    answers: Arc<Mutex<Vec<String>>>,
}

impl Site {
    fn new() -> Self {
        let panics = Panics::default();
        let answers: Arc<Mutex<Vec<String>>> = Arc::default();
        let said = Arc::clone(&answers);
        let client = FakeHttpClient::new(move |request| {
            let step = match request.uri().path() {
                "/request_token" => 0,
                "/access_token" => 1,
                _ => 2,
            };
            let body = said.lock().unwrap().get(step).cloned().unwrap_or_default();
            Ok(Response::new(Bytes::from(body)))
        });
        let auth = Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .url(ORIGIN.parse().unwrap())
            .clock(FrozenClock::at(NOW))
            .logger(panics.clone())
            .provider(Trails::new("client key", "client secret".into()))
            .http_client(client)
            .build()
            .unwrap();
        Self { auth, panics, answers }
    }
}

pub(crate) fn check(data: &[u8]) {
    thread_local!(static SITE: Site = Site::new());
    let Ok(given) = str::from_utf8(data) else { return };
    SITE.with(|site| {
        let answers: Vec<String> = given.splitn(3, "\n\n").map(ToOwned::to_owned).collect();
        answers.clone_into(&mut site.answers.lock().unwrap());
        let mut browser = Browser::new(&site.auth);
        let token = browser.csrf_token();
        let started = browser.post("/api/auth/signin/trails", &[("csrfToken", &token)]).unwrap();
        site.panics.assert_none();
        let location = started.headers().get(LOCATION).unwrap().to_str().unwrap();
        let address = Url::parse(location).unwrap();
        if address.host_str() != Some("trails.example") {
            return;
        }
        assert!(address.username().is_empty() && address.path() == "/authorize", "{location}");
        let mut named = address.query_pairs().filter(|(name, _)| name == "oauth_token");
        let request_token = named.next().unwrap().1.into_owned();
        assert!(named.next().is_none(), "{location}");
        let back = crate::site::form(&[("oauth_token", &request_token), ("oauth_verifier", "v")]);
        browser.get(&format!("/api/auth/callback/trails?{back}")).unwrap();
        site.panics.assert_none();
        let Some(claims) = browser.claims() else { return };
        let said = members(answers.get(2).unwrap()).expect("an object");
        let ids: Vec<_> = said.iter().filter(|(name, _)| name == "id").collect();
        assert_eq!(ids.len(), 1, "{given}");
        let id = &ids[0].1;
        let text = id.as_str().map_or_else(|| id.to_string(), ToOwned::to_owned);
        assert!(Some(&*text) == claims.subject() || id.is_number(), "{given}");
    });
}
