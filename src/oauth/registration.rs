//! The registration of this application at a provider: what another OAuth 2.0 client has to know to
//! speak for it.

use url::Url;

use super::client_authentication::{Method, method, method_name};
use super::{FurtherEndpoints, RelyingParty, TokenEndpoint, Transport};
use crate::crypto::secret::ClientSecret;
use crate::error::OAuth2ClientError;

/// A client, how it authenticates, and where.
pub(crate) struct Registration {
    pub(crate) client_id: String,
    pub(crate) authentication: RegisteredAuthentication,
    pub(crate) token_endpoint: Url,
    pub(crate) further_endpoints: FurtherEndpoints,
    pub(crate) transport: Transport,
}

/// The client authentication of RFC 6749 section 2.3.1.
pub(crate) enum RegisteredAuthentication {
    Basic(ClientSecret),
    Post(ClientSecret),
    None,
}

impl RelyingParty {
    /// The registration as of now: a generated secret is good for half a day at least.
    pub(crate) async fn registration(&self) -> Result<Registration, OAuth2ClientError> {
        let provider = || self.definition.common.id.clone();
        if !is_standard(&self.definition.token_endpoint) {
            return Err(OAuth2ClientError::TokenRequest { provider: provider() });
        }
        let now = self.clock.now();
        let metadata = self.server.metadata(&self.http_client, now).await;
        let metadata = metadata
            .map_err(|source| OAuth2ClientError::Metadata { provider: provider(), source })?;
        let client = &self.definition.client;
        let method = method(client, &metadata, now)
            .map_err(|source| OAuth2ClientError::ClientSecret { provider: provider(), source })?;
        let authentication = match method {
            Method::Basic(secret) => RegisteredAuthentication::Basic(secret),
            Method::Post(secret) => RegisteredAuthentication::Post(secret),
            Method::None => RegisteredAuthentication::None,
            Method::Assertion(_) => {
                let method = method_name(client, Some(&metadata));
                let provider = provider();
                return Err(OAuth2ClientError::ClientAuthentication { provider, method });
            }
        };
        Ok(Registration {
            client_id: client.id.clone(),
            authentication,
            token_endpoint: metadata.token_endpoint.clone(),
            further_endpoints: metadata.further_endpoints.clone(),
            transport: self.definition.transport(),
        })
    }
}

/// Whether nothing but RFC 6749 says what stands in a token request and in its answer.
fn is_standard(endpoint: &TokenEndpoint) -> bool {
    let TokenEndpoint { query, headers, form, only_declared_form, select } = endpoint;
    query.is_empty()
        && headers.is_empty()
        && form.is_empty()
        && !only_declared_form
        && select.is_none()
}
