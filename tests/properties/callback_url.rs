//! Callback URLs: nobody is led to another host, however a URL comes in and whichever parser a
//! browser or a proxy reads the answer with.

use bytes::Bytes;
use http::header::LOCATION;
use http::{Response, Uri};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use serde_json::{Value, json};
use typegate::provider::catalog::GitHub;
use typegate::testing::FrozenClock;
use typegate::{Auth, Secret};
use url::Url;

use crate::browser::cookies_of;
use crate::site::{Asked, FORM, JSON, NOW, ORIGIN, Panics, SECRET, form};

const COOKIE: &str = "next-auth.callback-url";

struct Site {
    auth: Auth,
    panics: Panics,
    csrf_cookie: String,
    csrf_token: String,
}

impl Site {
    fn new() -> Self {
        let panics = Panics::default();
        let auth = Auth::builder()
            .secret(Secret::new(SECRET).unwrap())
            .url(ORIGIN.parse().unwrap())
            .clock(FrozenClock::at(NOW))
            .logger(panics.clone())
            .provider(GitHub::new("client id", "client secret".into()))
            .build()
            .unwrap();
        let mut browser = crate::browser::Browser::new(&auth);
        let csrf_token = browser.csrf_token();
        let csrf_cookie = browser.cookie("next-auth.csrf-token").unwrap();
        let csrf_cookie = format!("next-auth.csrf-token={csrf_cookie}");
        Self { auth, panics, csrf_cookie, csrf_token }
    }

    fn sign_out(&self, cookie: &str, content_type: &str, body: String) -> Response<Bytes> {
        let asked = Asked::post("/api/auth/signout").header("content-type", content_type);
        asked
            .header("cookie", format!("{}; {cookie}", self.csrf_cookie))
            .of(&self.auth, body)
            .unwrap()
    }

    /// Where each of the ways in leads.
    fn targets(&self, given: &str) -> Vec<String> {
        let encoded = percent_encode(given.as_bytes(), NON_ALPHANUMERIC).to_string();
        let csrf = ("csrfToken", &*self.csrf_token);
        let fields = [csrf, ("callbackUrl", given)];
        let json_fields = [csrf, ("callbackUrl", given), ("json", "true")];
        let object = json!({ "csrfToken": csrf.1, "callbackUrl": given, "json": "true" });
        let in_cookie = format!("{COOKIE}={encoded}");
        let answers = [
            Asked::get(&format!("/api/auth/signin?callbackUrl={encoded}")).of(&self.auth, ""),
            Some(self.sign_out("", FORM, form(&fields))),
            Some(self.sign_out("", FORM, form(&json_fields))),
            Some(self.sign_out("", JSON, object.to_string())),
            Some(self.sign_out(&in_cookie, FORM, form(&[csrf]))),
            Some(self.sign_out(&in_cookie, FORM, form(&[csrf, ("json", "true")]))),
        ];
        answers.into_iter().flatten().flat_map(|answer| targets(&answer)).collect()
    }
}

/// Every address that an answer sends a browser to, now or later.
fn targets(answer: &Response<Bytes>) -> Vec<String> {
    let mut targets = Vec::new();
    if let Some(location) = answer.headers().get(LOCATION) {
        let location = location.to_str().unwrap();
        let is_safe = |b: u8| b.is_ascii_graphic() && !b"\\\"<>`{}|^".contains(&b);
        assert!(location.bytes().all(is_safe), "{location}");
        let uri: Uri = location.parse().unwrap();
        let authority = uri.authority().unwrap().as_str();
        assert!(authority.eq_ignore_ascii_case("localhost:3000"), "{location}");
        targets.push(location.to_owned());
    }
    if let Ok(body) = serde_json::from_slice::<Value>(answer.body())
        && let Some(url) = body["url"].as_str()
    {
        targets.push(url.to_owned());
    }
    for (name, value) in cookies_of(answer) {
        if let Some(value) = value.filter(|_| name == COOKIE) {
            targets.push(percent_decode_str(&value).decode_utf8().unwrap().into_owned());
        }
    }
    targets
}

pub(crate) fn check(data: &[u8]) {
    thread_local!(static SITE: Site = Site::new());
    let Ok(given) = str::from_utf8(data) else { return };
    SITE.with(|site| {
        for target in site.targets(given) {
            assert_is_here(&target);
            let again = site.targets(&target);
            assert!(again.contains(&target), "{target:?} became {again:?}");
            again.iter().for_each(|target| assert_is_here(target));
        }
        site.panics.assert_none();
    });
}

fn assert_is_here(target: &str) {
    let url = Url::parse(target).unwrap_or_else(|error| panic!("{target:?}: {error}"));
    assert_eq!(url.origin().ascii_serialization(), ORIGIN, "{target:?}");
    assert!(url.username().is_empty() && url.password().is_none(), "{target:?}");
    // The least a parser does, and what some proxies still do.
    let (scheme, rest) = target.split_once("://").unwrap_or_else(|| panic!("{target:?}"));
    assert!(scheme.eq_ignore_ascii_case("http"), "{target:?}");
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap();
    assert!(authority.eq_ignore_ascii_case("localhost:3000"), "{target:?}");
    assert!(!target.contains(|c: char| c.is_control()), "{target:?}");
}
