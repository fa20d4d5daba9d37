//! An OAuth 1.0a provider in this process, which checks signatures with code of its own.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use ring::hmac;
use typegate::BoxError;
use typegate::testing::FakeHttpClient;
use url::Url;

pub(crate) const CLIENT_KEY: &str = "key of the client/1";
pub(crate) const CLIENT_SECRET: &str = "s&cret +%é";
pub(crate) const REQUEST_TOKEN: &str = "request token/1+é";
pub(crate) const REQUEST_TOKEN_SECRET: &str = "request&secret";
pub(crate) const ACCESS_TOKEN: &str = "access-token";
pub(crate) const ACCESS_TOKEN_SECRET: &str = "access=secret";
pub(crate) const VERIFIER: &str = "verifier ~1";

/// What the provider answers, what it was asked, and what it got wrong.
#[derive(Clone)]
pub(crate) struct TestProvider(Arc<Mutex<State>>);

struct State {
    request_token: (StatusCode, String),
    access_token: (StatusCode, String),
    profile: (StatusCode, String),
    asked: Vec<Asked>,
    used_nonces: HashSet<String>,
}

/// A request whose signature was right.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) accept: String,
    pub(crate) parameters: Vec<(String, String)>,
}

impl Asked {
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

impl TestProvider {
    pub(crate) fn new() -> Self {
        let request_token = form(&[
            ("oauth_token", REQUEST_TOKEN),
            ("oauth_token_secret", REQUEST_TOKEN_SECRET),
            ("oauth_callback_confirmed", "true"),
            ("xoauth_request_auth_url", "https://provider.example/elsewhere"),
        ]);
        let access_token = form(&[
            ("oauth_token", ACCESS_TOKEN),
            ("oauth_token_secret", ACCESS_TOKEN_SECRET),
            ("user_id", "42"),
            ("screen_name", "ada"),
        ]);
        let profile = r#"{"id_str":"42","name":"Ada Lovelace","email":"Ada@Example.com"}"#;
        Self(Arc::new(Mutex::new(State {
            request_token: (StatusCode::OK, request_token),
            access_token: (StatusCode::OK, access_token),
            profile: (StatusCode::OK, profile.to_owned()),
            asked: Vec::new(),
            used_nonces: HashSet::new(),
        })))
    }

    pub(crate) fn request_token(&self, status: u16, body: impl Into<String>) {
        self.0.lock().unwrap().request_token = answer(status, body);
    }

    pub(crate) fn access_token(&self, status: u16, body: impl Into<String>) {
        self.0.lock().unwrap().access_token = answer(status, body);
    }

    pub(crate) fn profile(&self, status: u16, body: impl Into<String>) {
        self.0.lock().unwrap().profile = answer(status, body);
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.0.lock().unwrap().asked.clone()
    }

    pub(crate) fn client(&self) -> FakeHttpClient {
        let provider = self.clone();
        FakeHttpClient::new(move |request| provider.answer(request))
    }

    fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        let url = Url::parse(&request.uri().to_string())?;
        let mut state = self.0.lock().unwrap();
        let (method, token_secret, (status, body)) = match url.path() {
            "/request_token" => ("POST", "", state.request_token.clone()),
            "/access_token" => ("POST", REQUEST_TOKEN_SECRET, state.access_token.clone()),
            "/1.1/me.json" => ("GET", ACCESS_TOKEN_SECRET, state.profile.clone()),
            path => return Err(format!("nobody should ask for {path}").into()),
        };
        let header = request.headers()[header::AUTHORIZATION].to_str()?;
        let mut parameters = header_parameters(header);
        let place = parameters.iter().position(|(name, _)| name == "oauth_signature");
        let (_, signature) = parameters.remove(place.ok_or("no signature")?);
        let asked = Asked {
            path: url.path().to_owned(),
            accept: request.headers()[header::ACCEPT].to_str()?.to_owned(),
            parameters: parameters.clone(),
        };
        let key = format!("{}&{}", encode(CLIENT_SECRET), encode(token_secret));
        let expected = match asked.parameter("oauth_signature_method") {
            Some("PLAINTEXT") => key,
            _ => hmac_sha1(&key, &base_string(request.method().as_str(), &url, parameters)),
        };
        let nonce = asked.parameter("oauth_nonce").unwrap_or_default().to_owned();
        if request.method() != method
            || asked.parameter("oauth_consumer_key") != Some(CLIENT_KEY)
            || signature != expected
            || !state.used_nonces.insert(nonce)
        {
            return Ok(response(StatusCode::UNAUTHORIZED, "bad signature"));
        }
        state.asked.push(asked);
        Ok(response(status, &body))
    }
}

fn answer(status: u16, body: impl Into<String>) -> (StatusCode, String) {
    (StatusCode::from_u16(status).unwrap(), body.into())
}

/// A redirect would lead to a place where nobody should ask.
fn response(status: StatusCode, body: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_owned()));
    *response.status_mut() = status;
    let elsewhere = header::HeaderValue::from_static("http://169.254.169.254/elsewhere");
    response.headers_mut().insert(header::LOCATION, elsewhere);
    response
}

fn header_parameters(header: &str) -> Vec<(String, String)> {
    let decode =
        |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let pairs = header.strip_prefix("OAuth ").unwrap().split(',').map(|pair| {
        let (name, value) = pair.trim().split_once('=').unwrap();
        (decode(name), decode(value.trim_matches('"')))
    });
    pairs.collect()
}

/// RFC 5849 section 3.4.1, by the letter.
fn base_string(method: &str, url: &Url, mut parameters: Vec<(String, String)>) -> String {
    parameters.extend(url.query_pairs().into_owned());
    let mut encoded: Vec<_> =
        parameters.iter().map(|(name, value)| (encode(name), encode(value))).collect();
    encoded.sort();
    let pairs: Vec<_> = encoded.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let address = url.as_str().split('?').next().unwrap();
    format!("{method}&{}&{}", encode(address), encode(&pairs.join("&")))
}

fn hmac_sha1(key: &str, text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.as_bytes());
    STANDARD.encode(hmac::sign(&key, text.as_bytes()))
}

fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => write!(encoded, "%{byte:02X}").unwrap(),
        }
    }
    encoded
}
