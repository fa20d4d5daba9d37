//! Where may the browser be sent after a flow?

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Url;

use crate::site::SiteUrl;

/// Characters that a `Location` header must not carry as they are (RFC 9110 section 10.2.2).
const UNSAFE_IN_LOCATION: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\');

/// What v4 checks before anything else, for the query and the cookie: an absolute http or https
/// URL, or a text starting with `/`.
pub(crate) fn is_acceptable(value: &str, site: &SiteUrl) -> bool {
    if is_plainly_here(value, site) {
        return true;
    }
    // More than two leading slashes count as two (WHATWG URL); `url` finds no host there.
    let collapsed =
        value.starts_with("///").then(|| format!("//{}", value.trim_start_matches('/')));
    let value = collapsed.as_deref().unwrap_or(value);
    let url = if value.starts_with('/') { site.url().join(value) } else { Url::parse(value) };
    url.is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// The default `redirect` rule of v4: a path is put behind the origin, a URL of the same origin
/// is kept, all else becomes the origin.
///
/// v4 fails for text that is no URL; here it is treated like a foreign one. `blob:` URLs, which
/// v4 lets through because their origin is the page's, are foreign too.
pub(crate) fn default_redirect(url: &str, site: &SiteUrl) -> String {
    let target = if is_plainly_here(url, site) {
        Some(url.to_owned())
    } else if url.starts_with('/') {
        Some(format!("{}{url}", site.origin()))
    } else {
        Url::parse(url)
            .ok()
            .filter(|parsed| is_same_origin(parsed, site) && !has_userinfo(parsed))
            .map(|_| url.to_owned())
    };
    target.map_or_else(|| site.origin().to_owned(), |target| location(&target))
}

/// The origin to the letter, alone or followed by a path: no parser can read another host in it.
/// Spares the parsing on the way that almost every request takes.
fn is_plainly_here(url: &str, site: &SiteUrl) -> bool {
    url.strip_prefix(site.origin()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn is_same_origin(url: &Url, site: &SiteUrl) -> bool {
    matches!(url.scheme(), "http" | "https") && url.origin() == site.url().origin()
}

fn has_userinfo(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// A redirect target as a `Location` header can carry it: what RFC 3986 allows stays as it was
/// written, the rest is percent-encoded. Text without such characters is unchanged.
pub(crate) fn location(target: &str) -> String {
    let trimmed = target.trim_matches(|c: char| c <= ' ');
    let without_breaks: String =
        trimmed.chars().filter(|c| !matches!(c, '\t' | '\r' | '\n')).collect();
    utf8_percent_encode(&without_breaks, UNSAFE_IN_LOCATION).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn cases(name: &str) -> Vec<Value> {
        let all: Value = serde_json::from_str(include_str!("../tests/data/urls.json")).unwrap();
        all[name].as_array().unwrap().clone()
    }

    /// Recorded on next-auth 4.24.15; a case with `ours` is an agreed difference with its reason.
    #[test]
    fn r128_the_default_rule_is_v4s() {
        for case in cases("redirect") {
            let text = |name: &str| case[name].as_str();
            let site: SiteUrl = text("site").unwrap().parse().unwrap();
            let expected = text("ours").or(text("v4")).unwrap();
            assert_eq!(default_redirect(text("url").unwrap(), &site), expected, "{case}");
        }
    }

    #[test]
    fn callback_urls_are_acceptable_as_in_v4() {
        let site: SiteUrl = "http://localhost:3000".parse().unwrap();
        for case in cases("acceptable") {
            let value = case["value"].as_str().unwrap();
            assert_eq!(is_acceptable(value, &site), case["accepted"], "{case}");
        }
    }

    #[test]
    fn r129_only_http_and_https_survive() {
        let site: SiteUrl = "http://localhost:3000".parse().unwrap();
        for url in [
            "javascript:alert(1)",
            "data:text/html,x",
            "blob:http://localhost:3000/5d0f",
            "file:///etc/passwd",
            "view-source:http://localhost:3000/",
            "about:blank",
            "junk",
            "http://",
            "http://[::1",
            "\u{0}javascript:alert(1)",
        ] {
            assert_eq!(default_redirect(url, &site), "http://localhost:3000", "{url:?}");
        }
    }

    #[test]
    fn r130_a_location_has_no_characters_that_parsers_read_differently() {
        let site: SiteUrl = "https://example.com".parse().unwrap();
        for (url, expected) in [
            ("/a b", "https://example.com/a%20b"),
            ("/\\evil.example", "https://example.com/%5Cevil.example"),
            ("/\t/evil.example", "https://example.com//evil.example"),
            ("/x\r\nSet-Cookie: a=b", "https://example.com/xSet-Cookie:%20a=b"),
            ("/ünï", "https://example.com/%C3%BCn%C3%AF"),
            ("https://user:pw@example.com/x", "https://example.com"),
            ("https://example.com@evil.example", "https://example.com"),
        ] {
            assert_eq!(default_redirect(url, &site), expected, "{url:?}");
        }
    }
}
