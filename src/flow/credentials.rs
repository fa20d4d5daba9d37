//! The sign-in with credentials: `POST callback/<credentials>`.
//!
//! In this order: CSRF token; rate limit; `authorize`, and word to the rate limit if the
//! credentials were right or nobody could say; `signIn` callback; `jwt` callback; session cookie; `signIn` event;
//! redirect to the callback URL.

use http::StatusCode;
use serde_json::Value;

use super::Context;
use super::attempt::{count_credentials, not_made, signed_in as tell_limit};
use super::establish::establish;
use super::last_attempt::{Outcome, failed, remember};
use super::sign_in_callback::{ask, visible};
use crate::error::{ErrorCode, PageError};
use crate::hooks::{SignInAttempt, SignedIn};
use crate::model::{Account, AccountType};
use crate::provider::{AuthorizeRequest, CredentialsDefinition, names_account};
use crate::web::{Reply, percent_encode};

pub(crate) async fn credentials_callback(
    context: &Context<'_>,
    definition: &CredentialsDefinition,
) -> Reply {
    let (config, id) = (context.config, definition.id.as_str());
    if context.verified().is_none() {
        return context.to_route("signin?csrf=true");
    }
    let to_error = |outcome| {
        let error = format!("error?error=CredentialsSignin&provider={}", percent_encode(id));
        let remembered = remember(context, id, typed_name(context, definition), outcome);
        context.to_route(&error).status(StatusCode::UNAUTHORIZED).cookies(remembered)
    };
    let refused = || to_error(None);
    let counted = match count_credentials(context, definition).await {
        Ok(counted) => counted,
        Err(limited) => return limited.reply(to_error),
    };
    let Some(authorize) = &definition.authorize else {
        config.log.note(ErrorCode::CallbackCredentialsHandler, Some(id), "there is no authorize");
        return to_error(Some(Outcome::Failed));
    };
    let form = context.request.body.as_object().clone();
    let request = AuthorizeRequest { headers: context.request.headers.clone(), form: form.clone() };
    let user = match authorize(request).await {
        Ok(Some(user)) => user,
        Ok(None) => {
            config.log.note(ErrorCode::AccessDenied, Some(id), "authorize refused");
            return refused();
        }
        Err(error) => {
            if let Some(misfit) = error.misfit() {
                config.log.note(ErrorCode::CredentialsForm, Some(id), misfit);
                return refused();
            }
            if let Some(cause) = error.cause() {
                config.log.failure(ErrorCode::CredentialsAuthorize, Some(id), cause);
                if error.is_outage() {
                    not_made(config, counted).await;
                }
                return refused();
            }
            config.log.note(ErrorCode::AccessDenied, Some(id), "authorize refused");
            let message = visible(error.visible_message().unwrap_or_default());
            return context.to_error(message).status(StatusCode::UNAUTHORIZED);
        }
    };
    tell_limit(config, counted).await;
    let account = Account::new(AccountType::Credentials, id, &user.id);
    let attempt = SignInAttempt::new(user.clone(), account.clone(), Value::Object(form));
    if let Err(reply) = ask(context, attempt, StatusCode::FORBIDDEN).await {
        return reply;
    }
    let signed_in = SignedIn { user, account, profile: None, is_new_user: None };
    match establish(context, signed_in, None, None).await {
        Ok(cookies) => Reply::redirect(context.callback_url.clone()).cookies(cookies),
        Err(error) => {
            config.log.failure(error.code(ErrorCode::JwtSession), Some(id), &error);
            failed(context, id, PageError::Callback).status(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// What was typed in the field that names the account, so that nobody types it again.
fn typed_name<'a>(context: &'a Context<'_>, definition: &CredentialsDefinition) -> Option<&'a str> {
    let field = definition.fields.iter().find(|field| names_account(field))?;
    context.request.body.text(&field.key)
}
