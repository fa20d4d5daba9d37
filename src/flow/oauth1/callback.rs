//! Second half: the browser comes back with a verifier (RFC 5849 sections 2.2 and 2.3).

use serde_json::Value;

use super::super::Context;
use super::super::oauth::{
    CheckCookies, Identity, IdentityProvider, contained_end, finish, goes_on, provider_error,
};
use super::signed_request::{get_json, post};
use super::token::{Token, check_cookies};
use crate::error::{ErrorCode, OAuthError, PageError};
use crate::model::{JsonObject, TokenSet};
use crate::oauth::Check;
use crate::oauth::v1::{OAuth1Definition, OAuth1Server};
use crate::web::cookie::SetCookie;
use crate::web::{Field, Fields, Reply};

/// Longest verifier that is passed on.
const MAXIMUM_VERIFIER_LENGTH: usize = 1024;

/// In this order: the provider's error; the attempt; token; cookie; verifier; access token; profile;
/// and from there as with OAuth 2.0. The attempt's cookie is deleted by whatever ends the flow, save
/// by a refusal that nobody can tie to this browser.
pub(crate) async fn oauth1_callback(
    context: &Context<'_>,
    definition: &OAuth1Definition,
    server: &OAuth1Server,
) -> Reply {
    let (log, id) = (&context.config.log, definition.common.id.as_str());
    if let Some(refusal) = refusal(context) {
        log.failure(ErrorCode::OAuthCallbackHandler, Some(id), &refusal);
        log.failure(ErrorCode::OAuthCallback, Some(id), &refusal);
        let reply = context.to_error(PageError::Callback);
        return reply.leading_cookies(refused(context, id));
    }
    let given = |name| context.request.query.text(name).filter(|text| !text.is_empty());
    let check_cookies = given("oauth_token").map(|token| check_cookies(context, id, token));
    if given("oauth_verifier").is_some()
        && check_cookies.as_ref().is_some_and(|cookies| !cookies.are_sent())
        && let Some(reply) = goes_on(context, id).await
    {
        return reply;
    }
    let spent = check_cookies.as_ref().map(|cookies| cookies.deletions(&[Check::State]));
    let end = async {
        match exchange(context, definition, server, check_cookies).await {
            Ok(identity) => {
                let provider = IdentityProvider {
                    id,
                    profile: &definition.common.profile,
                    email_vouching: definition.common.email_vouching,
                    dangerously_link_by_email: definition.common.dangerously_link_by_email,
                    is_told_of_sign_outs: false,
                };
                finish(context, provider, identity).await
            }
            Err(error) => {
                log.failure(ErrorCode::OAuthV1GetAccessToken, Some(id), &error);
                log.failure(ErrorCode::OAuthCallback, Some(id), &error);
                context.to_error(PageError::Callback)
            }
        }
    };
    contained_end(context, id, spent.unwrap_or_default(), end).await
}

/// RFC 5849 has no word for "the person said no". Most providers send `denied` with the token.
fn refusal(context: &Context<'_>) -> Option<OAuthError> {
    let request = context.request;
    let answer = if request.is_post() { &request.body } else { &request.query };
    provider_error(answer, &request.query).or_else(|| {
        let is_denied = request.query.field("denied") != Field::Absent;
        is_denied.then(|| OAuthError::ProviderRefused { error: "denied".into(), description: None })
    })
}

/// The deletions of an attempt that the provider refused, if it names one of this browser's.
fn refused(context: &Context<'_>, provider: &str) -> Vec<SetCookie> {
    let query = &context.request.query;
    let mut named = ["denied", "oauth_token"].into_iter().filter_map(|name| query.text(name));
    let refused = named.find_map(|given| {
        let cookies = check_cookies(context, provider, given);
        let is_ours = Token::open(&cookies, given).is_ok();
        is_ours.then(|| cookies.deletions(&[Check::State]))
    });
    refused.unwrap_or_default()
}

async fn exchange(
    context: &Context<'_>,
    definition: &OAuth1Definition,
    server: &OAuth1Server,
    check_cookies: Option<CheckCookies<'_>>,
) -> Result<Identity, OAuthError> {
    let query = &context.request.query;
    let given = parameter(query, "oauth_token")?;
    let check_cookies = check_cookies.ok_or(OAuthError::CheckCookieMissing("state"))?;
    let temporary = Token::open(&check_cookies, given)?;
    let verifier = parameter(query, "oauth_verifier")?;
    if verifier.len() > MAXIMUM_VERIFIER_LENGTH {
        return Err(OAuthError::CallbackParameter("oauth_verifier", "is too long"));
    }
    let verifier = ("oauth_verifier", verifier);
    let url = &server.access_token_url;
    let answer = post(context, definition, url, Some(&temporary), verifier).await;
    let answer = answer.map_err(OAuthError::TokenRequest)?;
    let token = Token::from_answer(&answer).map_err(OAuthError::TokenResponse)?;
    let raw_profile = get_json(context, definition, &server.profile_url, &token).await;
    let raw_profile = Value::Object(raw_profile.map_err(OAuthError::UserInfo)?);
    // v4 does: the other members of the answer are dropped.
    let mut members = JsonObject::new();
    members.insert("oauth_token".into(), token.text.into());
    members.insert("oauth_token_secret".into(), token.secret.into());
    Ok(Identity { tokens: TokenSet::from_members(members), raw_profile, subject: None })
}

fn parameter<'a>(query: &'a Fields, name: &'static str) -> Result<&'a str, OAuthError> {
    match query.field(name) {
        Field::Text(text) if !text.is_empty() => Ok(text),
        Field::Unusable => Err(OAuthError::CallbackParameter(name, "is repeated or no text")),
        Field::Text(_) | Field::Absent => Err(OAuthError::CallbackParameter(name, "is missing")),
    }
}
