//! Back-channel logout (OpenID Connect Back-Channel Logout 1.0): with `POST
//! backchannel-logout/{provider}` an identity provider says that somebody signed out there.
//!
//! The provider sends this itself, without a browser: there are no cookies, and the signature of
//! the logout token takes the place of the CSRF token. In this order: form; signature, issuer,
//! audience and times of the token; its event, id and subject; replay; account; sessions.
//!
//! NextAuth's tables do not record which provider a session began with, or in which of the
//! provider's sessions, so all sessions of the person end, as section 2.7 prescribes for a token
//! without `sid`.

use http::StatusCode;

use super::oauth::note_remarks;
use crate::adapter::Users;
use crate::config::{BackChannelLogout, Config};
use crate::error::{AdapterError, ErrorCode, OAuthError};
use crate::log::{Allowance, Allowed};
use crate::oauth::{Logout, LogoutRefused, RelyingParty};
use crate::web::{Reply, Request};

/// Why nobody was signed out.
#[derive(Debug, thiserror::Error)]
enum LogoutError {
    #[error("the request is no form with one `logout_token`")]
    Form,
    /// It is not known to be signed by the provider for this client.
    #[error(transparent)]
    Unproven(OAuthError),
    #[error("the logout token was used before")]
    Used,
    /// The provider signed it for this client.
    #[error(transparent)]
    Token(OAuthError),
    #[error("the sessions could not be ended")]
    Adapter(#[from] AdapterError),
}

impl From<LogoutRefused> for LogoutError {
    fn from(refused: LogoutRefused) -> Self {
        match refused {
            LogoutRefused::Unproven(error) => Self::Unproven(error),
            LogoutRefused::Invalid(error) => Self::Token(error),
        }
    }
}

impl LogoutError {
    /// RFC 6749 section 5.2, as section 2.8 asks; what is not the provider's fault has its word in
    /// section 4.1.2.1.
    fn word(&self) -> &'static str {
        match self {
            Self::Form
            | Self::Used
            | Self::Unproven(OAuthError::LogoutToken(_))
            | Self::Token(OAuthError::LogoutToken(_)) => "invalid_request",
            Self::Unproven(_) | Self::Token(_) | Self::Adapter(_) => "server_error",
        }
    }

    /// Its code, and how many such lines there may be if anybody can cause one.
    fn logged<'l>(&self, logout: &'l BackChannelLogout) -> (ErrorCode, Option<&'l Allowance>) {
        match self {
            Self::Form | Self::Used | Self::Unproven(OAuthError::LogoutToken(_)) => {
                (ErrorCode::LogoutToken, Some(&logout.refusals))
            }
            Self::Unproven(_) => (ErrorCode::BackChannelLogout, Some(&logout.outages)),
            Self::Token(_) | Self::Adapter(_) => (ErrorCode::BackChannelLogout, None),
        }
    }
}

pub(crate) async fn back_channel_logout(
    config: &Config,
    request: &Request<'_>,
    logout: &BackChannelLogout,
    users: &Users,
    relying_party: &RelyingParty,
) -> Reply {
    match end_sessions(config, request, logout, users, relying_party).await {
        Ok(()) => Reply::empty(),
        Err(error) => {
            log(config, logout, &relying_party.definition().common.id, &error);
            // Section 2.8: a logout that failed is 400 too.
            let body = format!(r#"{{"error":"{}"}}"#, error.word());
            Reply::json(body.into()).status(StatusCode::BAD_REQUEST)
        }
    }
}

/// Anybody can send junk, so a flood of it is a few lines. There is no limit on the requests: one
/// provider sends those of all who sign out.
fn log(config: &Config, logout: &BackChannelLogout, provider: &str, error: &LogoutError) {
    let (code, allowance) = error.logged(logout);
    let now = config.clock.now();
    match allowance.map_or(Allowed::Yes, |allowance| allowance.ask(now)) {
        Allowed::Yes => config.log.failure(code, Some(provider), error),
        Allowed::NoMore => {
            let reason = "more logout tokens fail than are logged in a minute";
            config.log.note(code, Some(provider), reason);
        }
        Allowed::No => {}
    }
}

async fn end_sessions(
    config: &Config,
    request: &Request<'_>,
    logout: &BackChannelLogout,
    users: &Users,
    relying_party: &RelyingParty,
) -> Result<(), LogoutError> {
    let token = request.body.text("logout_token").filter(|_| request.is_form());
    let token = token.ok_or(LogoutError::Form)?;
    let id = relying_party.definition().common.id.as_str();
    let verified = relying_party.verify_logout_token(token).await;
    note_remarks(config, relying_party);
    let Logout { subject, token_id, expires } = verified?;
    let now = config.clock.now().as_second();
    if logout.used.contains(id, &token_id, now) {
        return Err(LogoutError::Used);
    }
    // Section 2.7: whoever has no account or no session here is signed out already.
    if let Some(user) = users.user_by_account(id, &subject).await? {
        logout.sessions.delete_sessions_of_user(&user.id, None).await?;
        config.log.success("signed out by the provider", Some(id));
    }
    // Not before: a provider that hears of a failure sends the same token again.
    logout.used.insert(id, &token_id, expires, now);
    Ok(())
}
