//! The end-session request (OpenID Connect RP-Initiated Logout 1.0 section 2).

use super::RelyingParty;
use crate::error::OAuthError;
use crate::web::location::SafeLocation;

impl RelyingParty {
    /// The address at which a browser signs out of the provider, which then sends it on to
    /// `post_logout_redirect_uri`. `id_token_hint` is the ID token of the sign-in that ends.
    pub(crate) async fn end_session_url(
        &self,
        id_token_hint: Option<&str>,
        post_logout_redirect_uri: &str,
    ) -> Result<SafeLocation, OAuthError> {
        const ENDPOINT: &str = "end_session_endpoint";
        let metadata = self.server.metadata(&self.http_client, self.clock.now()).await?;
        let endpoint = metadata.end_session_endpoint.clone();
        let mut endpoint = endpoint.ok_or(OAuthError::MissingEndpoint(ENDPOINT))?;
        let mut query = endpoint.query_pairs_mut();
        query.extend_pairs(id_token_hint.map(|hint| ("id_token_hint", hint)));
        query.append_pair("client_id", &self.definition.client.id);
        query.append_pair("post_logout_redirect_uri", post_logout_redirect_uri);
        drop(query);
        SafeLocation::of_provider(&endpoint, endpoint.query().unwrap_or_default())
            .map_err(|error| OAuthError::Endpoint(ENDPOINT, error.into()))
    }
}
