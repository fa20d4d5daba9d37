//! The token refresher: new tokens of a provider for a `jwt` callback whose claims will be sent (RFC
//! 6749 section 6).

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jiff::Timestamp;

use crate::error::Error;
use crate::model::TokenSet;

/// New tokens for old ones, in a `jwt` callback that keeps them in its claims.
///
/// A provider that rotates refresh tokens takes each of them once (RFC 9700 section 4.14): whoever
/// spends one and loses what came for it has signed somebody out. So there is a refresher only
/// where the answer carries the cookie with the changed claims; see
/// [`TokenRequest::refresher`](super::TokenRequest::refresher) and the example at
/// [`Callbacks::jwt`](super::Callbacks::jwt). It is for the call that it came with: what is
/// refreshed after the callback has answered is not sent.
///
/// Requests that come with the same refresh token within a minute share one request to the
/// provider and its outcome, because a browser sends several at a time, and some with the cookie
/// of before. They share it in one process: where several of them serve one site,
/// [`AccountTokens`](crate::AccountTokens) keeps the tokens in the database.
#[derive(Clone)]
pub struct TokenRefresher(Arc<dyn RefreshTokens>);

/// What the engine can do for a refresher.
pub(crate) trait RefreshTokens: Send + Sync {
    fn refresh<'a>(
        self: Arc<Self>,
        provider: &'a str,
        tokens: &'a TokenSet,
    ) -> Pin<Box<dyn Future<Output = Result<TokenSet, Error>> + Send + 'a>>;

    fn now(&self) -> Timestamp;
}

impl TokenRefresher {
    pub(crate) fn new(engine: Arc<dyn RefreshTokens>) -> Self {
        Self(engine)
    }

    /// The tokens refreshed, if they end within a minute and there is a refresh token; else `None`:
    /// they are good as they are.
    ///
    /// # Errors
    ///
    /// As [`refresh`](Self::refresh).
    pub async fn refresh_if_due(
        &self,
        provider: &str,
        tokens: &TokenSet,
    ) -> Result<Option<TokenSet>, Error> {
        if !tokens.is_due(self.0.now()) {
            return Ok(None);
        }
        self.refresh(provider, tokens).await.map(Some)
    }

    /// The same set with the new members in their places. Put it into the claims.
    ///
    /// # Errors
    ///
    /// [`Error`] if there is no refresh token, or if the provider refuses or does not answer. If
    /// [`Error::needs_sign_in`], no later attempt will do better: take the tokens out of the claims,
    /// or every read of the session fails alike.
    pub async fn refresh(&self, provider: &str, tokens: &TokenSet) -> Result<TokenSet, Error> {
        Arc::clone(&self.0).refresh(provider, tokens).await
    }
}

impl fmt::Debug for TokenRefresher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenRefresher")
    }
}
