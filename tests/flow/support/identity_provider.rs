//! An identity provider that keeps the rules strictly, and breaks them when it is told to.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64URL};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};
use typegate::BoxError;
use typegate::clock::Clock as _;
use typegate::provider::{GitHub, Oidc};
use typegate::testing::{FakeHttpClient, FrozenClock};
use url::Url;

use super::{rsa_key, sign_rs256};

const CLIENT_ID: &str = "client id";
/// Every kind of character that a careless encoding loses.
const CLIENT_SECRET: &str = "s:e%c+r é/t";

/// A request that reached the provider.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) form: HashMap<String, String>,
}

type Signer = dyn Fn(&Value, &Map<String, Value>) -> String + Send;

/// What the provider does next.
pub(crate) struct Behaviour {
    hosts: Vec<String>,
    pub(crate) document: Value,
    pub(crate) keys: Value,
    pub(crate) header: Value,
    /// Claims that differ from the good ones; `None` leaves one out.
    pub(crate) claims: HashMap<&'static str, Option<Value>>,
    /// Members of the token response that differ.
    pub(crate) response: HashMap<&'static str, Option<Value>>,
    pub(crate) user_info: Value,
    pub(crate) emails: Value,
    /// Makes the ID token from header and claims.
    pub(crate) sign: Box<Signer>,
    /// Status, type and body in the place of an endpoint's answer; `None` is no answer.
    pub(crate) broken: HashMap<&'static str, Option<(u16, &'static str, String)>>,
    grants: HashMap<String, Grant>,
    issued: u32,
    requests: Vec<Recorded>,
}

struct Grant {
    redirect_uri: String,
    challenge: Option<String>,
    nonce: Option<String>,
}

#[derive(Clone)]
pub(crate) struct IdentityProvider {
    state: Arc<Mutex<Behaviour>>,
    issuer: String,
    clock: FrozenClock,
}

/// An HTTP client that reaches these providers and nobody else.
pub(crate) fn client_of(providers: &[&IdentityProvider]) -> FakeHttpClient {
    let providers: Vec<IdentityProvider> = providers.iter().map(|idp| (*idp).clone()).collect();
    FakeHttpClient::new(move |request| {
        let host = request.uri().host().unwrap();
        let found = providers.iter().find(|idp| idp.state().hosts.iter().any(|own| own == host));
        found.unwrap_or_else(|| panic!("a request to {host}")).answer(request)
    })
}

impl IdentityProvider {
    pub(crate) fn new(clock: &FrozenClock) -> Self {
        Self::at("https://id.example", clock)
    }

    pub(crate) fn at(issuer: &str, clock: &FrozenClock) -> Self {
        let document = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
            "jwks_uri": format!("{issuer}/keys"),
        });
        let host = issuer.strip_prefix("https://").unwrap().to_owned();
        let user_info = json!({
            "sub": "248289761001", "name": "Info", "groups": ["staff"],
            "phone_number": "canary-of-userinfo",
        });
        Self::with(issuer, vec![host], document, user_info, clock)
    }

    pub(crate) fn github(clock: &FrozenClock) -> Self {
        let user_info = json!({
            "id": 583_231, "login": "octocat", "name": "The Octocat", "email": null,
            "avatar_url": "https://avatars.example/583231", "plan": "canary-of-userinfo",
        });
        let hosts = vec!["github.com".into(), "api.github.com".into()];
        Self::with("https://github.com/login/oauth", hosts, Value::Null, user_info, clock)
    }

    fn with(
        issuer: &str,
        hosts: Vec<String>,
        document: Value,
        user_info: Value,
        clock: &FrozenClock,
    ) -> Self {
        let emails = json!([
            { "email": "old@example.com", "primary": false, "verified": true },
            { "email": "Octo@Example.com", "primary": true, "verified": true },
        ]);
        let state = Behaviour {
            hosts,
            document,
            keys: json!({ "keys": [rsa_key("one")] }),
            header: json!({ "alg": "RS256", "kid": "one", "typ": "JWT" }),
            claims: HashMap::new(),
            response: HashMap::new(),
            user_info,
            emails,
            sign: Box::new(|header, claims| {
                sign_rs256(&header.to_string(), &Value::Object(claims.clone()).to_string())
            }),
            broken: HashMap::new(),
            grants: HashMap::new(),
            issued: 0,
            requests: Vec::new(),
        };
        let state = Arc::new(Mutex::new(state));
        Self { state, issuer: issuer.into(), clock: clock.clone() }
    }

    /// The typegate provider that belongs to this one.
    pub(crate) fn oidc(&self) -> Oidc {
        self.oidc_as("idp")
    }

    pub(crate) fn oidc_as(&self, id: &str) -> Oidc {
        Oidc::new(id, "Idp", &self.issuer, CLIENT_ID, CLIENT_SECRET)
    }

    pub(crate) fn github_provider() -> GitHub {
        GitHub::new(CLIENT_ID, CLIENT_SECRET)
    }

    /// Changes what it does from now on.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.state());
    }

    /// From now on this endpoint answers so.
    pub(crate) fn break_endpoint(&self, path: &'static str, status: u16, body: &str) {
        self.change(|state| {
            state.broken.insert(path, Some((status, "application/json", body.into())));
        });
    }

    /// The requests since the last call.
    pub(crate) fn requests(&self) -> Vec<Recorded> {
        std::mem::take(&mut self.state().requests)
    }

    /// The paths of the requests since the last call.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.requests().iter().map(|request| request.url.path().to_owned()).collect()
    }

    /// The person at the browser agrees: the address to which the browser is sent back.
    pub(crate) fn authorize(&self, address: &str) -> String {
        let url = Url::parse(address).unwrap();
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let names: HashSet<&String> = pairs.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), pairs.len(), "a parameter is repeated: {address}");
        let query: HashMap<String, String> = pairs.into_iter().collect();
        assert_eq!(query["client_id"], CLIENT_ID);
        assert_eq!(query["response_type"], "code");
        let challenge = query.get("code_challenge").cloned();
        assert_eq!(
            query.get("code_challenge_method").map(|_| "S256"),
            challenge.as_ref().map(|_| "S256")
        );
        let mut state = self.state();
        state.issued += 1;
        // Codes are opaque: whatever stands in them has to come back.
        let code = format!("code {}/+=%&é", state.issued);
        let redirect_uri = query["redirect_uri"].clone();
        let nonce = query.get("nonce").cloned();
        state
            .grants
            .insert(code.clone(), Grant { redirect_uri: redirect_uri.clone(), challenge, nonce });
        let mut back = Url::parse(&redirect_uri).unwrap();
        back.query_pairs_mut().append_pair("code", &code);
        if let Some(value) = query.get("state") {
            back.query_pairs_mut().append_pair("state", value);
        }
        back.into()
    }

    fn state(&self) -> MutexGuard<'_, Behaviour> {
        // A test that fails while it holds the lock should say why, not that it is poisoned.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        let mut state = self.state();
        let url = Url::parse(&request.uri().to_string()).unwrap();
        let form: HashMap<String, String> =
            form_urlencoded::parse(request.body()).into_owned().collect();
        let recorded = Recorded {
            method: request.method().clone(),
            url,
            headers: request.headers().clone(),
            form,
        };
        state.requests.push(recorded.clone());
        let path = recorded.url.path();
        match state.broken.get(path) {
            Some(Some((status, kind, body))) => return Ok(response(*status, kind, body.clone())),
            Some(None) => return Err("the connection was reset".into()),
            None => {}
        }
        assert_eq!(recorded.headers["accept"], "application/json");
        let body = match (recorded.method.as_str(), path) {
            ("GET", "/.well-known/openid-configuration") => state.document.clone(),
            ("GET", "/keys") => state.keys.clone(),
            ("GET", "/userinfo" | "/user" | "/user/emails") => {
                let header = recorded.headers["authorization"].to_str().unwrap();
                let (scheme, token) = header.split_once(' ').unwrap();
                assert!(["bearer", "token"].contains(&&*scheme.to_lowercase()), "{header}");
                assert_eq!(token, format!("at-secret-{}", state.issued));
                let is_list = path == "/user/emails";
                if is_list { state.emails.clone() } else { state.user_info.clone() }
            }
            ("POST", "/token" | "/login/oauth/access_token") => {
                match self.redeem(&mut state, &recorded) {
                    Ok(body) => body,
                    Err(reason) => {
                        let body = json!({ "error": "invalid_grant", "error_description": reason });
                        return Ok(response(400, "application/json", body.to_string()));
                    }
                }
            }
            (method, path) => panic!("a request nobody asked for: {method} {path}"),
        };
        Ok(response(200, "application/json", body.to_string()))
    }

    /// RFC 6749 section 4.1.3 and RFC 7636 section 4.6.
    fn redeem(&self, state: &mut Behaviour, request: &Recorded) -> Result<Value, &'static str> {
        let field = |name: &str| request.form.get(name).cloned().unwrap_or_default();
        if field("grant_type") != "authorization_code" {
            return Err("grant_type");
        }
        if !is_authenticated(request) {
            return Err("client");
        }
        let grant = state.grants.remove(&field("code")).ok_or("code")?;
        if field("redirect_uri") != grant.redirect_uri {
            return Err("redirect_uri");
        }
        let verifier = request.form.get("code_verifier");
        let challenge =
            verifier.map(|text| BASE64URL.encode(digest(&SHA256, text.as_bytes()).as_ref()));
        if challenge != grant.challenge {
            return Err("code_verifier");
        }
        let access_token = format!("at-secret-{}", state.issued);
        let mut response = object(json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": 3600,
            "refresh_token": format!("rt-secret-{}", state.issued),
            "scope": "openid email profile",
        }));
        if !state.document.is_null() {
            let now = self.clock.now().as_second();
            let hash = digest(&SHA256, access_token.as_bytes());
            let mut claims = object(json!({
                "iss": self.issuer,
                "sub": "248289761001",
                "aud": CLIENT_ID,
                "exp": now + 3600,
                "iat": now,
                "at_hash": BASE64URL.encode(&hash.as_ref()[..16]),
                "name": "Jane Doe",
                "email": "Jane@Example.com",
                "picture": "https://id.example/jane.png",
            }));
            if let Some(nonce) = grant.nonce {
                claims.insert("nonce".into(), nonce.into());
            }
            overlay(&mut claims, &state.claims);
            response.insert("id_token".into(), (state.sign)(&state.header, &claims).into());
        }
        overlay(&mut response, &state.response);
        Ok(Value::Object(response))
    }
}

/// `client_secret_basic` or `client_secret_post`, and nothing of it anywhere else.
fn is_authenticated(request: &Recorded) -> bool {
    assert_eq!(request.url.query(), None);
    let (id, secret) = match request.headers.get("authorization") {
        Some(header) => {
            assert!(!request.form.contains_key("client_secret"));
            let encoded = header.to_str().unwrap().strip_prefix("Basic ").unwrap();
            let pair = String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap();
            let (id, secret) = pair.split_once(':').unwrap();
            let decode = |text: &str| {
                let form = format!("x={text}");
                form_urlencoded::parse(form.as_bytes()).next().unwrap().1.into_owned()
            };
            (decode(id), decode(secret))
        }
        None => (request.form["client_id"].clone(), request.form["client_secret"].clone()),
    };
    id == CLIENT_ID && secret == CLIENT_SECRET
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => unreachable!(),
    }
}

fn overlay(members: &mut Map<String, Value>, changes: &HashMap<&'static str, Option<Value>>) {
    for (name, value) in changes {
        match value {
            Some(value) => drop(members.insert((*name).into(), value.clone())),
            None => drop(members.remove(*name)),
        }
    }
}

fn response(status: u16, content_type: &str, body: String) -> Response<Bytes> {
    let response = Response::builder().status(status).header("content-type", content_type);
    response.body(body.into()).unwrap()
}
