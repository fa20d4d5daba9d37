//! Who is this application at the provider, and how does it prove it?

use crate::secret::ClientSecret;

/// How the client proves itself at the token endpoint.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// `client_secret_basic`, or with discovery whatever of basic and post the provider
    /// announces.
    #[default]
    Automatic,
    /// Id and secret in the `Authorization` header, each form-encoded (RFC 6749 section 2.3.1).
    Basic,
    /// Id and secret in the form.
    Post,
    /// A public client: the id in the form, no secret.
    None,
}

/// This application at the provider.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) id: String,
    pub(crate) secret: Option<ClientSecret>,
    pub(crate) authentication: ClientAuthentication,
}

impl Client {
    /// A client with a secret.
    #[must_use]
    pub fn new(id: impl Into<String>, secret: impl Into<ClientSecret>) -> Self {
        Self {
            id: id.into(),
            secret: Some(secret.into()),
            authentication: ClientAuthentication::Automatic,
        }
    }

    /// A client without a secret. Use it with [`Check::Pkce`](super::Check::Pkce).
    #[must_use]
    pub fn public(id: impl Into<String>) -> Self {
        Self { id: id.into(), secret: None, authentication: ClientAuthentication::None }
    }

    /// Fixes how the client proves itself.
    #[must_use]
    pub fn authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.authentication = authentication;
        self
    }
}
