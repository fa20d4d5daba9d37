//! The start of a sign-in: `POST signin/<provider>`.
//!
//! In this order: the provider is known; the CSRF token is right; OAuth goes to the provider,
//! e-mail sends a link, credentials go to the sign-in page (they are submitted to `callback`).

use super::Context;
use super::email_request::email_request;
use super::oauth::authorization_request;
use crate::config::Provider;
use crate::error::ErrorCode;
use crate::web::Reply;

pub(crate) async fn sign_in(context: &Context<'_>, provider: Option<&Provider>) -> Reply {
    let csrf_failure = || context.to_route("signin?csrf=true");
    let Some(provider) = provider else {
        let reason = "there is no such provider";
        context.config.log.note(ErrorCode::UnsupportedAction, None, reason);
        return csrf_failure();
    };
    let Some(verified) = context.verified() else { return csrf_failure() };
    match provider {
        Provider::OAuth(relying_party) => {
            authorization_request(context, &**relying_party, verified).await
        }
        Provider::OAuth1(relying_party) => {
            authorization_request(context, &**relying_party, verified).await
        }
        Provider::Email(definition) => email_request(context, definition, verified).await,
        Provider::Credentials(_) => context.to_route("signin"),
    }
}
