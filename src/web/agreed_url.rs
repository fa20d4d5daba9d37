//! URLs that every parser reads alike: browsers (WHATWG URL) and programs that follow RFC 3986.
//!
//! The two grammars differ in backslashes, blanks, percent-encoded and full-width hosts, and in
//! how many slashes a URL may lack; whoever wants to lead a visitor away looks for a text that one
//! of them takes for the site and the other for a stranger. Such a text is nobody's URL here.

use iri_string::types::{IriStr, UriReferenceStr, UriStr};
use url::Url;

/// Reads an absolute URL with both parsers. `None` if one of them refuses it, if they differ in
/// scheme, host or port, if there is a name before the host, or if the port is not written plainly.
pub(crate) fn agreed_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let has_name = !url.username().is_empty() || url.password().is_some();
    (!has_name && is_read_as(text, &url)).then_some(url)
}

/// Whether RFC 3986 reads this scheme, host and port in a text, and no name before the host.
pub(crate) fn is_read_as(text: &str, url: &Url) -> bool {
    let Ok(strict) = UriStr::new(text) else { return false };
    let is_web = matches!(url.scheme(), "http" | "https");
    let url_host = url.host_str().unwrap_or_default();
    if !strict.scheme_str().eq_ignore_ascii_case(url.scheme()) || is_web && url_host.is_empty() {
        return false;
    }
    let Some(authority) = strict.authority_components() else {
        // A scheme of another kind (`mailto:`) has none.
        return !is_web && url_host.is_empty();
    };
    let default = match url.scheme() {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    };
    let port = match authority.port() {
        None => default,
        // Plain digits, which nobody reads as octal.
        Some(digits) if digits.starts_with('0') && digits != "0" => return false,
        Some(digits) => match digits.parse() {
            Ok(port) => Some(port),
            Err(_) => return false,
        },
    };
    authority.userinfo().is_none()
        && authority.host().eq_ignore_ascii_case(url_host)
        && port == url.port().or(default)
}

/// Reads a path of whatever site the browser is on with both parsers: one slash, no host. It comes
/// back behind a host that stands for that site.
pub(crate) fn agreed_path(text: &str) -> Option<Url> {
    let strict = UriReferenceStr::new(text).ok()?;
    if !text.starts_with('/') || strict.authority_str().is_some() {
        return None;
    }
    let here = Url::parse("http://localhost").ok()?;
    here.join(text).ok().filter(|url| url.origin() == here.origin())
}

/// The origin of an http or https URL whose host is written beyond ASCII, as browsers look it up
/// (RFC 3987 section 3.1). What has no reading of its own is none.
pub(crate) fn ascii_origin(text: &str) -> Option<String> {
    let strict = IriStr::new(text).ok().filter(|_| !text.is_ascii())?;
    let has_name = strict.authority_components()?.userinfo().is_some();
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    (!has_name).then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::{agreed_path, agreed_url};

    #[test]
    fn r181_what_is_read_in_two_ways_is_no_url() {
        for text in [
            "http://a.example\\@evil.example",
            "http://a.example%5C@evil.example",
            "http://@a.example/",
            "http://:@a.example/",
            "http://ann@a.example/",
            "http:a.example/x",
            "http:/a.example/x",
            "http:///a.example/x",
            "http://\u{ff41}.example/",
            "http://%61.example/",
            "http://a.example:0080/",
            "http://a.example:/",
            "http://a.example:65536/",
            "http://a\t.example/",
            " http://a.example/",
            "http://a.example/ x",
            "http://a.example/%zz",
            "http://a.example/[",
            "http://0x7f.1/",
            "http://[0:0::1]/",
            "//a.example/x",
            "/x",
            "",
        ] {
            assert_eq!(agreed_url(text), None, "{text:?}");
        }
        for text in [
            "http://a.example",
            "HTTPS://A.Example:443/x?y#z",
            "http://a.example:8080?x",
            "http://[::1]:3000/x",
            "http://127.0.0.1/",
            "http://a.example./",
            "http://xn--bcher-kva.example/",
            "myapp://open",
            "com.example.app:/done",
        ] {
            assert!(agreed_url(text).is_some(), "{text:?}");
        }
    }

    #[test]
    fn r181_a_path_has_one_reading() {
        for text in ["//a.example", "/\\a.example", "/a b", "a", "", "/\t/a", "http:/a", "/%"] {
            assert_eq!(agreed_path(text), None, "{text:?}");
        }
        for text in ["/", "/a/b?c=d#e", "/a//b", "/..", "/a:b@c"] {
            assert!(agreed_path(text).is_some(), "{text:?}");
        }
    }
}
