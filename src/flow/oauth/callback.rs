//! Second half: the browser comes back with a code (RFC 6749 section 4.1.2).

use http::StatusCode;
use serde_json::Value;

use super::super::Context;
use super::super::account_linking::{LinkError, Linked, link};
use super::super::establish::{EstablishError, destination, establish, normalised};
use super::super::sign_in_callback::ask;
use super::check_cookie;
use super::id_token;
use super::token_request::{TokenRequest, request_tokens};
use super::user_info::user_info;
use crate::crypto::hash::equal;
use crate::error::{CallbackError, ErrorCode, OAuthError};
use crate::hooks::{SignInAttempt, SignedIn};
use crate::message::{Field, Fields, Reply};
use crate::model::{Account, AccountType, TokenSet};
use crate::outbound::error_code;
use crate::provider::{Check, OAuthDefinition, ProviderMetadata, Server};

/// Longest code that is passed on.
const MAXIMUM_CODE_LENGTH: usize = 8 * 1024;

/// In this order: no parameter is repeated; the provider's error; metadata; check cookies; state;
/// issuer; code; token request; ID token; userinfo; profile; `signIn` callback; linking; session;
/// redirect. Check cookies are deleted by whatever ends the flow, save by an error that nobody
/// can tie to this browser.
pub(crate) async fn oauth_callback(
    context: &Context<'_>,
    definition: &OAuthDefinition,
    server: &Server,
) -> Reply {
    let (log, id) = (&context.config.log, definition.id.as_str());
    let request = context.request;
    let answer = if request.is_post() { &request.body } else { &request.query };
    if let Some(refusal) = provider_error(answer, &request.query) {
        log.failure(ErrorCode::OAuthCallbackHandler, Some(id), &refusal);
        log.failure(ErrorCode::OAuthCallback, Some(id), &refusal);
        let reply = context.to_error("Callback");
        return if has_our_state(context, definition, answer) {
            reply.cookies(check_cookie::deletions(context, &definition.checks))
        } else {
            reply
        };
    }
    let spent = check_cookie::deletions(context, &definition.checks);
    let reply = match exchange(context, definition, server, answer).await {
        Ok(identity) => finish(context, definition, identity).await,
        Err(error) => {
            if let Some(retired) = error.retired_code() {
                log.failure(retired, Some(id), &error);
            }
            log.failure(ErrorCode::CallbackOAuth, Some(id), &error);
            log.failure(ErrorCode::OAuthCallback, Some(id), &error);
            context.to_error("OAuthCallback")
        }
    };
    reply.leading_cookies(spent)
}

/// Tokens, and what the provider says about the person.
struct Identity {
    tokens: TokenSet,
    raw_profile: Value,
}

fn provider_error(answer: &Fields, query: &Fields) -> Option<OAuthError> {
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

fn has_our_state(context: &Context<'_>, definition: &OAuthDefinition, answer: &Fields) -> bool {
    let expected = check_cookie::open(context, Check::State, &definition.id);
    let given = answer.text("state");
    expected.is_ok_and(|state| given.is_some_and(|given| equal(state.as_bytes(), given.as_bytes())))
}

async fn exchange(
    context: &Context<'_>,
    definition: &OAuthDefinition,
    server: &Server,
    answer: &Fields,
) -> Result<Identity, OAuthError> {
    for name in ["code", "state", "iss"] {
        if answer.field(name) == Field::Unusable {
            return Err(OAuthError::CallbackParameter(name, "is repeated or no text"));
        }
    }
    let client = &*context.config.http_client;
    let open = |check| {
        let wanted = definition.has(check);
        wanted.then(|| check_cookie::open(context, check, &definition.id)).transpose()
    };
    let state = open(Check::State)?;
    let code_verifier = open(Check::Pkce)?;
    let nonce = open(Check::Nonce)?;
    check_state(state.as_deref(), answer.text("state"))?;
    // The front channel carries nothing but a code (RFC 9700 section 2.1.2).
    let code = answer.text("code").filter(|code| !code.is_empty());
    let code = code.ok_or(OAuthError::CallbackParameter("code", "is missing"))?;
    if code.len() > MAXIMUM_CODE_LENGTH {
        return Err(OAuthError::CallbackParameter("code", "is too long"));
    }
    let metadata = server.metadata(client, context.now).await?;
    check_issuer(&metadata, answer.text("iss"))?;

    let redirect_uri = super::authorization_request::redirect_uri(context, definition);
    let response = request_tokens(
        client,
        definition,
        &metadata,
        TokenRequest { code, redirect_uri: &redirect_uri, code_verifier: code_verifier.as_deref() },
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
            definition,
            server,
            metadata: &metadata,
            client,
            nonce: nonce.as_deref(),
            access_token: tokens.access_token().unwrap_or_default(),
            now: context.now,
        };
        Some(id_token::validate(token, &expected).await?)
    } else if tokens.members().contains_key("id_token") {
        return Err(OAuthError::TokenResponse("has an ID token, and the provider is OAuth only"));
    } else {
        None
    };
    let raw_profile = user_info(client, definition, &metadata, &tokens, claims).await?;
    Ok(Identity { tokens, raw_profile })
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
        (None, _) if metadata.sends_issuer => {
            Err(OAuthError::CallbackParameter("iss", "is missing, and the provider sends it"))
        }
        (None, _) => Ok(()),
    }
}

/// From a proven identity to a session.
async fn finish(context: &Context<'_>, definition: &OAuthDefinition, identity: Identity) -> Reply {
    let (config, id) = (context.config, definition.id.as_str());
    let mapped = definition.profile.map(&identity.raw_profile, &identity.tokens);
    let profile = mapped.and_then(|profile| {
        if profile.id.is_empty() {
            return Err(CallbackError::new("the profile has no id"));
        }
        Ok(normalised(profile))
    });
    let profile = match profile {
        Ok(profile) => profile,
        Err(error) => {
            config.log.failure(ErrorCode::OAuthParseProfile, Some(id), &error);
            // v4 does: back to the sign-in page, without an error.
            return Reply::redirect(context.address("signin"));
        }
    };
    let mut account = Account::new(AccountType::OAuth, id, &profile.id);
    account.tokens = identity.tokens;

    let failed = |error: &(dyn std::error::Error + 'static)| {
        config.log.failure(ErrorCode::OAuthCallbackHandler, Some(id), error);
        context.to_error("Callback")
    };
    let known = match &config.users {
        Some(users) => match users.user_by_account(id, &account.provider_account_id).await {
            Ok(user) => user,
            Err(error) => return failed(&error),
        },
        None => None,
    };
    let user = known.unwrap_or_else(|| profile.clone().into_user());
    let attempt = SignInAttempt::new(user, account.clone(), identity.raw_profile.clone());
    if let Err(reply) = ask(context, attempt, StatusCode::OK).await {
        return reply;
    }
    let linked = link(context, &profile, &account, definition.dangerously_link_by_email).await;
    let Linked { user, is_new_user, kept } = match linked {
        Ok(linked) => linked,
        Err(error @ LinkError::NotLinked) => {
            config.log.failure(ErrorCode::OAuthAccountNotLinked, Some(id), &error);
            return context.to_error("OAuthAccountNotLinked");
        }
        Err(error @ LinkError::CreateUser(_)) => {
            config.log.failure(ErrorCode::AdapterCreateUser, Some(id), &error);
            return context.to_error("OAuthCreateAccount");
        }
        Err(error @ LinkError::Adapter(_)) => return failed(&error),
    };
    let signed_in = SignedIn { user, account, profile: Some(profile), is_new_user };
    match establish(context, signed_in, Some(identity.raw_profile), kept).await {
        Ok(cookies) => Reply::redirect(destination(context, is_new_user)).cookies(cookies),
        Err(error @ EstablishError::Random(_)) => {
            failed(&error).status(StatusCode::INTERNAL_SERVER_ERROR)
        }
        Err(error) => failed(&error),
    }
}
