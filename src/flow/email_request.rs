//! The request for a sign-in link: `POST signin/<email>`.
//!
//! In this order, after the CSRF token: client and mailbox are within their limits; the address is
//! present and valid; the user is looked up; `signIn` callback; the token's hash is stored; the
//! message is sent; redirect. The answer does not tell whether the user exists. If sending fails,
//! the stored hash is removed again, and the attempt given back if no message can have left.

use http::StatusCode;
use serde_json::Value;

use super::attempt::{count_email_request, not_made};
use super::last_attempt::{Outcome, remember};
use super::sign_in_callback::ask;
use super::{Context, page};
use crate::crypto::hash::sha256_hexadecimal;
use crate::crypto::random;
use crate::crypto::secret::{Secret, TokenHash};
use crate::error::{BoxError, ErrorCode, PageError};
use crate::hooks::SignInAttempt;
use crate::model::email_address::{AddressRefused, EmailAddress};
use crate::model::{Account, AccountType, User, VerificationToken};
use crate::provider::{EmailDefinition, EmailMessage, NotSent};
use crate::runtime::clock::after;
use crate::runtime::containment::call;
use crate::web::csrf::CsrfVerified;
use crate::web::location::SafeLocation;
use crate::web::{Reply, percent_encode};

pub(crate) async fn email_request(
    context: &Context<'_>,
    definition: &EmailDefinition,
    _: CsrfVerified,
) -> Reply {
    let id = definition.id.as_str();
    let text = context.request.body.text("email").filter(|text| !text.is_empty());
    let parsed = text.map(|text| address(definition, text));
    let recipient = parsed.as_ref().and_then(|parsed| parsed.as_ref().ok());
    let to_error = |outcome| {
        let remembered = remember(context, id, text, outcome);
        context.to_error(PageError::EmailSignin).cookies(remembered)
    };
    let counted = match count_email_request(context, id, recipient).await {
        Ok(counted) => counted,
        Err(limited) => return limited.reply(to_error),
    };
    let failed = || to_error(None);
    let Some(parsed) = parsed else {
        context.config.log.note(ErrorCode::EmailAddress, Some(id), "the form has no address");
        return failed();
    };
    let log = |error: &(dyn std::error::Error + 'static)| {
        context.config.log.failure(ErrorCode::SignInEmail, Some(id), error);
        failed()
    };
    let address = match parsed {
        Ok(address) => address,
        Err(error) => return log(&*error),
    };
    let new_user = || User::new(address.as_str()).email(address.as_str());
    let user = match &context.config.users {
        Some(users) => match users.user_by_email(&address).await {
            Ok(user) => user.unwrap_or_else(new_user),
            Err(error) => {
                not_made(context.config, counted).await;
                return log(&error);
            }
        },
        None => new_user(),
    };
    let account = Account::new(AccountType::Email, id, address.as_str());
    let mut attempt = SignInAttempt::new(user, account, Value::Null);
    attempt.is_verification_request = true;
    if let Err(reply) = ask(context, attempt, StatusCode::OK).await {
        return reply;
    }
    match send_link(context, definition, &address).await {
        Ok(()) => {
            let provider = percent_encode(id);
            let address = format!("verify-request?provider={provider}&type=email");
            context.to_route(&address).cookies(remember(context, id, text, Some(Outcome::Sent)))
        }
        Err(NotSent { error, is_counted }) => {
            context.config.log.other_name(ErrorCode::SendVerificationEmail, Some(id), &*error);
            if !is_counted {
                not_made(context.config, counted).await;
            }
            log(&*error)
        }
    }
}

/// The one plain address that the text is, by the application's rule or the default.
fn address(definition: &EmailDefinition, text: &str) -> Result<EmailAddress, BoxError> {
    let address = match &definition.normalise {
        Some(normalise) => {
            EmailAddress::of_rule(&call(|| normalise(text))?.ok_or(AddressRefused)?)?
        }
        None => text.parse()?,
    };
    Ok(address)
}

async fn send_link(
    context: &Context<'_>,
    definition: &EmailDefinition,
    address: &EmailAddress,
) -> Result<(), NotSent> {
    let tokens = context.config.tokens.as_ref();
    let tokens = tokens.ok_or_else(|| NotSent::ours("there is no store for tokens"))?;
    let token = random::hexadecimal_token().map_err(NotSent::ours)?;
    let hash = token_hash(context, definition, &token);
    let expires = after(context.now, definition.maximum_age);
    let stored = VerificationToken::new(address.as_str(), hash.clone(), expires);
    tokens.create_verification_token(stored).await.map_err(NotSent::ours)?;
    let url = link(context, definition, address, &token);
    let host = context.site.host();
    let (theme, texts) = (&context.config.theme, page::texts(context.config, context.request));
    let message = EmailMessage::new(address, host, &url, expires, theme, texts);
    let sent = definition.delivery.deliver(message, &*context.config.http_client).await;
    if let Err(unsent) = sent {
        let removed = tokens.use_verification_token(address.as_str(), &hash).await;
        let is_counted = unsent.is_counted;
        removed.map_err(|error| NotSent { error: error.into(), is_counted })?;
        return Err(unsent);
    }
    Ok(())
}

/// The link's parameters in v4's order.
fn link(
    context: &Context<'_>,
    definition: &EmailDefinition,
    address: &EmailAddress,
    token: &str,
) -> SafeLocation {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("callbackUrl", context.callback_url.text());
    query.append_pair("token", token);
    query.append_pair("email", address.as_str());
    let path = format!("callback/{}?{}", definition.id, query.finish());
    SafeLocation::of_route(context.site, &context.in_language(&path))
}

/// SHA-256 of token and secret, as v4 stores it.
pub(super) fn token_hash(
    context: &Context<'_>,
    definition: &EmailDefinition,
    token: &str,
) -> TokenHash {
    let secret = definition.secret.as_ref().or(context.config.secrets.first());
    let secret = secret.map_or(&[] as &[u8], Secret::expose);
    TokenHash::new(sha256_hexadecimal(&[token.as_bytes(), secret]))
}
