//! Token refresh, by the id of a configured provider.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jiff::Timestamp;

use super::note_remarks;
use crate::config::{Config, Provider};
use crate::error::{Error, OAuthError};
use crate::hooks::RefreshTokens;
use crate::model::TokenSet;

/// Refreshes the tokens that a provider gave.
pub(crate) async fn refresh_tokens(
    config: &Config,
    provider: &str,
    tokens: &TokenSet,
) -> Result<TokenSet, OAuthError> {
    let Some(Provider::OAuth(relying_party)) = config.provider(provider) else {
        return Err(OAuthError::NotRefreshable("there is no OAuth 2.0 provider of that id"));
    };
    let fresh = relying_party.refresh(tokens).await;
    note_remarks(config, relying_party);
    fresh
}

impl RefreshTokens for Config {
    fn refresh<'a>(
        self: Arc<Self>,
        provider: &'a str,
        tokens: &'a TokenSet,
    ) -> Pin<Box<dyn Future<Output = Result<TokenSet, Error>> + Send + 'a>> {
        Box::pin(async move { Ok(refresh_tokens(&self, provider, tokens).await?) })
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
