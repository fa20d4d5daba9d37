//! The endpoints of the test provider, and the answer of each.

use std::collections::HashMap;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, LOCATION};
use http::{Method, Request, Response};
use serde_json::{Value, json};
use url::Url;

use super::authorize::authorize;
use super::behaviour::{Received, State, set};
use super::client_authentication::is_authenticated;
use super::device::device_authorization;
use super::fault::Fault;
use super::grant::{Refused, token};
use super::issued::{introspect, revoke};
use crate::error::BoxError;

const ENDPOINTS: [&str; 9] = [
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "pushed_authorization_request_endpoint",
    "end_session_endpoint",
    "device_authorization_endpoint",
    "introspection_endpoint",
    "revocation_endpoint",
];

pub(super) fn answer(
    state: &mut State,
    issuer: &str,
    now: i64,
    request: &Request<Bytes>,
) -> Result<Response<Bytes>, BoxError> {
    // A request that came over a connection has a path only.
    let url = Url::parse(issuer)?.join(&request.uri().to_string())?;
    let received = Received::new(request, url);
    state.requests.push(received.clone());
    let path = received.url.path();
    match state.behaviour.broken.get(path) {
        Some(Some((status, kind, body))) => return Ok(plain(*status, kind, body.clone())),
        Some(None) => return Err("the connection was reset".into()),
        None => {}
    }
    let endpoint = ENDPOINTS.into_iter().find(|name| {
        let url = state.behaviour.document.get(*name).and_then(Value::as_str);
        url.and_then(|url| Url::parse(url).ok()).is_some_and(|url| url.path() == path)
    });
    let method = &received.method;
    let is_browser = matches!(endpoint, Some("authorization_endpoint" | "end_session_endpoint"));
    let wants_json = received.headers.get(ACCEPT).is_some_and(|kind| kind == "application/json");
    if !is_browser && !wants_json {
        return Ok(plain(406, "text/plain", "the answer is JSON".into()));
    }
    Ok(match (method, endpoint) {
        (&Method::GET, Some("authorization_endpoint")) => {
            match authorize(state, received.url.as_str()) {
                Ok(response) => response.to_browser(),
                Err(refused) => plain(400, "text/plain", refused.to_string()),
            }
        }
        (&Method::GET, Some("end_session_endpoint")) => end_session(&received.url),
        (&Method::GET, Some("jwks_uri")) if state.is(Fault::NoKeys) => json(500, &json!({})),
        (&Method::GET, Some("jwks_uri")) => json(200, &state.behaviour.keys),
        (&Method::POST, Some("token_endpoint")) => token_answer(state, issuer, now, &received),
        (&Method::POST, Some("pushed_authorization_request_endpoint")) => {
            push(state, issuer, now, &received, request.body())
        }
        (&Method::POST, Some("device_authorization_endpoint")) => {
            outcome(device_authorization(state, issuer, now, &received))
        }
        (&Method::POST, Some("introspection_endpoint")) => {
            outcome(introspect(state, issuer, now, &received))
        }
        (&Method::POST, Some("revocation_endpoint")) => {
            match revoke(state, issuer, now, &received) {
                Ok(()) => plain(200, "text/plain", String::new()),
                Err(refused) => outcome(Err(refused)),
            }
        }
        (&Method::GET, Some("userinfo_endpoint")) => {
            let mut user_info = state.behaviour.user_info.clone();
            if state.is(Fault::UserInfoOfSomebodyElse) {
                set(&mut user_info, "sub", "somebody else");
            }
            resource(state, &received, &user_info)
        }
        (&Method::GET, None) => {
            let suffix = "/.well-known/openid-configuration";
            let resource_here = state.behaviour.resources.get(path).cloned();
            if let Some(value) = resource_here {
                resource(state, &received, &value)
            } else if path.ends_with(suffix) && state.behaviour.is_openid_connect {
                let mut document = state.behaviour.document.clone();
                if state.is(Fault::WrongIssuerInDiscovery) {
                    set(&mut document, "issuer", "https://other.example");
                }
                json(200, &document)
            } else {
                json(404, &json!({}))
            }
        }
        _ => json(404, &json!({})),
    })
}

fn token_answer(state: &mut State, issuer: &str, now: i64, request: &Received) -> Response<Bytes> {
    match state.fault {
        Some(Fault::TokenEndpointRedirects) => {
            let mut answer = redirect("https://other.example/token");
            *answer.status_mut() = http::StatusCode::TEMPORARY_REDIRECT;
            return answer;
        }
        Some(Fault::TokenEndpointIsNotJson) => {
            return plain(200, "text/html", "<h1>We are back soon</h1>".into());
        }
        _ => {}
    }
    outcome(token(state, issuer, now, request))
}

/// A body, or the error of RFC 6749 section 5.2.
fn outcome(outcome: Result<Value, Refused>) -> Response<Bytes> {
    match outcome {
        Ok(body) => json(200, &body),
        Err((error, what)) => {
            let status = if error == "invalid_client" { 401 } else { 400 };
            json(status, &json!({ "error": error, "error_description": what }))
        }
    }
}

/// RFC 9126 section 2.
fn push(
    state: &mut State,
    issuer: &str,
    now: i64,
    request: &Received,
    body: &[u8],
) -> Response<Bytes> {
    if !is_authenticated(state, issuer, now, request) {
        return json(401, &json!({ "error": "invalid_client" }));
    }
    let proof = ["client_secret", "client_assertion", "client_assertion_type"];
    let parameters: Vec<(String, String)> = form_urlencoded::parse(body)
        .into_owned()
        .filter(|(name, _)| !proof.contains(&name.as_str()))
        .collect();
    let field = |name: &str| request.form.get(name);
    if field("request_uri").is_some() || field("client_id").is_none() {
        return json(400, &json!({ "error": "invalid_request" }));
    }
    let reference = format!("urn:ietf:params:oauth:request_uri:{}", state.pushed.len() + 1);
    state.pushed.insert(reference.clone(), parameters);
    json(201, &json!({ "request_uri": reference, "expires_in": 60 }))
}

/// OpenID Connect RP-Initiated Logout 1.0 section 2.
fn end_session(url: &Url) -> Response<Bytes> {
    let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
    let target = query.get("post_logout_redirect_uri").and_then(|target| Url::parse(target).ok());
    match target {
        Some(mut target) => {
            if let Some(state) = query.get("state") {
                target.query_pairs_mut().append_pair("state", state);
            }
            redirect(target.as_str())
        }
        None => plain(200, "text/plain", "signed out".into()),
    }
}

/// What the bearer of an access token gets (RFC 6750 section 2.1). GitHub says `token`.
fn resource(state: &State, request: &Received, value: &Value) -> Response<Bytes> {
    let header = request.headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok());
    let token = header.and_then(|header| header.split_once(' ')).filter(|(scheme, _)| {
        scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token")
    });
    match token {
        Some((_, token)) if state.access_tokens.contains_key(token) => json(200, value),
        _ => json(401, &json!({ "error": "invalid_token" })),
    }
}

pub(super) fn plain(status: u16, kind: &'static str, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static(kind));
    response
}

fn json(status: u16, body: &Value) -> Response<Bytes> {
    plain(status, "application/json", body.to_string())
}

pub(super) fn redirect(target: &str) -> Response<Bytes> {
    let mut response = plain(302, "text/plain", String::new());
    if let Ok(target) = http::HeaderValue::from_str(target) {
        response.headers_mut().insert(LOCATION, target);
    }
    response
}
