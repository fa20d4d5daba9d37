//! Public suffixes (RFC 6265bis section 5.7), such as `com`, `co.uk` and `github.io`: browsers
//! accept cookies only for domains below them.

use psl::Psl as _;

/// Whether anybody can have a name just below this one. A name of one label that the list does not
/// have is a public suffix, too.
pub(crate) fn is_public_suffix(host: &str) -> bool {
    psl::List.suffix(host.as_bytes()).is_some_and(|suffix| suffix == host.as_bytes())
}

/// The part of a host's name that belongs to one owner: `example.co.uk` of `app.example.co.uk`.
pub(crate) fn registrable(host: &str) -> Option<&str> {
    let domain = psl::List.domain(host.as_bytes())?;
    host.get(host.len().checked_sub(domain.as_bytes().len())?..)
}

/// Whether browsers count both hosts to one site, whatever the scheme.
pub(crate) fn is_same_site(one: &str, other: &str) -> bool {
    one == other || registrable(one).is_some_and(|domain| registrable(other) == Some(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_of_registries_and_of_hosters_are_known() {
        for host in ["com", "co.uk", "github.io", "localhost", "internal", "xn--j6w193g", "uk"] {
            assert!(is_public_suffix(host), "{host}");
            assert_eq!(registrable(host), None, "{host}");
        }
        for (host, domain) in [
            ("example.com", "example.com"),
            ("a.b.example.co.uk", "example.co.uk"),
            ("ann.github.io", "ann.github.io"),
            ("db.corp.internal", "corp.internal"),
        ] {
            assert!(!is_public_suffix(host), "{host}");
            assert_eq!(registrable(host), Some(domain));
        }
        assert!(is_same_site("a.example.com", "b.example.com"));
        assert!(is_same_site("localhost", "localhost"));
        assert!(!is_same_site("ann.github.io", "bob.github.io"));
        assert!(!is_same_site("localhost", "example"));
    }
}
