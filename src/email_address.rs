//! Which text is one e-mail address? One parser decides: what it returns is looked up, stored, put
//! into the link and handed to the mailer.

use icu_normalizer::ComposingNormalizerBorrowed;
use url::Host;

/// RFC 5321 section 4.5.3.1, in octets.
const MAXIMUM_LOCAL_PART: usize = 64;
const MAXIMUM_ADDRESS: usize = 254;

/// Text that is not one plain address.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the text is not one plain e-mail address")]
pub(crate) struct AddressRefused;

/// Normalises as NextAuth v4.24.15 does (NFKC, trimmed, lower case, the domain cut at its first
/// comma) and then refuses what no mailer should be given: white space, control and invisible
/// characters, angle brackets, comments, quotes, lists, domain literals, empty labels, too much
/// text. An international domain becomes its ASCII form, once, by UTS 46.
pub(crate) fn normalise(text: &str) -> Result<String, AddressRefused> {
    if text.len() > 4 * MAXIMUM_ADDRESS {
        return Err(AddressRefused);
    }
    let text = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_lowercase();
    let (local, domain) = text.split_once('@').ok_or(AddressRefused)?;
    let domain = domain.split(',').next().unwrap_or_default();
    if !is_local_part(local) || text.matches('@').count() != 1 {
        return Err(AddressRefused);
    }
    let domain = ascii_domain(domain)?;
    let address = format!("{local}@{domain}");
    if address.len() > MAXIMUM_ADDRESS { Err(AddressRefused) } else { Ok(address) }
}

/// Whether the text of an application's own rule is one plain address, in whatever case.
pub(crate) fn is_plain(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else { return false };
    let is_same = |ascii: String| ascii.eq_ignore_ascii_case(domain);
    address.len() <= MAXIMUM_ADDRESS
        && is_local_part(local)
        && ascii_domain(domain).is_ok_and(is_same)
}

/// RFC 5322's dot-atom, and beyond ASCII letters, digits and marks (RFC 6532).
fn is_local_part(local: &str) -> bool {
    let is_atom = |c: char| {
        c.is_ascii_alphanumeric()
            || "!#$%&'*+-/=?^_`{|}~.".contains(c)
            || !c.is_ascii() && (c.is_alphanumeric() || is_mark_or_symbol(c))
    };
    !local.is_empty()
        && local.len() <= MAXIMUM_LOCAL_PART
        && local.chars().all(is_atom)
        && !local.split('.').any(str::is_empty)
}

/// Characters beyond ASCII that people use in names and that are neither invisible, white space,
/// control nor direction marks.
fn is_mark_or_symbol(c: char) -> bool {
    let is_combining = matches!(c, '\u{300}'..='\u{36f}');
    let is_pictograph = matches!(c, '\u{1f300}'..='\u{1faff}');
    is_combining || is_pictograph
}

/// Zero-width characters and direction marks. In a domain UTS 46 drops most of them silently, so
/// that the address would not be the one that was shown.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn ascii_domain(domain: &str) -> Result<String, AddressRefused> {
    if domain.contains(is_invisible) {
        return Err(AddressRefused);
    }
    // A host name by the URL standard's rules: UTS 46, no forbidden characters, no numbers that
    // mean an IP address.
    let Ok(Host::Domain(domain)) = Host::parse(domain) else { return Err(AddressRefused) };
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let has_dot = domain.contains('.');
    if has_dot && domain.split('.').all(is_label) { Ok(domain) } else { Err(AddressRefused) }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{is_plain, normalise};

    /// Recorded on next-auth 4.24.15; a case with `ours` is an agreed difference (R068, R070).
    #[test]
    fn r067_addresses_are_normalised_as_in_v4() {
        let data: Value = serde_json::from_str(include_str!("../tests/data/email.json")).unwrap();
        for case in data["normalise"].as_array().unwrap() {
            let expected = case.get("ours").unwrap_or(&case["v4"]).as_str();
            let input = case["input"].as_str().unwrap();
            assert_eq!(normalise(input).ok().as_deref(), expected, "{case}");
        }
    }

    #[test]
    fn r068_what_no_mailer_should_get_is_refused() {
        for bad in [
            "a\u{0}@b.co",
            "a\r\n@b.co",
            "a\nbcc:x@b.co",
            "a b@c.co",
            "<a@b.co>",
            "a(c)@b.co",
            "a@b.co(c)",
            "a;b@c.co",
            "a:b@c.co",
            "a@b;c.co",
            "a@b:25.co",
            "a@b.co:25",
            "a@b c.co",
            "a@b\u{9}.co",
            "a@b\u{202e}c.co",
            "a@b\u{200b}c.co",
            "a@b\u{200d}c.co",
            "a@b\u{2060}c.co",
            "a@b\u{feff}c.co",
            "a@b\u{180e}c.co",
            "a\u{ad}b@c.co",
            "a\u{200d}b@c.co",
            "a\u{2066}b@c.co",
            "a\u{7f}b@c.co",
            "a\u{85}b@c.co",
            "a@[IPv6:::1]",
            "a@0x7f.1",
            "a,b@c.co",
            "a\u{202e}@b.co",
            "a\u{200b}@b.co",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@1.2",
            "a@b..co",
            "a@.co",
            "a@b.",
            ".a@b.co",
            "a.@b.co",
            "a..b@c.co",
            "a@-b.co",
            "a@b-.co",
            "a@b_c.co",
            "a@b.co/x",
            "a@b.co?x",
            "a\\b@c.co",
            "a@b",
            "@b.co",
            "a@",
            "",
            "a@b.co b@c.co",
            "a@b.co;c@d.co",
            "a%00@b\u{0}.co",
        ] {
            assert!(normalise(bad).is_err(), "{bad:?}");
        }
        let long =
            |local: usize, label: usize| format!("{}@{}.co", "a".repeat(local), "b".repeat(label));
        assert!(normalise(&long(64, 63)).is_ok());
        assert!(normalise(&long(65, 10)).is_err());
        assert!(normalise(&long(10, 64)).is_err());
        let labels = |count: usize| format!("a@{}co", "bbbbbbbbb.".repeat(count));
        assert!(normalise(&labels(24)).is_ok());
        assert!(normalise(&labels(26)).is_err());
        assert!(normalise(&"a".repeat(100_000)).is_err());
        for good in
            ["ann+tag@example.com", "a.b-c_d@x-1.example.co", "o'hara@example.com", "1@2.de"]
        {
            assert_eq!(normalise(good).as_deref(), Ok(good));
        }
    }

    #[test]
    fn r071_an_applications_own_rule_cannot_let_anything_through() {
        for good in ["Ann@Corp.example", "a+b@c.co", "é@c.co"] {
            assert!(is_plain(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "a@b.co\r\nBcc: x@y.co",
            "a\0@b.co",
            "\"a\"@b.co",
            "a@b.co,c@d.co",
            "a@b@c.co",
            "A <a@b.co>",
            "a@bücher.de",
        ] {
            assert!(!is_plain(bad), "{bad:?}");
        }
        let long = format!("{}@{}co", "a".repeat(64), "bbbbbbbbb.".repeat(20));
        assert!(!is_plain(&long));
    }

    #[test]
    fn r070_international_domains_are_mapped_once() {
        assert_eq!(normalise("a@bücher.de").as_deref(), Ok("a@xn--bcher-kva.de"));
        assert_eq!(normalise("a@b\u{ad}c.de").as_deref(), Ok("a@bc.de"));
        assert_eq!(normalise("a@b\u{3002}de").as_deref(), Ok("a@b.de"));
        assert_eq!(normalise("a@ⓑ.de").as_deref(), Ok("a@b.de"));
        // The first letter is Cyrillic: another domain, and it stays visible as one.
        assert_eq!(normalise("a@аpple.com").as_deref(), Ok("a@xn--pple-43d.com"));
        // What was mapped once is mapped to itself.
        for address in ["a@xn--bcher-kva.de", "a@xn--pple-43d.com", "a@bc.de"] {
            assert_eq!(normalise(address).as_deref(), Ok(address));
        }
        for bad in ["a@xn--.de", "a@xn--a.de", "a@xn--bcher-kva\u{202e}.de", "a@\u{301}b.de"] {
            assert!(normalise(bad).is_err(), "{bad:?}");
        }
    }
}
