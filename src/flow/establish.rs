//! The new session of a signed-in user: its token or row, and its cookie.

use std::sync::Arc;

use serde_json::Value;

use super::Context;
use super::event::fire;
use super::last_attempt::forget;
use crate::adapter::ErasedSessionStore;
use crate::config::Sessions;
use crate::crypto::random::{self, RandomError};
use crate::crypto::secret::SessionToken;
use crate::error::{AdapterError, CallbackError, CallbackFailure, ErrorCode};
use crate::hooks::{SignedIn, TokenRefresher, TokenRequest, Trigger};
use crate::jose::Claims;
use crate::model::{Account, AccountType, SessionRecord};
use crate::runtime::clock::after;
use crate::runtime::metric;
use crate::session::{SealError, SealedSession};
use crate::web::cookie::SetCookie;
use crate::web::location::SafeLocation;

/// Why a good sign-in did not become a session.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EstablishError {
    #[error("the `jwt` callback failed")]
    Callback(#[source] CallbackFailure),
    #[error("the session could not be stored")]
    Adapter(#[from] AdapterError),
    #[error(transparent)]
    Random(#[from] RandomError),
    #[error("the account was unlinked while it signed in: the owner of the address came")]
    Unlinked,
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl From<CallbackError> for EstablishError {
    fn from(error: CallbackError) -> Self {
        Self::Callback(error.into())
    }
}

impl EstablishError {
    /// The code under which it is logged, if not under that of the flow.
    pub(crate) fn code(&self, usual: ErrorCode) -> ErrorCode {
        match self {
            Self::Seal(error) => error.code(usual),
            _ => usual,
        }
    }
}

/// Creates the session of somebody who has signed in, notifies the application, and returns the
/// session's cookies.
///
/// `kept` is the stored session of a user who was signed in already: it goes on.
pub(crate) async fn establish(
    context: &Context<'_>,
    signed_in: SignedIn,
    raw_profile: Option<Value>,
    kept: Option<SessionRecord>,
) -> Result<Vec<SetCookie>, EstablishError> {
    let config = context.config;
    let session_cookies = &context.kit.session;
    let is_credentials = signed_in.account.account_type == AccountType::Credentials;
    let sealed = match &config.sessions {
        // Credentials never get a database session; rule 4 of the builder sees to it that they
        // do not meet one here.
        Sessions::Database(_, store) if !is_credentials => {
            let is_kept = kept.is_some();
            let session = match kept {
                Some(session) => session,
                None => {
                    let token = SessionToken::new(random::uuid()?);
                    let expires = after(context.now, config.session_maximum_age());
                    let session = SessionRecord::new(token, &signed_in.user.id, expires);
                    store.create_session(session.clone()).await?;
                    session
                }
            };
            if was_unlinked(context, &signed_in, &session, store, is_kept).await? {
                return Err(EstablishError::Unlinked);
            }
            let text = session.session_token.expose().to_owned();
            SealedSession { text, expires: session.expires }
        }
        _ => {
            let claims = claims(context, &signed_in, raw_profile).await?;
            let age = config.session_maximum_age();
            session_cookies.begin(&config.log, claims, context.now, age)?
        }
    };
    metric::signed_in(&signed_in.account.provider);
    let cookies = session_cookies.write(context.request.cookies(), Some(sealed));
    config.log.success("signed in", Some(&signed_in.account.provider));
    fire(config, config.events.sign_in.as_deref(), || signed_in, ErrorCode::SignInEvent).await;
    Ok(cookies.into_iter().chain(forget(context)).collect())
}

/// Whether the owner of the user's address proved it while this sign-in was under way, by which
/// accounts are unlinked and sessions end. What this sign-in made after that is taken back.
async fn was_unlinked(
    context: &Context<'_>,
    signed_in: &SignedIn,
    session: &SessionRecord,
    store: &Arc<dyn ErasedSessionStore>,
    is_kept: bool,
) -> Result<bool, AdapterError> {
    let SignedIn { user, account, .. } = signed_in;
    let Some(users) = &context.config.users else { return Ok(false) };
    let may_be = account.account_type == AccountType::OAuth && user.email_verified.is_none();
    if !may_be || user.email.is_none() || !context.config.hands_addresses_over() {
        return Ok(false);
    }
    if is_kept && store.session_and_user(&session.session_token).await?.is_none() {
        users.unlink_account(account).await?;
        return Ok(true);
    }
    let is_this = |linked: &Account| {
        linked.provider == account.provider
            && linked.provider_account_id == account.provider_account_id
    };
    let linked = users.linked_accounts(&user.id).await?;
    if linked.is_none_or(|accounts| accounts.iter().any(is_this)) {
        return Ok(false);
    }
    store.delete_session(&session.session_token).await?;
    Ok(true)
}

async fn claims(
    context: &Context<'_>,
    signed_in: &SignedIn,
    raw_profile: Option<Value>,
) -> Result<Claims, CallbackError> {
    let user = &signed_in.user;
    let is_credentials = signed_in.account.account_type == AccountType::Credentials;
    let mut claims = Claims::default();
    for (name, value) in [("name", &user.name), ("email", &user.email), ("picture", &user.image)] {
        // v4 does: what a provider or a table does not say is null, what `authorize` does not say
        // is absent.
        if value.is_some() || !is_credentials {
            claims.insert(name, value);
        }
    }
    if !user.id.is_empty() {
        claims.insert("sub", &user.id);
    }
    let Some(jwt) = &context.config.callbacks.jwt else { return Ok(claims) };
    let is_new = signed_in.is_new_user;
    jwt(TokenRequest {
        token: claims,
        trigger: if is_new == Some(true) { Trigger::SignUp } else { Trigger::SignIn },
        user: Some(user.clone()),
        account: Some(signed_in.account.clone()),
        raw_profile,
        // v4 does: false for credentials in the callback, absent in the event.
        is_new_user: if is_credentials { Some(false) } else { is_new },
        update: None,
        refresher: Some(TokenRefresher::new(Arc::clone(context.config) as _)),
    })
    .await
}

/// Where the browser goes after a sign-in: the application's page for new users, or the callback
/// URL.
pub(crate) fn destination(context: &Context<'_>, is_new_user: Option<bool>) -> SafeLocation {
    match &context.config.pages.new_user {
        Some(page) if is_new_user == Some(true) => {
            page.with_parameter("callbackUrl", context.callback_url.text())
        }
        _ => context.callback_url.clone(),
    }
}
