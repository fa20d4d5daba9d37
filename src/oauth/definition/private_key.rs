//! Private keys of the client (`private_key_jwt`, OpenID Connect Core section 9).

use std::fmt;

use crate::error::ConfigError;
use crate::jose::{JwsSigner, KeyRefused};

/// A private key: RS256 with RSA of at least 2048 bits, ES256 on P-256, ES384 on P-384 or
/// `EdDSA` with Ed25519; which one, the key says.
///
/// ```
/// use typegate::provider::{OAuthClient, PrivateKey};
///
/// # let pem = "-----BEGIN PRIVATE KEY-----\n\
/// # MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxAmpl6+pu1taQw7g\n\
/// # KQadrGNbWNkOHACUVhrvQyaVm1ihRANCAATK+Jsp6VwQdkV9Y1cl2BTJ5OLU/5b5\n\
/// # WTflMDI5BrLcnT/tvJMC9L0ByKqsVpEOiXqbOrz+MCShkPKOs7cbvvAR\n\
/// # -----END PRIVATE KEY-----\n";
/// let key = PrivateKey::from_pem(pem)?.key_id("2026-11");
/// let client = OAuthClient::with_private_key("client id", key);
/// assert!(PrivateKey::from_pem("-----BEGIN PUBLIC KEY-----").is_err());
/// # Ok::<(), typegate::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct PrivateKey(pub(crate) JwsSigner);

impl PrivateKey {
    /// Reads the first private key of a PEM text: PKCS#8, or PKCS#1 for RSA. `\n` written as two
    /// characters counts as a line break, as it often stands in environment variables.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if there is none, or if it is not of a kind that can sign. The message says
    /// what happened to a text that was indented, quoted, made one line, or encoded once more.
    pub fn from_pem(pem: &str) -> Result<Self, ConfigError> {
        Self::checked(JwsSigner::from_pem(&pem.replace("\\n", "\n")))
    }

    /// Reads a private JWK (RFC 7517). Its `kid` becomes the key id; an `alg` that does not
    /// belong to the key is refused.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if it is no JSON, lacks a member, or is not of a kind that can sign.
    pub fn from_jwk(json: &str) -> Result<Self, ConfigError> {
        let jwk = serde_json::from_str(json).map_err(|_| {
            // The parser's message may quote the key.
            ConfigError::new("the private key is not a JWK: the text is no JSON")
        })?;
        Self::checked(JwsSigner::from_jwk(&jwk))
    }

    /// Reads either, as a file of settings has it.
    #[cfg(feature = "dynamic")]
    pub(crate) fn read(text: &str) -> Result<Self, ConfigError> {
        if text.trim_start().starts_with('{') { Self::from_jwk(text) } else { Self::from_pem(text) }
    }

    fn checked(key: Result<JwsSigner, KeyRefused>) -> Result<Self, ConfigError> {
        let refused = |error: KeyRefused| {
            ConfigError::new(format!("the private key cannot be used: {error}"))
        };
        Ok(Self(key.map_err(refused)?))
    }

    /// The id under which the provider knows the key, sent as `kid`.
    #[must_use]
    pub fn key_id(mut self, key_id: impl Into<String>) -> Self {
        self.0.key_id = Some(key_id.into());
        self
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(redacted)")
    }
}
