//! An identity provider that answers as a file says, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Map, Value, json};
use typegate::testing::FakeHttpClient;
use url::Url;

use super::case::{Case, FurtherRequest, Sample};
use crate::flow::support::{NOW, p384_key, rsa_key, sign_es384, sign_rs256, sign_with};

const DISCOVERED: &str = "https://discovered.example";

#[derive(Default)]
pub(crate) struct State {
    /// The nonce of the authorization request.
    pub(crate) nonce: Option<String>,
    pub(crate) requests: Vec<Request<Bytes>>,
}

/// Where a case's endpoints are.
pub(crate) struct Addresses {
    pub(crate) authorization: String,
    pub(crate) token: String,
    document: Option<String>,
}

impl Addresses {
    pub(crate) fn of(case: &Case, sample: &Sample) -> Self {
        let url = |declared: &Option<String>, path| {
            let url = declared.clone().unwrap_or_else(|| format!("{DISCOVERED}/{path}"));
            sample.address(&url)
        };
        let below = case.issuer.as_ref().map(|issuer| {
            format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
        });
        Self {
            authorization: url(&case.authorization.url, "authorize"),
            token: url(&case.token.url, "token"),
            document: case.document.clone().or(below),
        }
    }
}

/// A client that reaches the provider of a sample, and nobody else.
pub(crate) fn client(case: &Case, sample: &Sample, state: &Arc<Mutex<State>>) -> FakeHttpClient {
    let addresses = Addresses::of(case, sample);
    let document = json!({
        "issuer": case.issuer,
        "authorization_endpoint": format!("{DISCOVERED}/authorize"),
        "token_endpoint": format!("{DISCOVERED}/token"),
        "userinfo_endpoint": format!("{DISCOVERED}/userinfo"),
        "jwks_uri": format!("{DISCOVERED}/keys"),
    });
    let signed = case.profile.as_ref().is_some_and(|profile| profile.signed);
    let answer = if signed {
        sign_rs256(r#"{"alg":"RS256","kid":"one"}"#, &sample.answer.to_string())
    } else {
        sample.answer.to_string()
    };
    let tokens = Tokens::new(case, sample);
    let mut further = sample.requests.clone().into_iter();
    let mut asked = case.profile.is_none();
    let more = Mutex::new(move || -> (u16, Bytes) {
        if !std::mem::replace(&mut asked, true) {
            return (200, answer.clone().into());
        }
        let FurtherRequest { status, body, base64, .. } =
            further.next().expect("one request too many");
        let body = match (body, base64) {
            (_, Some(base64)) => BASE64.decode(base64).unwrap().into(),
            (Value::String(text), None) => text.into(),
            (body, None) => body.to_string().into(),
        };
        (status, body)
    });
    let state = Arc::clone(state);
    FakeHttpClient::new(move |request| {
        let url = request.uri().to_string();
        let bare = url.split('?').next().unwrap().to_owned();
        let (status, body) = if Some(&url) == addresses.document.as_ref() {
            (200, document.to_string().into())
        } else if url.ends_with("/keys") || url.ends_with("/jwks") || url.ends_with("jwks.json") {
            (200, json!({"keys": [rsa_key("one"), p384_key("two")]}).to_string().into())
        } else {
            let mut state = state.lock().unwrap();
            state.requests.push(request.clone());
            if bare == addresses.token && request.method() == "POST" {
                (200, tokens.response(state.nonce.as_deref()).into())
            } else {
                (more.lock().unwrap())()
            }
        };
        Ok(Response::builder().status(status).body(body).unwrap())
    })
}

/// What the token endpoint answers.
struct Tokens {
    response: Map<String, Value>,
    whole: Option<Value>,
    /// The claims of the ID token, if there is one, and its algorithm.
    claims: Option<(Map<String, Value>, Option<String>)>,
}

impl Tokens {
    fn new(case: &Case, sample: &Sample) -> Self {
        let mut response = sample.tokens.clone();
        response.entry("access_token").or_insert_with(|| "ACCESS_TOKEN".into());
        response.entry("token_type").or_insert_with(|| "bearer".into());
        let claims = case.issuer.as_ref().map(|issuer| {
            let mut claims = Map::new();
            claims.insert("iss".into(), issuer.as_str().into());
            claims.insert("aud".into(), "CLIENT_ID".into());
            claims.insert("iat".into(), NOW.into());
            claims.insert("exp".into(), (NOW + 3600).into());
            if case.profile.is_none() {
                claims.extend(sample.answer.as_object().unwrap().clone());
            } else {
                claims.insert("sub".into(), sample.answer["sub"].clone());
            }
            claims.extend(sample.claims.clone());
            (claims, case.id_token.clone())
        });
        Self { response, whole: sample.token_response.clone(), claims }
    }

    fn response(&self, nonce: Option<&str>) -> String {
        if let Some(whole) = &self.whole {
            return whole.to_string();
        }
        let mut response = self.response.clone();
        if let Some((claims, algorithm)) = &self.claims {
            let mut claims = claims.clone();
            if let Some(nonce) = nonce {
                claims.insert("nonce".into(), nonce.into());
            }
            let claims = Value::Object(claims).to_string();
            let token = match algorithm.as_deref() {
                Some("HS256") => sign_with(r#"{"alg":"HS256"}"#, &claims, |message| {
                    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"CLIENT_SECRET");
                    ring::hmac::sign(&key, message).as_ref().to_vec()
                }),
                Some("ES384") => sign_es384(r#"{"alg":"ES384","kid":"two"}"#, &claims),
                None => sign_rs256(r#"{"alg":"RS256","kid":"one"}"#, &claims),
                Some(other) => panic!("the test does not sign with {other}"),
            };
            response.insert("id_token".into(), token.into());
        }
        Value::Object(response).to_string()
    }
}

/// A URL's parameters, none of them repeated.
pub(crate) fn parameters(url: &Url) -> super::case::Texts {
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    let parameters: super::case::Texts = pairs.iter().cloned().collect();
    assert_eq!(parameters.len(), pairs.len(), "a parameter is repeated: {url}");
    parameters
}
