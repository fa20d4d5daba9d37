//! The tokens of stored accounts, fresh whenever an application asks.

use std::fmt;
use std::sync::Arc;

use crate::adapter::ErasedAccountStore;
use crate::config::{Auth, Config};
use crate::error::{AdapterError, ConfigError, Error};
use crate::flow::refresh_tokens;
use crate::model::TokenSet;
use crate::runtime::completion::to_completion;

/// The tokens of stored accounts, refreshed when they are about to expire.
///
/// A refreshed set is stored before it is handed out, so no rotated refresh token is lost, not even
/// if the caller goes away while the provider answers; of any number of callers one sends the old
/// refresh token and all get its outcome. If another process was faster, its stored tokens are
/// taken.
///
/// [`account_tokens`](crate::builder::AuthBuilder::account_tokens) on the builder asks for them, which
/// compiles with an adapter that reads accounts
/// ([`AccountStore`](crate::adapter::AccountStore)). They are cheap to clone, to be stored anywhere.
///
/// An application that carries tokens
/// in its own `jwt` callback has nothing to store them in but the session: there the
/// [`TokenRefresher`](crate::hooks::TokenRefresher) of the request refreshes them, where the answer
/// carries the session's cookie and nowhere else. [`Callbacks::jwt`](crate::hooks::Callbacks::jwt)
/// has the callback.
///
/// ```
/// use typegate::adapter::MemoryAdapter;
/// use typegate::testing::IdentityProvider;
/// use typegate::{Auth, Secret};
///
/// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
/// # let idp = IdentityProvider::new();
/// let auth = Auth::builder()
///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
///     .url("https://app.example.com".parse()?)
///     .adapter(MemoryAdapter::new())
///     .provider(idp.oidc("acme"))
///     .account_tokens()
///     .build()?;
/// let tokens = auth.account_tokens()?;
/// assert!(tokens.of("acme", "nobody").await?.is_none());
/// # Ok(())
/// # }
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # runtime.block_on(test()).unwrap();
/// ```
#[derive(Clone)]
pub struct AccountTokens {
    config: Arc<Config>,
    accounts: Arc<dyn ErasedAccountStore>,
}

impl<D> Auth<D> {
    /// The tokens of stored accounts, to be used and refreshed.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the configuration did not ask for them by
    /// [`account_tokens`](crate::builder::AuthBuilder::account_tokens).
    pub fn account_tokens(&self) -> Result<AccountTokens, ConfigError> {
        let accounts = self.config.accounts.clone().ok_or_else(|| {
            ConfigError::new(
                "the tokens of accounts were not asked for: write `.account_tokens()` before \
                 `.build()`, or `account_tokens = true` in a configuration file",
            )
        })?;
        Ok(AccountTokens { config: Arc::clone(&self.config), accounts })
    }
}

impl AccountTokens {
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
        let Some(stored) = read(&*self.accounts, provider, provider_account_id).await? else {
            return Ok(None);
        };
        if !stored.is_due(self.config.clock.now()) {
            return Ok(Some(stored));
        }
        let (config, accounts) = (Arc::clone(&self.config), Arc::clone(&self.accounts));
        let (provider, id) = (provider.to_owned(), provider_account_id.to_owned());
        let renewed = async move { renew(&config, &*accounts, &provider, &id, &stored).await };
        to_completion(renewed).await.map(Some)
    }
}

async fn read(
    accounts: &dyn ErasedAccountStore,
    provider: &str,
    id: &str,
) -> Result<Option<TokenSet>, AdapterError> {
    Ok(accounts.account(provider, id).await?.map(|account| account.tokens))
}

/// New tokens, stored: between the provider's answer and the last write nothing may be left out.
async fn renew(
    config: &Arc<Config>,
    accounts: &dyn ErasedAccountStore,
    provider: &str,
    id: &str,
    stored: &TokenSet,
) -> Result<TokenSet, Error> {
    let fresh = match refresh_tokens(config, provider, stored).await {
        Ok(fresh) => fresh,
        Err(error) => {
            // Another process may have used the refresh token first.
            let again = read(accounts, provider, id).await?;
            let other = again.filter(|again| again.refresh_token() != stored.refresh_token());
            return other.ok_or_else(|| error.into());
        }
    };
    // Of those who shared the outcome a slow one may come after the next refresh. Whether it does
    // cannot be seen where nothing can be read; then a rotated token is rather written than lost.
    if let Ok(Some(newer)) = read(accounts, provider, id).await
        && newer.refresh_token() != stored.refresh_token()
    {
        return Ok(newer);
    }
    accounts.update_account_tokens(provider, id, &fresh).await?;
    Ok(fresh)
}

impl fmt::Debug for AccountTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountTokens").finish_non_exhaustive()
    }
}
