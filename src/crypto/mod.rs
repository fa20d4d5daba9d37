//! Cryptographic primitives: hashes, random values, secret values and the back end of TLS. Thin names
//! over `ring`, the only crypto library of the crate.

pub(crate) mod given_secret;
pub(crate) mod hash;
pub(crate) mod random;
pub(crate) mod secret;

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls_platform_verifier::Verifier;

/// Makes `ring` the back end of TLS where the application has not installed one of its own: two
/// libraries in one program may ask `rustls` for two, and then it panics unless it was told.
#[cfg(feature = "redis")]
pub(crate) fn install_tls_provider() {
    if CryptoProvider::get_default().is_none() {
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

/// The back end of TLS: the application's where it has installed one, `ring` otherwise.
pub(crate) fn tls_provider() -> Arc<CryptoProvider> {
    match CryptoProvider::get_default() {
        Some(provider) => Arc::clone(provider),
        None => Arc::new(rustls::crypto::ring::default_provider()),
    }
}

/// TLS with servers whose certificates that verifier accepts.
pub(crate) fn tls_client(verifier: Verifier) -> Result<ClientConfig, rustls::Error> {
    let config = ClientConfig::builder_with_provider(tls_provider())
        .with_safe_default_protocol_versions()?
        // The word is that of rustls: it is the platform's own verifier.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    Ok(config.with_no_client_auth())
}
