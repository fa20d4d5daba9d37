//! The client: this application at the provider, and how it authenticates (RFC 6749 section 2.3).

use super::client_id::IntoClientId;
use super::generated_secret::GeneratedSecret;
use super::private_key::PrivateKey;
use super::word::words;
use crate::crypto::secret::{ClientSecret, MINIMUM_SECRET_BYTES};
use crate::error::ConfigError;

/// How a client with a secret proves that it has it, at the token endpoint and at the pushed
/// authorization request endpoint.
///
/// Certificates of clients (`tls_client_auth`, RFC 8705) are not among them: the outgoing HTTP
/// client is shared by all providers. Put a client of your own behind
/// [`HttpClient`](crate::HttpClient) where a provider asks for one.
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
    /// `client_secret_jwt`: the secret stays here and signs a statement by HMAC-SHA-256 (OpenID
    /// Connect Core section 9). It must have at least 32 bytes.
    SecretJwt,
    /// A public client: the id in the form, no secret.
    None,
}

words! {
    ClientAuthentication {
        "basic" => Basic, "post" => Post, "secret_jwt" => SecretJwt, "none" => None,
    }
}

/// This application at the provider.
///
/// | made by | how it proves itself |
/// |---|---|
/// | [`OAuthClient::new`] | a secret, see [`ClientAuthentication`] |
/// | [`OAuthClient::with_private_key`] | `private_key_jwt` (RFC 7523, OpenID Connect Core section 9) |
/// | [`OAuthClient::with_generated_secret`] | a secret that it signs itself, as Apple wants it |
/// | [`OAuthClient::public`] | not at all |
///
/// A public client has nothing to prove itself with:
///
/// ```compile_fail,E0599
/// use typegate::provider::{OAuthClient, ClientAuthentication};
///
/// OAuthClient::public("id").authentication(ClientAuthentication::SecretJwt);
/// ```
#[derive(Clone, Debug)]
pub struct OAuthClient {
    pub(crate) id: String,
    pub(crate) proof: Proof,
    pub(crate) authentication: ClientAuthentication,
}

/// What a client proves itself with.
#[derive(Clone, Debug)]
pub(crate) enum Proof {
    Nothing,
    Secret(ClientSecret),
    GeneratedSecret(GeneratedSecret),
    PrivateKey { key: PrivateKey, audience: Option<String> },
}

#[typegate_macros::__unquoted]
impl OAuthClient {
    /// A client with a secret. The secret has a type of its own, so that nobody gives it in the
    /// place of the id.
    #[must_use]
    pub fn new(id: impl IntoClientId, secret: ClientSecret) -> Self {
        Self::with_proof(id, Proof::Secret(secret))
    }

    /// A client without a secret. Use it with [`Check::Pkce`](super::Check::Pkce).
    #[must_use]
    pub fn public(id: impl IntoClientId) -> PublicClient {
        PublicClient(id.into_client_id())
    }

    /// A client that signs a statement with a key of its own, whose public half the provider
    /// knows (`private_key_jwt`).
    #[must_use]
    pub fn with_private_key(id: impl IntoClientId, key: PrivateKey) -> PrivateKeyClient {
        PrivateKeyClient { id: id.into_client_id(), key, audience: None }
    }

    /// A client whose secret is a token that it signs itself and renews in time.
    #[must_use]
    pub fn with_generated_secret(id: impl IntoClientId, secret: GeneratedSecret) -> Self {
        Self::with_proof(id, Proof::GeneratedSecret(secret))
    }

    fn with_proof(id: impl IntoClientId, proof: Proof) -> Self {
        Self { id: id.into_client_id(), proof, authentication: ClientAuthentication::Automatic }
    }

    /// Fixes how the client proves that it has its secret.
    #[must_use]
    pub fn authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// The secret that the provider gave.
    pub(crate) fn secret(&self) -> Option<&ClientSecret> {
        match &self.proof {
            Proof::Secret(secret) => Some(secret),
            _ => None,
        }
    }

    /// What types cannot see.
    pub(crate) fn check(&self, provider: &str) -> Result<(), ConfigError> {
        use ClientAuthentication::{Basic, Post, SecretJwt};

        if self.id.is_empty() {
            return Err(ConfigError::new(format!(
                "the provider `{provider}` has an empty client id"
            )));
        }
        match (&self.proof, self.authentication) {
            (Proof::Secret(secret), _) if secret.expose().is_empty() => {
                Err(ConfigError::new(format!(
                    "the provider `{provider}` has an empty client secret: a client without one is \
                     `OAuthClient::public`"
                )))
            }
            (Proof::Nothing, Basic | Post | SecretJwt) => Err(ConfigError::new(format!(
                "the provider `{provider}` authenticates its client with a secret and has none: \
                 use OAuthClient::new, or ClientAuthentication::None"
            ))),
            (Proof::Secret(secret), SecretJwt) if secret.expose().len() < MINIMUM_SECRET_BYTES => {
                Err(ConfigError::new(format!(
                    "the client secret of the provider `{provider}` has {} bytes, and \
                     client_secret_jwt needs {MINIMUM_SECRET_BYTES} (RFC 7518 section 3.2)",
                    secret.expose().len()
                )))
            }
            (Proof::GeneratedSecret(_), SecretJwt) => Err(ConfigError::new(format!(
                "the generated client secret of the provider `{provider}` is a signed token \
                 already: use ClientAuthentication::Automatic, Basic or Post"
            ))),
            _ => Ok(()),
        }
    }
}

/// A client that proves nothing. Made by [`OAuthClient::public`]; every place that wants a [`OAuthClient`]
/// takes it.
#[derive(Clone, Debug)]
pub struct PublicClient(String);

impl From<PublicClient> for OAuthClient {
    fn from(PublicClient(id): PublicClient) -> Self {
        let client = Self::with_proof(id, Proof::Nothing);
        client.authentication(ClientAuthentication::None)
    }
}

/// A client with a key of its own. Made by [`OAuthClient::with_private_key`]; every place that wants a
/// [`OAuthClient`] takes it.
#[derive(Clone, Debug)]
pub struct PrivateKeyClient {
    id: String,
    key: PrivateKey,
    audience: Option<String>,
}

impl PrivateKeyClient {
    /// To whom the statement is addressed: the issuer by default, or the token endpoint of a
    /// provider without one. Some providers want their token endpoint in any case.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }
}

impl From<PrivateKeyClient> for OAuthClient {
    fn from(PrivateKeyClient { id, key, audience }: PrivateKeyClient) -> Self {
        Self::with_proof(id, Proof::PrivateKey { key, audience })
    }
}
