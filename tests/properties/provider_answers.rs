//! Token and userinfo responses: the person who is signed in is the one whose id appears there
//! once.
//!
//! The input is the token response and, after an empty line, the userinfo response.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Response;
use typegate::testing::{FakeHttpClient, FrozenClock};
use typegate::{Auth, ClientSecret, OAuthProvider, RawProfile, Secret};

use crate::browser::Browser;
use crate::json::members;
use crate::site::{NOW, ORIGIN, Panics, SECRET};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    authorization_endpoint = "https://acme.example/authorize",
    token_endpoint = "https://acme.example/token",
    userinfo_endpoint = "https://acme.example/me",
    profile = AcmeUser
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct AcmeUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    picture: Option<String>,
}

struct Site {
    auth: Auth,
    panics: Panics,
    answers: Arc<Mutex<(String, String)>>,
}

impl Site {
    fn new() -> Self {
        let panics = Panics::default();
        let answers: Arc<Mutex<(String, String)>> = Arc::default();
        let said = Arc::clone(&answers);
        let client = FakeHttpClient::new(move |request| {
            let (token, user_info) = said.lock().unwrap().clone();
            let body = if request.uri().path() == "/token" { token } else { user_info };
            Ok(Response::new(Bytes::from(body)))
        });
        let auth = Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .url(ORIGIN.parse().unwrap())
            .clock(FrozenClock::at(NOW))
            .logger(panics.clone())
            .provider(Acme::new("client id", "client secret".into()))
            .http_client(client)
            .build()
            .unwrap();
        Self { auth, panics, answers }
    }
}

pub(crate) fn check(data: &[u8]) {
    thread_local!(static SITE: Site = Site::new());
    let Ok(given) = str::from_utf8(data) else { return };
    let (token, user_info) = given.split_once("\n\n").unwrap_or((given, ""));
    SITE.with(|site| {
        *site.answers.lock().unwrap() = (token.to_owned(), user_info.to_owned());
        let mut browser = Browser::new(&site.auth);
        let back = browser.go_to("acme");
        browser.get(&format!("{back}&code=code"));
        site.panics.assert_none();
        let Some(claims) = browser.claims() else { return };
        let subject = claims.subject().unwrap().to_owned();
        let said = members(user_info).expect("an object");
        let ids: Vec<_> = said.iter().filter(|(name, _)| name == "id").collect();
        assert_eq!(ids.len(), 1, "{user_info}");
        let id = &ids[0].1;
        let text = id.as_str().map_or_else(|| id.to_string(), ToOwned::to_owned);
        assert!(text == subject || id.is_number(), "{user_info}: {subject:?}");
        let tokens = members(token).expect("an object");
        assert_eq!(tokens.iter().filter(|(name, _)| name == "access_token").count(), 1, "{token}");
        assert!(!subject.trim().is_empty());
    });
}
