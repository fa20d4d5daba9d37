//! Client authentication (RFC 6749 section 2.3, RFC 7523 section 2.2, OpenID Connect Core section
//! 9).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use jiff::Timestamp;
use serde_json::json;
use url::Url;

use super::{
    ClientAuthentication, Exchange, OAuthClient, Placeholders, Proof, ProviderMetadata,
    TokenEndpoint,
};
use crate::crypto::random;
use crate::crypto::secret::ClientSecret;
use crate::error::BoxError;
use crate::jose::JwsSigner;
use crate::model::JsonObject;
use crate::web::percent_encode;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long a signed statement is good, in seconds; v4's value.
const ASSERTION_LIFETIME: i64 = 60;

/// What a provider declares of its token endpoint, and what its placeholders stand for.
pub(super) struct Declared<'a> {
    pub(super) endpoint: &'a TokenEndpoint,
    /// Nothing where tokens are refreshed.
    pub(super) exchange: Option<Exchange<'a>>,
}

/// A POST of a form to an endpoint that asks who the client is: what identifies it comes behind the
/// parameters, as in v4, and last what the provider declares beyond the standard.
pub(super) fn authenticated_form(
    endpoint: &Url,
    parameters: &[(&str, &str)],
    declared: Option<&Declared<'_>>,
    client: &OAuthClient,
    metadata: &ProviderMetadata,
    now: Timestamp,
) -> Result<Request<Bytes>, BoxError> {
    let placeholders = Placeholders {
        client,
        exchange: declared.and_then(|declared| declared.exchange),
        tokens: None,
    };
    let declared = declared.map(|declared| declared.endpoint);
    let mut url = endpoint.clone();
    for (name, value) in declared.iter().flat_map(|all| placeholders.fill_all(&all.query)) {
        url.query_pairs_mut().append_pair(name, &value);
    }
    let mut builder = Request::post(url.as_str())
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in declared.iter().flat_map(|all| placeholders.fill_all(&all.headers)) {
        builder = builder.header(name, value);
    }
    let mut form = form_urlencoded::Serializer::new(String::new());
    let only_declared = declared.is_some_and(|all| all.only_declared_form);
    // A form that is declared as a whole is one that exchanges a code. To refresh tokens, the two
    // members that say so take the place of the declared ones.
    let is_exchange = placeholders.exchange.is_some();
    if !(only_declared && is_exchange) {
        form.extend_pairs(parameters);
    }
    // A pushed authorization request has the id among its parameters (RFC 9126 section 2.1), and
    // no parameter may be repeated.
    let has = |name: &str| parameters.iter().any(|(other, _)| *other == name);
    let identify = |form: &mut form_urlencoded::Serializer<'_, String>| {
        if !has("client_id") {
            form.append_pair("client_id", &client.id);
        }
    };
    let method = if only_declared { None } else { Some(method(client, metadata, now)?) };
    match method {
        Some(Method::Basic(secret)) => {
            let pair = format!("{}:{}", form_encode(&client.id), form_encode(secret.expose()));
            builder = builder.header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(pair)));
        }
        Some(Method::Post(secret)) => {
            identify(&mut form);
            form.append_pair("client_secret", secret.expose());
        }
        Some(Method::Assertion(assertion)) => {
            identify(&mut form);
            form.append_pair("client_assertion", &assertion);
            form.append_pair("client_assertion_type", ASSERTION_TYPE);
        }
        Some(Method::None) => identify(&mut form),
        None => {}
    }
    for (name, value) in declared.iter().flat_map(|all| placeholders.fill_all(&all.form)) {
        if is_exchange || !has(name) {
            form.append_pair(name, &value);
        }
    }
    Ok(builder.body(form.finish().into())?)
}

/// How the client authenticates, and by what.
pub(super) enum Method {
    Basic(ClientSecret),
    Post(ClientSecret),
    Assertion(String),
    None,
}

pub(super) fn method(
    client: &OAuthClient,
    metadata: &ProviderMetadata,
    now: Timestamp,
) -> Result<Method, BoxError> {
    let secret = match &client.proof {
        Proof::Nothing => return Ok(Method::None),
        Proof::PrivateKey { key, audience } => {
            let audience = audience.as_deref();
            return Ok(Method::Assertion(assertion(&key.0, client, metadata, audience, now)?));
        }
        Proof::Secret(secret) => secret.clone(),
        Proof::GeneratedSecret(secret) => secret.current(&client.id, now)?,
    };
    Ok(match client.authentication {
        ClientAuthentication::Basic => Method::Basic(secret),
        ClientAuthentication::Post => Method::Post(secret),
        ClientAuthentication::SecretJwt => {
            let key = JwsSigner::hmac(secret.expose().as_bytes());
            Method::Assertion(assertion(&key, client, metadata, None, now)?)
        }
        ClientAuthentication::None => Method::None,
        ClientAuthentication::Automatic => {
            if takes_post_only(metadata) {
                Method::Post(secret)
            } else {
                Method::Basic(secret)
            }
        }
    })
}

/// The method by its registered name (RFC 7591 section 2).
pub(super) fn method_name(
    client: &OAuthClient,
    metadata: Option<&ProviderMetadata>,
) -> &'static str {
    match (&client.proof, client.authentication) {
        (Proof::PrivateKey { .. }, _) => "private_key_jwt",
        (Proof::Nothing, _) | (_, ClientAuthentication::None) => "none",
        (_, ClientAuthentication::SecretJwt) => "client_secret_jwt",
        (_, ClientAuthentication::Post) => "client_secret_post",
        (_, ClientAuthentication::Automatic) if metadata.is_some_and(takes_post_only) => {
            "client_secret_post"
        }
        (_, ClientAuthentication::Basic | ClientAuthentication::Automatic) => "client_secret_basic",
    }
}

/// Whether a provider announces that it takes the secret in the form, and nowhere else.
fn takes_post_only(metadata: &ProviderMetadata) -> bool {
    let announced = metadata.token_endpoint_auth_methods_supported.as_deref().unwrap_or_default();
    let has = |name: &str| announced.iter().any(|method| method == name);
    !has("client_secret_basic") && has("client_secret_post")
}

/// A statement of the client about itself, made for one request. It is addressed to the issuer
/// and to nobody else, so that no other server can use it; v4 does the same.
fn assertion(
    key: &JwsSigner,
    client: &OAuthClient,
    metadata: &ProviderMetadata,
    audience: Option<&str>,
    now: Timestamp,
) -> Result<String, BoxError> {
    let audience = audience.or(metadata.issuer.as_deref());
    let audience = audience.unwrap_or(metadata.token_endpoint.as_str());
    let now = now.as_second();
    let mut claims = JsonObject::new();
    for (name, value) in [
        ("iat", json!(now)),
        ("exp", json!(now + ASSERTION_LIFETIME)),
        ("jti", json!(random::url_safe_token()?)),
        ("iss", json!(client.id)),
        ("sub", json!(client.id)),
        ("aud", json!(audience)),
    ] {
        claims.insert(name.into(), value);
    }
    Ok(key.sign(&claims)?)
}

/// RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
fn form_encode(text: &str) -> String {
    percent_encode(text).replace("%20", "+")
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::Value;

    use super::*;
    use crate::jose::{KeySet, SignatureAlgorithm, SignedToken};
    use crate::oauth::{GeneratedSecret, PrivateKey};

    const NOW: i64 = 1_700_000_000;
    const SECRET: &str = "a secret of at least thirty-two bytes";

    fn form(client: impl Into<OAuthClient>, issuer: Option<&str>) -> HashMap<String, String> {
        let endpoint: Url = "https://id.example/token".parse().unwrap();
        let metadata = ProviderMetadata {
            issuer: issuer.map(Into::into),
            token_endpoint_auth_methods_supported: Some(vec!["client_secret_post".into()]),
            ..ProviderMetadata::at(endpoint.clone())
        };
        let now = Timestamp::from_second(NOW).unwrap();
        let parameters = [("grant_type", "x"), ("client_id", "client")];
        let client = client.into();
        let request =
            authenticated_form(&endpoint, &parameters, None, &client, &metadata, now).unwrap();
        assert!(!request.headers().contains_key(AUTHORIZATION));
        let pairs: Vec<_> = form_urlencoded::parse(request.body()).into_owned().collect();
        assert_eq!(pairs.iter().filter(|(name, _)| name == "client_id").count(), 1);
        pairs.into_iter().collect()
    }

    fn check(claims: &JsonObject, audience: &str) -> String {
        for (name, value) in [
            ("iss", json!("client")),
            ("sub", json!("client")),
            ("aud", json!(audience)),
            ("iat", json!(NOW)),
            ("exp", json!(NOW + 60)),
        ] {
            assert_eq!(claims.get(name), Some(&value), "{name}");
        }
        claims.get("jti").and_then(Value::as_str).unwrap().to_owned()
    }

    #[test]
    fn r023_a_private_key_signs_a_statement_for_one_reader_and_one_use() {
        let pem = include_str!("../../tests/data/keys/p256.pem");
        let key = PrivateKey::from_pem(pem).unwrap().key_id("one");
        let set = KeySet::from_json(&json!({ "keys": [key.0.public_jwk()] })).unwrap();
        let client = OAuthClient::with_private_key("client", key);
        let mut uses = std::collections::HashSet::new();
        for (client, issuer, audience) in [
            (client.clone(), Some("https://id.example"), "https://id.example"),
            (client.clone(), None, "https://id.example/token"),
            (
                client.audience("https://other.example"),
                Some("https://id.example"),
                "https://other.example",
            ),
        ] {
            let form = form(client, issuer);
            assert_eq!(form["client_id"], "client");
            assert_eq!(form["client_assertion_type"], ASSERTION_TYPE);
            assert!(!form.contains_key("client_secret"));
            let token = &form["client_assertion"];
            let parsed = SignedToken::parse(token, &[SignatureAlgorithm::Es256]).unwrap();
            assert!(uses.insert(check(&parsed.verify(&set).unwrap(), audience)));
        }
    }

    #[test]
    fn r023_a_secret_that_signs_is_not_sent() {
        let client = OAuthClient::new("client", SECRET.into());
        let form = form(client.authentication(ClientAuthentication::SecretJwt), Some("issuer"));
        assert!(!form.contains_key("client_secret"));
        let parsed =
            SignedToken::parse(&form["client_assertion"], &[SignatureAlgorithm::Hs256]).unwrap();
        check(&parsed.verify_hmac(&SECRET.into()).unwrap(), "issuer");
    }

    #[test]
    fn r023_a_generated_secret_goes_where_a_secret_goes() {
        let pem = include_str!("../../tests/data/keys/p256.pem");
        let secret = GeneratedSecret::signed_by("team", PrivateKey::from_pem(pem).unwrap())
            .for_audience("issuer");
        let form = form(OAuthClient::with_generated_secret("client", secret), Some("issuer"));
        assert_eq!(form["client_secret"].split('.').count(), 3);
        assert!(!form.contains_key("client_assertion"));
    }
}
