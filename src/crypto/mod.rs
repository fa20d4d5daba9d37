//! Which bytes are random, equal, or the hash of others? Thin names over `ring`, the one crypto
//! back end of the crate.

pub(crate) mod hash;
pub(crate) mod random;

/// Makes `ring` the back end of TLS where the application has not installed one of its own: two
/// libraries in one program may ask `rustls` for two, and then it panics unless it was told.
pub(crate) fn install_tls_provider() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}
