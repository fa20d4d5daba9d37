//! The userinfo request (OpenID Connect Core section 5.3), and the raw profile: the ID token's
//! claims, the answer of the userinfo endpoint, or both.

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method, Request, Response};
use serde_json::Value;
use url::Url;

use super::definition::raw_profile::{address_text, says_proven};
use super::issued_token::Parties;
use super::provider_signature::verified_by_keys;
use super::{Asker, OAuthDefinition, Placeholders, RelyingParty, TokenResponse, UserInfoRequest};
use crate::crypto::secret::ClientSecret;
use crate::error::{BoxError, OAuthError, Quoted};
use crate::jose::{SignatureAlgorithm, SignedToken};
use crate::json::unambiguous;
use crate::model::email_address::EmailAddress;
use crate::model::{JsonObject, TokenSet};
use crate::web::outbound::{AnswerError, ask, check_status, json};
use crate::web::{Fields, percent_encode};

impl RelyingParty {
    /// The raw profile. In this order: the userinfo request, where there is one, and its subject;
    /// declared members; fields of the form that the browser posted, if it did; the definition's
    /// hook.
    pub(crate) async fn user_info(
        &self,
        response: &TokenResponse,
        form: Option<&Fields>,
    ) -> Result<Value, OAuthError> {
        let definition = &*self.definition;
        let call = Call { relying_party: self, response };
        let mut raw = match &response.claims {
            Some(claims) if !definition.fetch_user_info => claims.clone(),
            Some(claims) => {
                let answer = call.fetch().await?;
                // OpenID Connect Core section 5.3.2: otherwise nothing of the answer may be used.
                let subject = claims.get("sub").filter(|subject| subject.is_string());
                if subject.is_none() || answer.get("sub") != subject {
                    return Err(OAuthError::UserInfoSubject("is about another subject"));
                }
                merged(claims.clone(), answer)
            }
            None => call.fetch().await?,
        };
        for (name, value) in call.placeholders().fill_all(&definition.user_info_endpoint.add) {
            raw.insert(name.to_owned(), value.into());
        }
        for name in &definition.user_info_endpoint.callback_fields {
            if let Some(text) = form.and_then(|form| form.text(name)) {
                raw.entry(name).or_insert_with(|| posted(text));
            }
        }
        let raw = Value::Object(raw);
        let Some(hook) = &definition.user_info_hook else { return Ok(raw) };
        let request = UserInfoRequest {
            raw,
            tokens: &response.tokens,
            endpoint: response.metadata.userinfo_endpoint.as_ref(),
            links_by_email: definition.common.dangerously_link_by_email,
            client: &*self.http_client,
            remarks: &self.server.remarks,
        };
        hook.complete(request).await.map_err(OAuthError::UserInfo)
    }
}

/// A field that the browser posted: JSON, such as Apple's `user`, or a text.
fn posted(text: &str) -> Value {
    let of_text = || match serde_json::from_str(text) {
        Ok(Value::String(text)) => unambiguous::storable(text).into(),
        Ok(value @ (Value::Bool(_) | Value::Number(_) | Value::Null)) => value,
        _ => unambiguous::storable(text.to_owned()).into(),
    };
    unambiguous::document(text.as_bytes()).unwrap_or_else(|_| of_text())
}

const VERIFIED: &str = "email_verified";

/// Both together; where they differ, the ID token's.
fn merged(mut claims: JsonObject, mut answer: JsonObject) -> JsonObject {
    let address = |object: &JsonObject| {
        let text = object.get("email").and_then(address_text);
        text.and_then(|text| EmailAddress::of_provider(text).ok())
    };
    let is_of_one_address = match (address(&claims), address(&answer)) {
        (None, None) => claims.get("email") == answer.get("email"),
        (token, info) => token == info,
    };
    let verified = |object: &JsonObject| object.get(VERIFIED).and_then(says_proven);
    if verified(&claims) == Some(false) || verified(&answer) == Some(false) {
        // Where one of them denies the proof there is none, whatever address it speaks of.
        let denies = |word: &Value| says_proven(word) == Some(false);
        let denial = answer.remove(VERIFIED).filter(denies);
        if let Some(word) = denial.filter(|_| verified(&claims) != Some(false)) {
            claims.insert(VERIFIED.to_owned(), word);
        }
    } else if !is_of_one_address {
        // A proof is of the address beside it, and no other.
        let has_address = claims.contains_key("email");
        let silent = if has_address { &mut answer } else { &mut claims };
        silent.remove(VERIFIED);
    }
    for (name, value) in answer {
        claims.entry(name).or_insert(value);
    }
    claims
}

/// What the userinfo endpoint answered.
enum Answer {
    Signed(Bytes, SignatureAlgorithm),
    Unsigned(Value),
}

/// An object, or a list of which an entry may be selected. Some providers refuse with the status 200.
fn unsigned(answer: &Response<Bytes>, sent: &[&str]) -> Result<Value, AnswerError> {
    let answer = json(answer, sent)?;
    let refusal = answer.as_object().and_then(|answer| AnswerError::inside(answer, sent));
    refusal.map_or(Ok(answer), Err)
}

/// One userinfo request: by whom, and with which tokens.
#[derive(Clone, Copy)]
struct Call<'a> {
    relying_party: &'a RelyingParty,
    response: &'a TokenResponse,
}

impl<'a> Call<'a> {
    fn definition(self) -> &'a OAuthDefinition {
        &self.relying_party.definition
    }

    fn tokens(self) -> &'a TokenSet {
        &self.response.tokens
    }

    fn placeholders(self) -> Placeholders<'a> {
        let client = &self.definition().client;
        Placeholders { client, exchange: None, tokens: Some(self.tokens()) }
    }

    async fn fetch(self) -> Result<JsonObject, OAuthError> {
        let endpoint = self.response.metadata.userinfo_endpoint.as_ref();
        let endpoint = endpoint.ok_or(OAuthError::MissingEndpoint("userinfo_endpoint"))?;
        // A discovered one is the provider's, and is told nothing that it asks for.
        let is_declared = self.definition().endpoints.userinfo_endpoint.is_some();
        // The parser escapes braces in a path; no vendor's path has others.
        let template =
            is_declared.then(|| endpoint.as_str().replace("%7B", "{").replace("%7D", "}"));
        let address = match &template {
            Some(template) => self.filled(template).map_err(OAuthError::UserInfo)?,
            None => endpoint.clone(),
        };
        // A description that places the token knows of which type it is.
        let places_access_token =
            self.definition().user_info_endpoint.places_access_token(template.as_deref());
        let token_type = self.tokens().token_type().unwrap_or("Bearer");
        // RFC 6749 section 7.1: a type that is not understood must not be used.
        if !places_access_token && !token_type.eq_ignore_ascii_case("bearer") {
            return Err(OAuthError::TokenResponse("has a token type other than bearer"));
        }
        let authorization = (!places_access_token).then_some(token_type);
        let request = self.request(address, authorization);
        let request = request.map_err(OAuthError::UserInfo)?;
        let shape = &self.definition().user_info_endpoint;
        let sent = self.sent();
        let read = |answer: &Response<Bytes>| match shape.signed {
            Some(algorithm) => check_status(answer, &sent)
                .map(|()| Answer::Signed(answer.body().clone(), algorithm)),
            None => unsigned(answer, &sent).map(Answer::Unsigned),
        };
        let client = &*self.relying_party.http_client;
        let answer = ask(client, request, &sent, read).await.map_err(|failed| {
            let advised = failed.advised(|answer| self.advice(answer));
            OAuthError::UserInfo(advised.into())
        })?;
        let mut profile = match answer {
            Answer::Signed(token, algorithm) => {
                Value::Object(self.verified(&token, algorithm).await?)
            }
            Answer::Unsigned(profile) => profile,
        };
        if let Some(pointer) = &shape.select {
            profile = profile.pointer_mut(pointer).map(Value::take).unwrap_or_default();
        }
        match profile {
            Value::Object(profile) => Ok(profile),
            Value::Array(_) => Err(OAuthError::UserInfoSubject(
                "is a list: say which entry is the profile, by `UserInfoEndpoint::select(\"[0]\")`, in \
                 a derive by `userinfo_endpoint(.., select = \"[0]\")`, or in a file by \
                 `userinfo_select = \"[0]\"`",
            )),
            _ => Err(OAuthError::UserInfoSubject("has no profile where it was expected")),
        }
    }

    /// What the provider was told and must not be repeated.
    fn sent(self) -> Vec<&'a str> {
        let tokens = self.tokens();
        let tokens = [tokens.access_token(), tokens.refresh_token(), tokens.id_token()];
        let secret = self.definition().client.secret().map(ClientSecret::expose);
        tokens.into_iter().chain([secret, Some(&*self.response.code)]).flatten().collect()
    }

    fn advice(self, answer: &AnswerError) -> Option<String> {
        let AnswerError::Status { status: 401 | 403, .. } = answer else { return None };
        let scope = self.definition().scope().unwrap_or_default();
        Some(format!(
            "the endpoint does not take the access token: see that `userinfo_endpoint` belongs to \
             the token endpoint, and that the scope, {}, is one that it wants",
            Quoted(scope)
        ))
    }

    fn filled(self, template: &str) -> Result<Url, BoxError> {
        let url = self.placeholders().fill_with(template, percent_encode);
        let url = url.ok_or("the token response lacks a member that the userinfo URL needs")?;
        Ok(Url::parse(&url)?)
    }

    fn request(
        self,
        mut url: Url,
        authorization: Option<&str>,
    ) -> Result<Request<Bytes>, BoxError> {
        let (shape, placeholders) = (&self.definition().user_info_endpoint, self.placeholders());
        if !shape.query.is_empty() {
            url.query_pairs_mut().extend_pairs(placeholders.fill_all(&shape.query));
        }
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = url.as_str().parse()?;
        if shape.post {
            *request.method_mut() = Method::POST;
        }
        let accept = if shape.signed.is_some() { "application/jwt" } else { "application/json" };
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static(accept));
        if let Some(token_type) = authorization {
            let token = self.tokens().access_token().unwrap_or_default();
            let value = format!("{token_type} {token}").parse()?;
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        if !shape.form.is_empty() {
            let form = placeholders.fill_all(&shape.form);
            let mut body = form_urlencoded::Serializer::new(String::new());
            let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
            request.headers_mut().insert(CONTENT_TYPE, kind);
            *request.body_mut() = body.extend_pairs(form).finish().into();
        }
        if let Some(json) = &shape.json {
            let body =
                placeholders.fill(json).ok_or("a value of the userinfo request is missing")?;
            request
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = body.into();
        }
        for (name, value) in placeholders.fill_all(&shape.headers) {
            request.headers_mut().insert(HeaderName::try_from(name)?, value.parse()?);
        }
        Ok(request)
    }

    /// OpenID Connect Core section 5.3.2: what is signed names its issuer and its audience.
    async fn verified(
        self,
        answer: &[u8],
        algorithm: SignatureAlgorithm,
    ) -> Result<JsonObject, OAuthError> {
        let failed =
            |reason: String| OAuthError::UserInfo(format!("the signed answer {reason}").into());
        let token = std::str::from_utf8(answer).map_err(|_| failed("is no text".into()))?;
        let signed = SignedToken::parse(token.trim(), &[algorithm]);
        let signed = signed.map_err(|error| failed(error.to_string()))?;
        // A token that the provider signs for something else says who somebody is, too.
        if !matches!(signed.token_type().as_deref(), None | Some("jwt" | "userinfo+jwt")) {
            return Err(failed("is a token of another type".into()));
        }
        let (relying_party, metadata) = (self.relying_party, &*self.response.metadata);
        let parties = Parties { relying_party, metadata, now: relying_party.clock.now() };
        let claims = verified_by_keys(&signed, Asker::Provider, &parties, failed).await?;
        let is_issuer = |given: &Value| {
            let known = given.as_str().zip(metadata.issuer.as_deref());
            known.is_some_and(|(given, known)| self.definition().is_issuer(given, known))
        };
        if !claims.get("iss").is_none_or(is_issuer) {
            return Err(OAuthError::UserInfoSubject("is of another issuer"));
        }
        let client_id = self.definition().client.id.as_str();
        let is_ours = |audience: &Value| audience.as_str() == Some(client_id);
        match claims.get("aud") {
            Some(Value::Array(audiences)) if audiences.iter().any(is_ours) => Ok(claims),
            Some(audience) if is_ours(audience) => Ok(claims),
            None => Ok(claims),
            Some(_) => Err(OAuthError::UserInfoSubject("is for another audience")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Also for a mapping that takes `email_verified` by itself.
    #[test]
    fn r192_a_proof_stays_beside_its_own_address_and_a_denial_stays() {
        let verified = |claims: Value, answer: Value| {
            let object = |value: Value| value.as_object().cloned().unwrap();
            merged(object(claims), object(answer)).remove("email_verified")
        };
        let (victim, eve) = (json!("victim@example.com"), json!("eve@evil.test"));
        for (claims, answer, expected) in [
            (json!({ "email": [victim] }), json!({ "email": [eve], "email_verified": true }), None),
            (json!({ "email": [victim] }), json!({ "email_verified": true }), None),
            (json!({ "email_verified": true }), json!({ "email": [victim] }), None),
            (json!({ "email": [victim, 1] }), json!({ "email_verified": "true" }), None),
            (
                json!({ "email": [victim, 1] }),
                json!({ "email": [eve, 1], "email_verified": true }),
                None,
            ),
            (
                json!({ "email": [victim] }),
                json!({ "email": "Victim@example.com", "email_verified": true }),
                Some(json!(true)),
            ),
            (json!({}), json!({ "email_verified": true }), Some(json!(true))),
            (json!({ "email": victim }), json!({ "email_verified": "no" }), Some(json!("no"))),
            (json!({ "email_verified": 0 }), json!({ "email": victim }), Some(json!(0))),
            (
                json!({ "email": victim, "email_verified": true }),
                json!({ "email": victim, "email_verified": false }),
                Some(json!(false)),
            ),
            (
                json!({ "email_verified": null }),
                json!({ "email": victim, "email_verified": false }),
                Some(json!(false)),
            ),
        ] {
            let said = format!("{claims} {answer}");
            assert_eq!(verified(claims, answer), expected, "{said}");
        }
    }
}
