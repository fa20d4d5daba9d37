//! The behaviour of the test provider: what it says, and what it remembers.

use std::collections::{HashMap, HashSet};
use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use serde_json::{Value, json};
use url::Url;

use super::IdentityProvider;
use super::device::Device;
use super::fault::Fault;
use super::grant::{Access, Grant};
use crate::model::JsonObject;

type Signer = dyn Fn(&Value, &JsonObject) -> String + Send;

/// An answer in the place of an endpoint's own: status, content type and body.
type Answer = (u16, &'static str, String);

/// A request that reached the test provider.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Received {
    /// The method.
    pub method: Method,
    /// The address.
    pub url: Url,
    /// The headers.
    pub headers: HeaderMap,
    /// The fields of the form, if the body is one.
    pub form: HashMap<String, String>,
    /// The body.
    pub body: Bytes,
}

impl Received {
    pub(in crate::testing) fn new(request: &Request<Bytes>, url: Url) -> Self {
        Self {
            method: request.method().clone(),
            url,
            headers: request.headers().clone(),
            form: form_urlencoded::parse(request.body()).into_owned().collect(),
            body: request.body().clone(),
        }
    }
}

/// What the test provider says from now on; see [`IdentityProvider::change`].
///
/// ```
/// use serde_json::json;
/// use typegate::testing::IdentityProvider;
///
/// let idp = IdentityProvider::new();
/// idp.change(|idp| {
///     idp.claims.insert("email", Some(json!("ada@example.com")));
///     idp.claims.insert("picture", None);
///     idp.document["require_pushed_authorization_requests"] = true.into();
/// });
/// ```
#[non_exhaustive]
pub struct Behaviour {
    /// Whether it is an OpenID Connect provider: discovery and ID tokens.
    pub is_openid_connect: bool,
    /// The hosts under which it can be reached.
    pub hosts: Vec<String>,
    /// The discovery document; endpoints are where it says.
    pub document: Value,
    /// The JWK set.
    pub keys: Value,
    /// The header of ID tokens.
    pub header: Value,
    /// Claims that differ from the good ones; `None` leaves one out.
    pub claims: HashMap<&'static str, Option<Value>>,
    /// Members of the token response that differ; `None` leaves one out.
    pub response: HashMap<&'static str, Option<Value>>,
    /// What the userinfo endpoint says.
    pub user_info: Value,
    /// What other addresses say to the bearer of the access token, by path.
    pub resources: HashMap<&'static str, Value>,
    /// Makes the ID token from header and claims, in the place of the built-in key.
    pub sign: Option<Box<Signer>>,
    /// Status, content type and body in the place of an endpoint's answer, by path; `None` is a
    /// broken connection.
    pub broken: HashMap<&'static str, Option<Answer>>,
    /// Further parameters of the form or query that leads back, such as Apple's `user`.
    pub callback: Vec<(&'static str, String)>,
    /// The id of the registered client.
    pub client_id: String,
    /// The secret of the registered client.
    pub client_secret: String,
    /// The public keys of the registered client, a JWK set: `private_key_jwt` and generated
    /// secrets are verified with them.
    pub client_keys: Value,
}

impl Behaviour {
    pub(super) fn new(document: Value, key: &Value) -> Self {
        let issuer = document.get("issuer").and_then(Value::as_str).unwrap_or_default();
        let host = Url::parse(issuer).ok().and_then(|url| url.host_str().map(Into::into));
        Self {
            is_openid_connect: true,
            hosts: host.into_iter().collect(),
            document,
            keys: json!({ "keys": [key] }),
            header: json!({ "alg": "RS256", "kid": "one", "typ": "JWT" }),
            claims: HashMap::new(),
            response: HashMap::new(),
            user_info: json!({ "sub": IdentityProvider::SUBJECT, "name": "Info", "groups": ["staff"] }),
            resources: HashMap::new(),
            sign: None,
            broken: HashMap::new(),
            callback: Vec::new(),
            client_id: IdentityProvider::CLIENT_ID.into(),
            client_secret: IdentityProvider::CLIENT_SECRET.into(),
            client_keys: json!({ "keys": [] }),
        }
    }
}

impl fmt::Debug for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Behaviour").field("document", &self.document).finish_non_exhaustive()
    }
}

/// Everything behind the lock.
pub(super) struct State {
    pub(super) behaviour: Behaviour,
    pub(super) fault: Option<Fault>,
    pub(super) requests: Vec<Received>,
    pub(super) issued: u32,
    /// Codes, each good once.
    pub(super) codes: HashMap<String, Grant>,
    /// Refresh tokens, each good once.
    pub(super) refresh_tokens: HashMap<String, Grant>,
    /// Access tokens that were given.
    pub(super) access_tokens: HashMap<String, Access>,
    /// Device codes, each good once.
    pub(super) devices: HashMap<String, Device>,
    /// Pushed parameters, each good once.
    pub(super) pushed: HashMap<String, Vec<(String, String)>>,
    /// The `jti` of statements of the client: none counts twice.
    pub(super) statements: HashSet<String>,
}

impl State {
    pub(super) fn new(behaviour: Behaviour) -> Self {
        Self {
            behaviour,
            fault: None,
            requests: Vec::new(),
            issued: 0,
            codes: HashMap::new(),
            refresh_tokens: HashMap::new(),
            access_tokens: HashMap::new(),
            devices: HashMap::new(),
            pushed: HashMap::new(),
            statements: HashSet::new(),
        }
    }

    pub(super) fn is(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }
}

/// Replaces a member; what is no object stays as it is.
pub(super) fn set(object: &mut Value, name: &str, value: impl Into<Value>) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.into(), value.into());
    }
}

/// Lays changes over the members of an object.
pub(super) fn overlay(members: &mut JsonObject, changes: &HashMap<&'static str, Option<Value>>) {
    for (name, value) in changes {
        match value {
            Some(value) => drop(members.insert((*name).into(), value.clone())),
            None => drop(members.remove(*name)),
        }
    }
}
