//! Second half: the browser comes back with a code (RFC 6749 section 4.1.2).

use super::super::Context;
use super::check_cookie::CheckCookies;
use super::finish::{Identity, IdentityProvider, finish};
use super::returning::{Returning, contained_end, goes_on};
use crate::crypto::hash::equal;
use crate::error::{ErrorCode, OAuthError, PageError};
use crate::log::{Step, names, step};
use crate::model::TokenSet;
use crate::oauth::id_token::{self, Nonce};
use crate::oauth::issued_token::{Parties, subject};
use crate::oauth::token_request::request_tokens;
use crate::oauth::user_info::{UserInfoCall, user_info};
use crate::oauth::{Check, Exchange, OAuthDefinition, ProviderMetadata, Server};
use crate::web::outbound::error_code;
use crate::web::{Field, Fields, Reply};

/// Longest code that is passed on.
const MAXIMUM_CODE_LENGTH: usize = 8 * 1024;

/// In this order: the provider's error; the attempt; no parameter is repeated; check cookies; state;
/// code; metadata; issuer; token request; ID token; userinfo; profile; `signIn` callback; linking;
/// session; redirect. The attempt's check cookies, and no others, are deleted by whatever ends the
/// flow, save by an error that nobody can tie to this browser.
pub(crate) async fn oauth_callback(
    context: &Context<'_>,
    definition: &OAuthDefinition,
    server: &Server,
) -> Reply {
    let (log, id) = (&context.config.log, definition.id.as_str());
    let request = context.request;
    let answer = if request.is_post() { &request.body } else { &request.query };
    let given = |name| answer.text(name).filter(|text| !text.is_empty());
    let Returning { check_cookies, spent, is_known } =
        Returning::new(context, definition, given("state"));
    if let Some(refusal) = provider_error(answer, &request.query) {
        log.failure(ErrorCode::OAuthCallbackHandler, Some(id), &refusal);
        log.failure(ErrorCode::OAuthCallback, Some(id), &refusal);
        let reply = context.to_error(PageError::Callback);
        let is_ours = has_our_state(&check_cookies, answer) && has_our_issuer(definition, answer);
        return if is_ours { reply.cookies(spent) } else { reply };
    }
    let is_answer =
        given("code").is_some() && given("state").is_some() == definition.has(Check::State);
    if is_answer
        && !is_known
        && let Some(reply) = goes_on(context, id).await
    {
        return reply;
    }
    let end = async {
        match exchange(context, definition, server, check_cookies, answer).await {
            Ok(identity) => {
                let provider = IdentityProvider {
                    id,
                    profile: &definition.profile,
                    email_vouching: definition.email_vouching,
                    dangerously_link_by_email: definition.dangerously_link_by_email,
                    is_told_of_sign_outs: definition.federated_sign_out.is_some(),
                };
                finish(context, provider, identity).await
            }
            Err(error) => {
                if let Some(retired) = error.retired_code() {
                    log.failure(retired, Some(id), &error);
                }
                log.failure(ErrorCode::CallbackOAuth, Some(id), &error);
                log.failure(ErrorCode::OAuthCallback, Some(id), &error);
                context.to_error(PageError::OAuthCallback)
            }
        }
    };
    contained_end(context, id, spent, end).await
}

/// The refusal that a provider sent along with the browser.
pub(crate) fn provider_error(answer: &Fields, query: &Fields) -> Option<OAuthError> {
    let error = match (answer.field("error"), query.field("error")) {
        (Field::Absent, Field::Absent) => return None,
        (Field::Absent, field) | (field, _) => field,
    };
    let clean =
        |text: &str| -> String { text.chars().filter(|c| !c.is_control()).take(200).collect() };
    Some(OAuthError::ProviderRefused {
        error: error.text().and_then(error_code).unwrap_or_else(|| "unreadable".into()),
        description: answer.text("error_description").map(clean),
    })
}

fn has_our_state(check_cookies: &CheckCookies<'_>, answer: &Fields) -> bool {
    let expected = check_cookies.open(Check::State);
    let given = answer.text("state").unwrap_or_default();
    expected.is_ok_and(|state| equal(state.value.as_bytes(), given.as_bytes()))
}

/// RFC 9207 section 2.4 holds for errors too: one that names another issuer says nothing about
/// this sign-in.
fn has_our_issuer(definition: &OAuthDefinition, answer: &Fields) -> bool {
    match answer.field("iss") {
        Field::Absent => true,
        field => {
            field.text().is_some_and(|iss| definition.endpoints.issuer.as_deref() == Some(iss))
        }
    }
}

async fn exchange(
    context: &Context<'_>,
    definition: &OAuthDefinition,
    server: &Server,
    check_cookies: CheckCookies<'_>,
    answer: &Fields,
) -> Result<Identity, OAuthError> {
    for name in ["code", "state", "iss"] {
        if answer.field(name) == Field::Unusable {
            return Err(OAuthError::CallbackParameter(name, "is repeated or no text"));
        }
    }
    let client = &context.config.http_client;
    let open = |check| {
        let wanted = definition.has(check);
        wanted.then(|| check_cookies.open(check)).transpose()
    };
    let state = open(Check::State)?;
    let code_verifier = open(Check::Pkce)?;
    let nonce = open(Check::Nonce)?;
    check_state(state.as_ref().map(|state| state.value.as_str()), answer.text("state"))?;
    // The front channel carries nothing but a code (RFC 9700 section 2.1.2).
    let code = answer.text("code").filter(|code| !code.is_empty());
    let code = code.ok_or(OAuthError::CallbackParameter("code", "is missing"))?;
    if code.len() > MAXIMUM_CODE_LENGTH {
        return Err(OAuthError::CallbackParameter("code", "is too long"));
    }
    let sealed = [&state, &code_verifier, &nonce].into_iter().flatten();
    let requested_maximum_age = sealed.filter_map(|sealed| sealed.maximum_age).min();
    let metadata = server.metadata(client, context.now).await?;
    check_issuer(&metadata, answer.text("iss"))?;

    let redirect_uri = super::authorization_request::redirect_uri(context, definition);
    let response = request_tokens(
        &**client,
        definition,
        &metadata,
        Exchange {
            code,
            redirect_uri: &redirect_uri,
            code_verifier: code_verifier.as_ref().map(|sealed| sealed.value.as_str()),
        },
        context.now,
    )
    .await?;
    let mut tokens = TokenSet::from_response(&response, context.now.as_second());
    if tokens.access_token().is_none_or(str::is_empty) {
        return Err(OAuthError::TokenResponse("has no access token"));
    }
    if let Some(session_state) = answer.text("session_state") {
        tokens.insert("session_state", session_state);
    }
    let claims = if definition.endpoints.is_openid_connect() {
        let token = tokens.id_token().ok_or(OAuthError::TokenResponse("has no ID token"))?;
        let expected = id_token::Expected {
            parties: Parties {
                definition,
                server,
                metadata: &metadata,
                client,
                log: &context.config.log,
                now: context.now,
            },
            nonce: Nonce::Exactly(nonce.as_ref().map(|nonce| nonce.value.as_str())),
            maximum_age: requested_maximum_age,
            access_token: tokens.access_token().unwrap_or_default(),
            code: Some(code),
        };
        Some(id_token::validate(token, &expected).await?)
    } else if tokens.members().contains_key("id_token") {
        return Err(OAuthError::TokenResponse("has an ID token, and the provider is OAuth only"));
    } else {
        None
    };
    step(Step::OAuthCallbackResponse, Some(&definition.id), || {
        names("the token response has", tokens.members().keys().map(String::as_str))
    });
    let asked = UserInfoCall {
        client,
        definition,
        server,
        metadata: &metadata,
        now: context.now,
        form: context.request.is_post().then_some(answer),
    };
    let subject = claims.as_ref().and_then(subject).map(ToOwned::to_owned);
    let raw_profile = user_info(&asked, &tokens, claims).await?;
    Ok(Identity { tokens, raw_profile, subject })
}

fn check_state(expected: Option<&str>, given: Option<&str>) -> Result<(), OAuthError> {
    match (expected, given) {
        (Some(expected), Some(given)) if equal(expected.as_bytes(), given.as_bytes()) => Ok(()),
        (Some(_), Some(_)) => Err(OAuthError::CallbackParameter("state", "is not the one sent")),
        (Some(_), None) => Err(OAuthError::CallbackParameter("state", "is missing")),
        (None, Some(_)) => Err(OAuthError::CallbackParameter("state", "was not asked for")),
        (None, None) => Ok(()),
    }
}

/// RFC 9207 section 2.4, by plain string comparison.
fn check_issuer(metadata: &ProviderMetadata, given: Option<&str>) -> Result<(), OAuthError> {
    match (given, metadata.issuer.as_deref()) {
        (Some(given), Some(issuer)) if given == issuer => Ok(()),
        (Some(_), _) => Err(OAuthError::CallbackParameter("iss", "is not the provider's issuer")),
        (None, _) if metadata.authorization_response_iss_parameter_supported => {
            Err(OAuthError::CallbackParameter("iss", "is missing, and the provider sends it"))
        }
        (None, _) => Ok(()),
    }
}
