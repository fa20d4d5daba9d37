//! Issuer comparison: which issuers, beside the configured one, are the provider's.

use super::word::words;

/// Which issuer a provider may have in its discovery document, its tokens and its callbacks.
///
/// Whatever is set here, tokens are verified with the keys of that one document, which is fetched
/// over https from the configured address.
///
/// ```
/// use typegate::provider::{IssuerComparison, OAuthClient, Oidc};
///
/// let provider = Oidc::builder()
///     .id("acme")
///     .name("Acme")
///     .issuer("https://id.acme.example")
///     .client(OAuthClient::new("client id", "client secret".into()))
///     .issuer_comparison(IssuerComparison::IgnoringFinalSlash)
///     .build();
/// assert_eq!(IssuerComparison::default(), IssuerComparison::Exact);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum IssuerComparison {
    /// The configured one, to the letter (OpenID Connect Discovery 1.0 section 4.3, RFC 9207
    /// section 2.4).
    #[default]
    Exact,
    /// The configured one, with or without a slash at its end. It is logged (`ISSUER_SLASH`) where
    /// the document has the other one.
    IgnoringFinalSlash,
    /// The one that the discovery document names, to the letter: for a provider whose document is
    /// not below its issuer, such as Azure AD B2C. The configured issuer says no more than where
    /// the document is. NextAuth v4 compares with the document's for every provider.
    AsDiscovered,
}

words! {
    IssuerComparison {
        "exact" => Exact,
        "ignoring_final_slash" => IgnoringFinalSlash,
        "as_discovered" => AsDiscovered,
    }
}

impl IssuerComparison {
    /// Whether two spellings are those of one issuer.
    pub(crate) fn is_same(self, one: &str, other: &str) -> bool {
        one == other || self == Self::IgnoringFinalSlash && bare(one) == bare(other)
    }
}

/// The issuer without the one slash at its end.
fn bare(issuer: &str) -> &str {
    issuer.strip_suffix('/').unwrap_or(issuer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_final_slash_is_ignored_and_only_if_asked() {
        let (with, without) = ("https://id.example/", "https://id.example");
        assert!(IssuerComparison::IgnoringFinalSlash.is_same(with, without));
        assert!(!IssuerComparison::Exact.is_same(with, without));
        assert!(!IssuerComparison::AsDiscovered.is_same(with, without));
        for other in ["https://id.example//", "https://ID.example", "https://id.example/a", ""] {
            assert!(!IssuerComparison::IgnoringFinalSlash.is_same(without, other), "{other}");
        }
    }
}
