//! How does an application use the tokens of a stored account, fresh whenever it asks?

use std::fmt;
use std::sync::Arc;

use crate::adapter::AccountStore;
use crate::config::{Auth, Config};
use crate::error::{AdapterError, Error};
use crate::flow::refresh_tokens;
use crate::model::{DefaultSession, TokenSet};
use crate::runtime::completion::to_completion;

/// The tokens of stored accounts, refreshed when they are about to expire.
///
/// A refreshed set is stored before it is handed out, so no rotated refresh token is lost, not even
/// if the caller goes away while the provider answers; of any number of callers one sends the old
/// refresh token and all get its outcome. If another process was faster, its stored tokens are
/// taken.
///
/// It needs an adapter that keeps accounts ([`AccountStore`]). An application that carries tokens
/// in its own `jwt` callback has nothing to store them in but the session: there the
/// [`TokenRefresher`](crate::hooks::TokenRefresher) of the request refreshes them, where the answer
/// carries the session's cookie and nowhere else. [`Callbacks::jwt`](crate::hooks::Callbacks::jwt)
/// has the callback.
///
/// ```
/// use typegate::adapter::MemoryAdapter;
/// use typegate::testing::IdentityProvider;
/// use typegate::{AccountTokens, Auth, Secret};
///
/// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
/// # let idp = IdentityProvider::new();
/// let adapter = MemoryAdapter::new();
/// let auth = Auth::builder()
///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
///     .url("https://app.example.com".parse()?)
///     .adapter(adapter.clone())
///     .provider(idp.oidc("acme"))
///     .build()?;
/// let tokens = AccountTokens::new(auth, adapter);
/// assert!(tokens.of("acme", "nobody").await?.is_none());
/// # Ok(())
/// # }
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # runtime.block_on(test()).unwrap();
/// ```
pub struct AccountTokens<A, D = DefaultSession> {
    auth: Auth<D>,
    adapter: Arc<A>,
}

impl<A: AccountStore, D> AccountTokens<A, D> {
    /// Takes the configuration and the adapter that it was built with.
    #[must_use]
    pub fn new(auth: Auth<D>, adapter: A) -> Self {
        Self { auth, adapter: Arc::new(adapter) }
    }

    /// The tokens of an account; `None` if there is no such account. Without a refresh token or an
    /// end they are as they were stored.
    ///
    /// # Errors
    ///
    /// [`Error`] if the database does not answer, or if the provider refuses or does not answer.
    /// The person has to sign in again if [`Error::needs_sign_in`].
    pub async fn of(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Result<Option<TokenSet>, Error> {
        let Some(stored) = read(&*self.adapter, provider, provider_account_id).await? else {
            return Ok(None);
        };
        if !stored.is_due(self.auth.config.clock.now()) {
            return Ok(Some(stored));
        }
        let (config, adapter) = (Arc::clone(&self.auth.config), Arc::clone(&self.adapter));
        let (provider, id) = (provider.to_owned(), provider_account_id.to_owned());
        let renewed = async move { renew(&config, &*adapter, &provider, &id, &stored).await };
        to_completion(renewed).await.map(Some)
    }
}

async fn read<A: AccountStore>(
    adapter: &A,
    provider: &str,
    id: &str,
) -> Result<Option<TokenSet>, AdapterError> {
    Ok(adapter.account(provider, id).await?.map(|account| account.tokens))
}

/// New tokens, stored: between the provider's answer and the last write nothing may be left out.
async fn renew<A: AccountStore>(
    config: &Arc<Config>,
    adapter: &A,
    provider: &str,
    id: &str,
    stored: &TokenSet,
) -> Result<TokenSet, Error> {
    let fresh = match refresh_tokens(config, provider, stored).await {
        Ok(fresh) => fresh,
        Err(error) => {
            // Another process may have used the refresh token first.
            let again = read(adapter, provider, id).await?;
            let other = again.filter(|again| again.refresh_token() != stored.refresh_token());
            return other.ok_or_else(|| error.into());
        }
    };
    // Of those who shared the outcome a slow one may come after the next refresh. Whether it does
    // cannot be seen where nothing can be read; then a rotated token is rather written than lost.
    if let Ok(Some(newer)) = read(adapter, provider, id).await
        && newer.refresh_token() != stored.refresh_token()
    {
        return Ok(newer);
    }
    adapter.update_account_tokens(provider, id, &fresh).await?;
    Ok(fresh)
}

impl<A, D> fmt::Debug for AccountTokens<A, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountTokens").field("auth", &self.auth).finish_non_exhaustive()
    }
}
