//! The URL of a logo.

use std::fmt;
use std::str::FromStr;

use url::Url;

/// The address of a logo: an absolute `http` or `https` URL, or a path on the own site.
///
/// A path starts with a single `/` and is left for the browser to resolve. v4 takes such paths of
/// its provider logos from a server of its own; typegate never adds a foreign server, so a page
/// asks other sites for nothing the configuration does not name.
///
/// # Errors
///
/// Parsing fails with a [`LogoUrlError`] for every other scheme (`javascript:`, `data:`, …), for
/// addresses relative to the scheme or to the page, and for backslashes, blanks and control
/// characters, which browsers rewrite or drop.
///
/// # Examples
///
/// ```
/// use typegate::LogoUrl;
///
/// let logo: LogoUrl = "/assets/logo.svg".parse()?;
/// assert_eq!(logo.to_string(), "/assets/logo.svg");
/// assert!("https://cdn.example.com/logo.svg".parse::<LogoUrl>().is_ok());
///
/// assert!("javascript:alert(1)".parse::<LogoUrl>().is_err());
/// assert!("//cdn.example.com/logo.svg".parse::<LogoUrl>().is_err());
/// # Ok::<(), typegate::LogoUrlError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogoUrl(String);

impl LogoUrl {
    /// The text to write into `src`.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LogoUrl {
    type Err = LogoUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || LogoUrlError { value: text.to_owned() };
        if text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
            return Err(refused());
        }
        if text.starts_with('/') && !text.starts_with("//") {
            return Ok(Self(text.to_owned()));
        }
        // The URL parser reads `https:example.com` as an absolute URL; a browser resolves it
        // against the page.
        let is_absolute = ["http://", "https://"].into_iter().any(|start| {
            text.get(..start.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(start))
        });
        match Url::parse(text) {
            Ok(url) if is_absolute && url.has_host() => Ok(Self(url.into())),
            _ => Err(refused()),
        }
    }
}

impl fmt::Display for LogoUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A text that cannot be the address of a logo.
///
/// # Examples
///
/// ```
/// use typegate::LogoUrl;
///
/// let error = "data:image/png;base64,AA==".parse::<LogoUrl>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     r#""data:image/png;base64,AA==" cannot be a logo: write an http:// or https:// URL, or a path that starts with a single "/""#,
/// );
/// ```
#[derive(Clone, Eq, PartialEq, thiserror::Error)]
#[error(
    "{value:?} cannot be a logo: write an http:// or https:// URL, or a path that starts with a single \"/\""
)]
pub struct LogoUrlError {
    value: String,
}

/// As it is read by people: a `main` that returns errors prints them so, and so does `unwrap`.
impl fmt::Debug for LogoUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_addresses_and_own_paths_are_accepted() {
        for (text, written) in [
            ("https://example.com/l.png", "https://example.com/l.png"),
            ("HTTP://Example.com/l.png?a=b", "http://example.com/l.png?a=b"),
            ("/", "/"),
            ("/logo.svg?v=1#x", "/logo.svg?v=1#x"),
        ] {
            let logo: LogoUrl = text.parse().expect("an accepted address");
            assert_eq!(logo.as_str(), written);
        }
    }

    #[test]
    fn r143_other_schemes_and_addresses_that_parsers_read_differently_are_refused() {
        for text in [
            "",
            "logo.svg",
            "./logo.svg",
            "//evil.example/l.svg",
            "/\\evil.example/l.svg",
            "/\t/evil.example/l.svg",
            "\\\\evil.example",
            " https://example.com/l.png",
            "https:example.com",
            "https:/example.com",
            "https://",
            "http://exa mple.com",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "data:image/svg+xml,<svg onload=alert(1)>",
            "blob:https://example.com/1",
            "file:///etc/passwd",
            "ftp://example.com/l.png",
            "view-source:https://example.com",
            "about:blank",
        ] {
            assert!(text.parse::<LogoUrl>().is_err(), "{text:?} was accepted");
        }
    }
}
