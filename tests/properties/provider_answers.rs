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

/// What JavaScript takes and a strict reader does not: a byte order mark, halves of surrogate pairs,
/// numbers beyond the greatest. What stands in their place names nobody.
fn as_javascript_reads(text: &str) -> String {
    let mut rest = text.trim_start_matches('\u{feff}');
    let (mut read, mut in_string) = (String::new(), false);
    while let Some(next) = rest.chars().next() {
        let digits = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
        let length = match next {
            '\\' if in_string => rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at),
            '-' | '0'..='9' if !in_string => rest.find(|c| !digits(c)).unwrap_or(rest.len()),
            next => next.len_utf8(),
        };
        in_string ^= next == '"';
        let (token, after) = rest.split_at(length);
        let escaped = after.split_at_checked(4).filter(|_| token == "\\u");
        if let Some((digits, after)) = escaped
            && u32::from_str_radix(digits, 16).is_ok_and(|unit| char::from_u32(unit).is_none())
        {
            read.push_str("\\ufffd");
            rest = after;
            continue;
        }
        let is_beyond = !in_string && token.parse::<f64>().is_ok_and(f64::is_infinite);
        read.push_str(if is_beyond { "null" } else { token });
        rest = after;
    }
    read
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
        let said = members(&as_javascript_reads(user_info)).expect("an object");
        let ids: Vec<_> = said.iter().filter(|(name, _)| name == "id").collect();
        assert_eq!(ids.len(), 1, "{user_info}");
        let id = &ids[0].1;
        let text = id.as_str().map_or_else(|| id.to_string(), ToOwned::to_owned);
        assert!(text == subject || id.is_number(), "{user_info}: {subject:?}");
        let tokens = members(&as_javascript_reads(token)).expect("an object");
        assert_eq!(tokens.iter().filter(|(name, _)| name == "access_token").count(), 1, "{token}");
        assert!(!subject.trim().is_empty());
    });
}
