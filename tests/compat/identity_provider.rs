//! An identity provider for all three protocols that does as it is told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, Method, StatusCode, Uri};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use url::Url;

use crate::signing::{rsa_key, sign_rs256, sign_with};

type Members = Map<String, Value>;

/// It is good for whatever was asked for last: one browser signs in at a time.
const CODE: &str = "the-code";

/// What the provider says; in `id_claims`, `id_header` and `token` null takes a member away.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Behaviour {
    claims: Value,
    id_claims: Members,
    id_header: Members,
    token: Members,
    userinfo: Value,
    oauth1_profile: Value,
    discovery: Members,
    /// What ID tokens of HMAC are signed with.
    client_secret: String,
    /// Answers in the place of an endpoint's own.
    answers: HashMap<String, Answer>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            claims: json!({
                "sub": "sub-1", "name": "Ann Example", "email": "Ann@Example.com",
                "picture": "https://img.example/a.png",
            }),
            id_claims: Map::new(),
            id_header: Map::new(),
            token: Map::new(),
            userinfo: json!({
                "id": 42, "name": "Otto Plain", "email": "Otto@Example.com", "avatar": null,
            }),
            oauth1_profile: json!({
                "id_str": "99", "name": "Legacy L", "email": "legacy@example.com",
            }),
            discovery: Map::new(),
            client_secret: "s3cr3t".to_owned(),
            answers: HashMap::new(),
        }
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    status: u16,
    #[serde(default)]
    body: String,
    #[serde(rename = "type")]
    content_type: Option<String>,
    location: Option<String>,
}

#[derive(Default)]
struct Session {
    behaviour: Behaviour,
    /// What the last code was asked for with.
    grant: HashMap<String, String>,
    requests: Vec<String>,
    now: i64,
}

/// The running provider.
#[derive(Clone)]
pub(crate) struct IdentityProvider {
    pub(crate) origin: String,
    session: Arc<Mutex<Session>>,
}

impl IdentityProvider {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let provider = Self { origin, session: Arc::default() };
        let router = Router::new().fallback(answer).with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap()
    }

    /// Forgets everything.
    pub(crate) fn reset(&self) {
        *self.session() = Session::default();
    }

    pub(crate) fn behave(&self, behaviour: Behaviour) {
        self.session().behaviour = behaviour;
    }

    pub(crate) fn set_time(&self, now: i64) {
        self.session().now = now;
    }

    /// The requests since this was last asked.
    pub(crate) fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut self.session().requests)
    }

    fn id_token(&self, session: &Session, grant: &HashMap<String, String>) -> String {
        let mut claims = Map::from_iter([
            ("iss".to_owned(), json!(self.origin)),
            ("aud".to_owned(), json!(grant.get("client_id"))),
            ("exp".to_owned(), json!(session.now + 300)),
            ("iat".to_owned(), json!(session.now)),
        ]);
        claims.extend(grant.get("nonce").map(|nonce| ("nonce".to_owned(), json!(nonce))));
        claims.extend(session.behaviour.claims.as_object().unwrap().clone());
        change(&mut claims, &session.behaviour.id_claims);
        let mut header =
            Map::from_iter([("alg", "RS256"), ("kid", "k1"), ("typ", "JWT")].map(text_member));
        change(&mut header, &session.behaviour.id_header);
        let algorithm = header.get("alg").and_then(Value::as_str).unwrap_or_default().to_owned();
        let (header, claims) = (Value::from(header).to_string(), Value::from(claims).to_string());
        match algorithm.as_str() {
            "none" => format!("{}.{}.", BASE64URL.encode(header), BASE64URL.encode(claims)),
            "HS256" => sign_with(&header, &claims, |message| {
                let secret = session.behaviour.client_secret.as_bytes();
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
                ring::hmac::sign(&key, message).as_ref().to_vec()
            }),
            _ => sign_rs256(&header, &claims),
        }
    }
}

fn text_member((name, value): (&str, &str)) -> (String, Value) {
    (name.to_owned(), json!(value))
}

/// Members that differ; null takes one away.
fn change(members: &mut Members, differences: &Members) {
    members.extend(differences.clone());
    members.retain(|_, value| !value.is_null());
}

async fn answer(
    State(provider): State<IdentityProvider>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = String::from_utf8(body.to_vec()).unwrap();
    let origin = &provider.origin;
    let mut session = provider.session();
    session.requests.push(describe(&method, &uri, &headers, &body));
    if let Some(answer) = session.behaviour.answers.get(uri.path()).cloned() {
        let status = StatusCode::from_u16(answer.status).unwrap();
        let content_type = answer.content_type.unwrap_or_else(|| "application/json".to_owned());
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        headers.extend(answer.location.map(|location| (LOCATION, location.parse().unwrap())));
        return (status, headers, answer.body).into_response();
    }
    match uri.path() {
        "/.well-known/openid-configuration" => {
            let mut document = json!({
                "issuer": origin,
                "authorization_endpoint": format!("{origin}/authorize?op=1"),
                "token_endpoint": format!("{origin}/token"),
                "userinfo_endpoint": format!("{origin}/userinfo"),
                "jwks_uri": format!("{origin}/jwks"),
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            });
            change(document.as_object_mut().unwrap(), &session.behaviour.discovery);
            json_answer(&document)
        }
        "/jwks" => json_answer(&json!({ "keys": [rsa_key("k1")] })),
        "/authorize" => {
            let query = uri.query().unwrap_or_default();
            let asked: HashMap<String, String> =
                form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            let mut target = Url::parse(&asked["redirect_uri"]).unwrap();
            target
                .query_pairs_mut()
                .append_pair("code", CODE)
                .extend_pairs(asked.get("state").map(|state| ("state", state)));
            session.grant = asked;
            (StatusCode::FOUND, [(LOCATION, target.to_string())]).into_response()
        }
        "/token" | "/token-plain" => {
            let form = form_urlencoded::parse(body.as_bytes());
            let has_code = form.into_owned().any(|pair| pair == ("code".into(), CODE.into()));
            let grant = if has_code { session.grant.clone() } else { HashMap::new() };
            let mut answer = Map::from_iter(
                [("access_token", "at-1"), ("token_type", "Bearer"), ("refresh_token", "rt-1")]
                    .map(text_member),
            );
            answer.insert("expires_in".into(), json!(3600));
            answer.extend(grant.get("scope").map(|scope| ("scope".to_owned(), json!(scope))));
            if uri.path() == "/token" {
                answer.insert("id_token".into(), provider.id_token(&session, &grant).into());
            }
            change(&mut answer, &session.behaviour.token);
            json_answer(&Value::from(answer))
        }
        "/userinfo" => json_answer(&session.behaviour.userinfo),
        "/oauth1/request_token" => {
            "oauth_token=rt%2B1&oauth_token_secret=rts1&oauth_callback_confirmed=true"
                .into_response()
        }
        "/oauth1/access_token" => {
            "oauth_token=at1&oauth_token_secret=ats1&user_id=99&screen_name=leg".into_response()
        }
        "/oauth1/profile" => json_answer(&session.behaviour.oauth1_profile),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn json_answer(body: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// A request on one line. Of an OAuth 1.0a header, what is random or signs it has no value.
fn describe(method: &Method, uri: &Uri, headers: &HeaderMap, body: &str) -> String {
    let mut line = format!("{method} {uri}");
    if let Some(value) = headers.get(AUTHORIZATION) {
        let value = value.to_str().unwrap();
        let value = match value.strip_prefix("OAuth ") {
            Some(parameters) => {
                let mut parameters: Vec<_> = parameters.split(',').map(str::trim).collect();
                parameters.sort_unstable();
                let parameters = parameters.into_iter().map(|parameter| {
                    match parameter.split_once('=').unwrap() {
                        (name @ ("oauth_nonce" | "oauth_timestamp" | "oauth_signature"), _) => name,
                        _ => parameter,
                    }
                });
                format!("OAuth {}", parameters.collect::<Vec<_>>().join(", "))
            }
            None => value.to_owned(),
        };
        line.push_str(&format!(" [{value}]"));
    }
    if !body.is_empty() {
        line.push_str(&format!(" {body}"));
    }
    line
}
