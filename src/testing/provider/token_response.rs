//! The token response (RFC 6749 section 5.1): the recorded members, with tokens that are valid now.

use serde_json::{Value, json};

use super::failure::Failure;
use super::recording::{Recording, members};
use crate::jose::{JwsSigner, SignatureAlgorithm};
use crate::model::JsonObject;
use crate::oauth::{OAuthDefinition, TENANT};
use crate::testing::identity_provider::key_for;

/// Everything that is signed in the provider's name.
pub(super) struct Tokens {
    members: JsonObject,
    /// Where in the answer the tokens are.
    select: Option<String>,
    id_token: Option<IdToken>,
    /// Signs the userinfo answer.
    user_info: Option<JwsSigner>,
}

struct IdToken {
    key: JwsSigner,
    claims: JsonObject,
}

impl Tokens {
    pub(super) fn oauth(
        definition: &OAuthDefinition,
        recording: &Recording,
        now: i64,
    ) -> Result<Self, Failure> {
        let id_token = definition.endpoints.is_openid_connect().then(|| {
            let key = signer(definition, definition.id_token_algorithm.unwrap_or_default())?;
            Ok::<_, Failure>(IdToken { key, claims: claims(definition, recording, now) })
        });
        let signed = definition.user_info_endpoint.signed;
        Ok(Self {
            members: members(recording.tokens.as_ref()),
            select: definition.token_endpoint.select.clone(),
            id_token: id_token.transpose()?,
            user_info: signed.map(|algorithm| signer(definition, algorithm)).transpose()?,
        })
    }

    /// OAuth 1.0a has texts only, and nothing is signed for the client.
    pub(super) fn oauth1(recording: &Recording) -> Self {
        let mut tokens = members(recording.tokens.as_ref());
        for (name, value) in [("oauth_token", "token"), ("oauth_token_secret", "token secret")] {
            tokens.entry(name).or_insert_with(|| value.into());
        }
        Self { members: tokens, select: None, id_token: None, user_info: None }
    }

    /// The token endpoint's answer to a sign-in with that nonce.
    pub(super) fn response(&self, nonce: Option<&str>) -> Value {
        let mut answer = Value::Object(self.members.clone());
        let selected = match &self.select {
            // Recorded as a whole, or only the part that is selected.
            Some(pointer) if answer.pointer(pointer).is_some() => answer.pointer_mut(pointer),
            _ => Some(&mut answer),
        };
        if let Some(tokens) = selected.and_then(Value::as_object_mut) {
            if !tokens.contains_key("access_token") {
                tokens.insert("access_token".into(), Recording::ACCESS_TOKEN.into());
                tokens.entry("token_type").or_insert_with(|| "Bearer".into());
            }
            if let Some(IdToken { key, claims }) = &self.id_token {
                let mut claims = claims.clone();
                claims.extend(nonce.map(|nonce| ("nonce".to_owned(), nonce.into())));
                tokens.insert("id_token".into(), key.sign(&claims).unwrap_or_default().into());
            }
        }
        answer
    }

    /// The token endpoint's answer in OAuth 1.0a (RFC 5849 section 2.3).
    pub(super) fn form(&self) -> String {
        let texts = self.members.iter().map(|(name, value)| {
            (name, value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned))
        });
        form_urlencoded::Serializer::new(String::new()).extend_pairs(texts).finish()
    }

    /// The userinfo endpoint's answer: JSON, or a JWT.
    pub(super) fn user_info(&self, answer: &Value) -> String {
        match &self.user_info {
            None => answer.to_string(),
            Some(key) => key.sign(&members(Some(answer))).unwrap_or_default(),
        }
    }

    /// The keys of all of that.
    pub(super) fn key_set(&self) -> Value {
        let id_token = self.id_token.as_ref().map(|token| &token.key);
        let keys: Vec<Value> =
            id_token.into_iter().chain(&self.user_info).map(JwsSigner::public_jwk).collect();
        json!({ "keys": keys })
    }
}

fn claims(definition: &OAuthDefinition, recording: &Recording, now: i64) -> JsonObject {
    let mut claims = members(recording.claims.as_ref());
    if let Some(subject) = recording.user_info.as_ref().and_then(|answer| answer.get("sub")) {
        claims.entry("sub").or_insert_with(|| subject.clone());
    }
    if !claims.contains_key("iss") {
        let issuer = recording.issuer.as_ref().or(definition.endpoints.issuer.as_ref());
        let tenant = definition.endpoints.tenant_claim.as_ref().and_then(|name| claims.get(name));
        let issuer = issuer.cloned().unwrap_or_default();
        let issuer = match tenant.and_then(Value::as_str) {
            Some(tenant) => issuer.replace(TENANT, tenant),
            None => issuer,
        };
        claims.insert("iss".into(), issuer.into());
    }
    for name in ["azp", "nbf", "nonce", "at_hash", "c_hash"] {
        claims.remove(name);
    }
    for (name, value) in [
        ("aud", definition.client.id.as_str().into()),
        ("iat", now.into()),
        ("exp", Value::from(now + 3600)),
    ] {
        claims.insert(name.into(), value);
    }
    claims
}

/// A key whose algorithm the provider is expected to use.
fn signer(
    definition: &OAuthDefinition,
    algorithm: SignatureAlgorithm,
) -> Result<JwsSigner, Failure> {
    let key = match (algorithm, definition.client.secret()) {
        (SignatureAlgorithm::Hs256, Some(secret)) => {
            Some(JwsSigner::hmac(secret.expose().as_bytes()))
        }
        (SignatureAlgorithm::Hs256, None) => None,
        _ => key_for(algorithm),
    };
    key.ok_or(Failure::NoKey(algorithm.as_str()))
}
