//! A browser's view of `Set-Cookie` (RFC 6265bis section 5.7), strict where browsers are free to
//! ignore a line: what a server writes should be accepted by all of them.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::{COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Method, Response};
use serde_json::Value;
use typegate::testing::IdentityProvider;
use typegate::{Auth, Claims};
use url::Url;

use crate::site::{Asked, FORM, JSON, ORIGIN, form};

/// Chromium, Firefox and Safari keep no longer cookie, name, value and attributes together.
const MAXIMUM_LENGTH: usize = 4096;
/// The lowest of today's limits for one site is 150.
const MAXIMUM_COOKIES: usize = 150;

/// A jar for one site, and the way to that site.
pub(crate) struct Browser<'a, D> {
    auth: &'a Auth<D>,
    jar: BTreeMap<String, String>,
}

impl<'a, D> Browser<'a, D> {
    pub(crate) fn new(auth: &'a Auth<D>) -> Self {
        Self { auth, jar: BTreeMap::new() }
    }

    pub(crate) fn get(&mut self, path: &str) -> Option<Response<Bytes>> {
        self.ask(Asked::new(Method::GET, path), Bytes::new())
    }

    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Option<Response<Bytes>> {
        self.ask(Asked::post(path).header("content-type", FORM), form(fields))
    }

    pub(crate) fn post_json(&mut self, path: &str, body: &Value) -> Option<Response<Bytes>> {
        self.ask(Asked::post(path).header("content-type", JSON), body.to_string())
    }

    fn ask(&mut self, asked: Asked, body: impl Into<Bytes>) -> Option<Response<Bytes>> {
        let asked = if self.jar.is_empty() { asked } else { asked.header("cookie", self.header()) };
        let answer = asked.of(self.auth, body)?;
        self.keep(&answer);
        Some(answer)
    }

    pub(crate) fn csrf_token(&mut self) -> String {
        let answer = self.get("/api/auth/csrf").unwrap();
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        body["csrfToken"].as_str().unwrap().to_owned()
    }

    /// Begins a sign-in: the path that leads back, with the state that was sent along.
    pub(crate) fn go_to(&mut self, provider: &str) -> String {
        let location = self.start(provider);
        let address = Url::parse(&location).unwrap();
        let state = address.query_pairs().find(|(name, _)| name == "state").unwrap().1;
        format!("/api/auth/callback/{provider}?{}", form(&[("state", &state)]))
    }

    fn start(&mut self, provider: &str) -> String {
        let token = self.csrf_token();
        let path = format!("/api/auth/signin/{provider}");
        let answer = self.post(&path, &[("csrfToken", &token)]).unwrap();
        answer.headers()[LOCATION].to_str().unwrap().to_owned()
    }

    /// A whole sign-in at a provider that agrees: the subject of the session, if there is one now.
    pub(crate) fn sign_in(&mut self, provider: &str, idp: &IdentityProvider) -> Option<String> {
        let location = self.start(provider);
        // It may have ended before anybody was asked.
        let back = idp.authorize(&location).ok()?;
        self.get(back.address().strip_prefix(ORIGIN)?)?;
        self.claims()?.subject().map(ToOwned::to_owned)
    }

    /// The value of a cookie, as it was written.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.jar.get(name).map(String::as_str)
    }

    /// The claims of its session.
    pub(crate) fn claims(&self) -> Option<Claims> {
        let cookies = HeaderValue::from_str(&self.header()).unwrap();
        self.auth.claims(&HeaderMap::from_iter([(COOKIE, cookies)]))
    }

    fn header(&self) -> String {
        let pairs: Vec<_> =
            self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    fn keep(&mut self, answer: &Response<Bytes>) {
        for (name, value) in cookies_of(answer) {
            match value {
                Some(value) => drop(self.jar.insert(name, value)),
                None => drop(self.jar.remove(&name)),
            }
        }
        assert!(self.jar.len() <= MAXIMUM_COOKIES, "a browser would drop cookies");
    }
}

/// The cookies that an answer sets, or deletes; every line must be one that browsers take.
pub(crate) fn cookies_of(answer: &Response<Bytes>) -> Vec<(String, Option<String>)> {
    let mut cookies: Vec<(String, Option<String>)> = Vec::new();
    for line in answer.headers().get_all(SET_COOKIE) {
        let line = line.to_str().expect("Set-Cookie is visible ASCII");
        assert!(line.len() <= MAXIMUM_LENGTH, "{} bytes", line.len());
        let mut parts = line.split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').expect("a name and a value");
        let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        assert!(!name.is_empty() && name.bytes().all(is_token), "{line}");
        let is_octet =
            |b: u8| matches!(b, 0x21 | 0x23..=0x2b | 0x2d..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e);
        assert!(value.bytes().all(is_octet), "{line}");
        let mut is_deleted = false;
        for attribute in parts {
            let (attribute, setting) = attribute.split_once('=').unwrap_or((attribute, ""));
            match attribute {
                "Max-Age" => is_deleted |= setting.parse::<i64>().unwrap() <= 0,
                "Expires" | "Path" | "Domain" => assert!(!setting.is_empty(), "{line}"),
                "SameSite" => assert!(["Lax", "Strict", "None"].contains(&setting), "{line}"),
                "HttpOnly" | "Secure" => assert!(setting.is_empty(), "{line}"),
                _ => panic!("an attribute that no browser knows: {line}"),
            }
        }
        assert!(cookies.iter().all(|(known, _)| known != name), "`{name}` is set twice");
        cookies.push((name.to_owned(), (!is_deleted).then(|| value.to_owned())));
    }
    cookies
}
