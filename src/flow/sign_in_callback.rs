//! The application's `signIn` callback, and what its answers mean.

use http::StatusCode;

use super::Context;
use super::last_attempt::failed;
use crate::error::{ErrorCode, PageError};
use crate::hooks::{SignInAttempt, SignInDecision};
use crate::web::Reply;
use crate::web::location::SafeLocation;

/// Asks the application. `Err` is the reply that ends the flow; `denied` is the status of its JSON
/// form after a refusal (v4: 403 for credentials only).
pub(crate) async fn ask(
    context: &Context<'_>,
    attempt: SignInAttempt,
    denied: StatusCode,
) -> Result<(), Reply> {
    let Some(sign_in) = &context.config.callbacks.sign_in else { return Ok(()) };
    let provider = attempt.account.provider.clone();
    let log = &context.config.log;
    let refused = || context.to_error(PageError::AccessDenied).status(denied);
    match sign_in(attempt).await {
        Ok(SignInDecision::Allow) => Ok(()),
        Ok(SignInDecision::Redirect(target)) if !target.is_empty() => {
            Err(match SafeLocation::of_application(&target) {
                Ok(location) => Reply::redirect(location),
                Err(error) => {
                    log.failure(ErrorCode::AccessDenied, Some(&provider), &error);
                    refused()
                }
            })
        }
        // v4 does: no address is a refusal.
        Ok(SignInDecision::Deny | SignInDecision::Redirect(_)) => {
            log.note(ErrorCode::AccessDenied, Some(&provider), "the signIn callback refused");
            Err(refused())
        }
        Err(error) => {
            log.failure(ErrorCode::AccessDenied, Some(&provider), error.as_error());
            match error.visible_message() {
                Some(message) => Err(context.to_error(visible(&message))),
                None => Err(failed(context, &provider, PageError::Callback)),
            }
        }
    }
}

/// A message for the visitor, cut to what belongs in an address.
pub(crate) fn visible(message: &str) -> String {
    message.chars().take(200).collect()
}
