//! Why there is no client of the crate `oauth2` for a provider.

use super::{BoxError, OAuthError, debug_as_display};

/// What [`Auth::oauth2_client`](crate::Auth::oauth2_client) cannot make a client of.
///
/// All but [`Metadata`](Self::Metadata) are mistakes in the program or its configuration, which no
/// later attempt mends. Nothing in it is secret.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum OAuth2ClientError {
    /// The configuration has no such provider.
    #[error("there is no provider with the id `{}`", provider.escape_debug())]
    UnknownProvider {
        /// The id that was asked for.
        provider: String,
    },
    /// The provider is of another kind.
    #[error("the provider `{provider}` does not speak OAuth 2.0, it is of the kind {kind}")]
    NotOAuth2 {
        /// Its id.
        provider: String,
        /// `OAuth 1.0a`, `e-mail` or `credentials`.
        kind: &'static str,
    },
    /// The client proves itself by a statement that it signs.
    #[error(
        "the provider `{provider}` authenticates its client by `{method}`, and the crate `oauth2` \
         knows `client_secret_basic`, `client_secret_post` and `none` only"
    )]
    ClientAuthentication {
        /// The provider's id.
        provider: String,
        /// The method's name in RFC 8414's `token_endpoint_auth_methods_supported`.
        method: &'static str,
    },
    /// The provider's [`TokenEndpoint`](crate::provider::TokenEndpoint) declares parameters,
    /// headers or members beyond RFC 6749, or that the tokens are a part of the answer.
    #[error(
        "the token endpoint of the provider `{provider}` is declared to differ from RFC 6749, and \
         the crate `oauth2` knows nothing else"
    )]
    TokenRequest {
        /// The provider's id.
        provider: String,
    },
    /// The secret that the client signs itself could not be made.
    #[error("the client secret for the provider `{provider}` could not be made")]
    ClientSecret {
        /// The provider's id.
        provider: String,
        /// The reason.
        source: BoxError,
    },
    /// The provider did not say where its endpoints are. A later attempt may succeed.
    #[error("the endpoints of the provider `{provider}` are not known")]
    Metadata {
        /// The provider's id.
        provider: String,
        /// The reason.
        source: OAuthError,
    },
}

debug_as_display!(OAuth2ClientError);
