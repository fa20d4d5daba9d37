//! Signature algorithms (JWA, RFC 7518 section 3.1).

use jsonwebtoken::Algorithm;

/// A signature algorithm of RFC 7518 section 3.1 that typegate verifies. `none` is not among
/// them.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: what OpenID Connect prescribes by default.
    #[default]
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// Edwards-curve signature, Ed25519 (RFC 8037).
    EdDsa,
    /// HMAC with SHA-256, keyed with the client secret.
    Hs256,
}

/// A token without a signature, which nobody accepts.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Unsigned;

/// What names the algorithm of ID tokens: a [`SignatureAlgorithm`].
#[diagnostic::on_unimplemented(
    message = "this is not a signature algorithm, and an ID token without a signature is never accepted",
    label = "signs nothing",
    note = "leave it out to take what the provider's discovery document offers, or write \
            `SignatureAlgorithm::Rs256` or another one that the provider signs with"
)]
pub trait IntoSignatureAlgorithm {
    #[doc(hidden)]
    fn into_algorithm(self) -> SignatureAlgorithm;
}

#[diagnostic::do_not_recommend]
impl IntoSignatureAlgorithm for SignatureAlgorithm {
    fn into_algorithm(self) -> SignatureAlgorithm {
        self
    }
}

impl SignatureAlgorithm {
    #[doc(hidden)]
    #[expect(non_upper_case_globals, reason = "in the place of the variant that people look for")]
    pub const None: Unsigned = Unsigned;

    const ALL: [Self; 8] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
        Self::Hs256,
    ];

    /// The algorithm of that `alg` header value.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == name)
    }

    /// Whether a key verifies that does not sign: a provider can publish it.
    pub(crate) fn is_asymmetric(self) -> bool {
        self != Self::Hs256
    }

    /// The `alg` header value.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
            Self::Hs256 => "HS256",
        }
    }

    /// The hash that goes with the algorithm, for `at_hash` (OpenID Connect Core section
    /// 3.1.3.6).
    pub(crate) fn digest(self) -> &'static ring::digest::Algorithm {
        match self {
            Self::Rs256 | Self::Ps256 | Self::Es256 | Self::Hs256 => &ring::digest::SHA256,
            Self::Rs384 | Self::Es384 => &ring::digest::SHA384,
            Self::Rs512 | Self::EdDsa => &ring::digest::SHA512,
        }
    }

    /// The `crv` of its keys (RFC 7518 section 7.6, RFC 8037 section 5).
    pub(crate) fn curve(self) -> Option<&'static str> {
        match self {
            Self::Es256 => Some("P-256"),
            Self::Es384 => Some("P-384"),
            Self::EdDsa => Some("Ed25519"),
            _ => None,
        }
    }

    pub(crate) fn in_jsonwebtoken(self) -> Algorithm {
        match self {
            Self::Rs256 => Algorithm::RS256,
            Self::Rs384 => Algorithm::RS384,
            Self::Rs512 => Algorithm::RS512,
            Self::Ps256 => Algorithm::PS256,
            Self::Es256 => Algorithm::ES256,
            Self::Es384 => Algorithm::ES384,
            Self::EdDsa => Algorithm::EdDSA,
            Self::Hs256 => Algorithm::HS256,
        }
    }
}
