//! Safe locations: the addresses that a browser is sent to, judged in the form in which they go
//! out.
//!
//! A [`SafeLocation`] is made by functions that write an address first, and then read what they
//! wrote with two parsers that know nothing of each other. Whoever chose the address decides what
//! it may be: a visitor stays on the site, the application may name other hosts, an identity
//! provider is where its configuration or its metadata say. `Location`, the JSON `url`, the
//! callback-url cookie, links in messages, forms and the guard's way back take nothing else.

mod writing;

use std::borrow::Cow;

use http::HeaderValue;
use percent_encoding::{percent_decode_str, utf8_percent_encode};
use url::{Position, Url};

use crate::web::agreed_url::{agreed_path, agreed_url, ascii_origin};
use crate::web::cookie::URI_COMPONENT;
use crate::web::site::SiteUrl;
use writing::{
    behind_authority, has_uri_letters_only, with_letters, with_uri_letters, without_dropped,
};

/// Schemes that a browser runs or reads itself; all others open a program.
const SCHEMES_OF_BROWSERS: [&str; 8] =
    ["about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source"];

/// An address to which a browser may be sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct SafeLocation {
    /// With the letters that were given, so that a front end can compare them.
    text: String,
    /// As a URI to the letter, where that is not the same.
    uri: Option<String>,
}

/// Why a browser cannot be sent to an address.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "the address is neither a path such as /login nor an absolute URL that browsers and programs \
     read alike"
)]
pub(crate) struct UnsafeLocation;

impl SafeLocation {
    /// What a visitor asked for, in a query, a form or a cookie, by v4's default `redirect` rule: a
    /// path is put behind the origin, a URL of the same origin is kept, all else becomes the
    /// origin.
    ///
    /// v4 fails for text that is no URL; here it is treated like a foreign one. `blob:` URLs, which
    /// v4 lets through because their origin is the page's, are foreign too.
    pub(crate) fn of_visitor(text: &str, site: &SiteUrl) -> Self {
        let origin = site.origin();
        if is_plainly_here(text, site) {
            return Self { text: text.to_owned(), uri: None };
        }
        let candidate = if text.starts_with('/') {
            Cow::from(format!("{origin}{text}"))
        } else {
            with_own_host(text, site)
        };
        let (location, url) = match Self::written(&candidate) {
            Some((location, Some(url))) => (location, url),
            _ => return Self::origin_of(site),
        };
        let is_here = is_web(&url) && url.origin() == site.url().origin();
        if is_here { location } else { Self::origin_of(site) }
    }

    /// The site itself.
    pub(crate) fn origin_of(site: &SiteUrl) -> Self {
        // `SiteUrl` is read by both parsers when it is made.
        Self { text: site.origin().to_owned(), uri: None }
    }

    /// An address of the auth routes.
    pub(crate) fn of_route(site: &SiteUrl, rest: &str) -> Self {
        Self::of_visitor(&format!("{}/{rest}", site.base()), site)
    }

    /// What the application chose, in its configuration or by a callback: a path of the site, or
    /// an absolute URL, whatever its host. Another scheme than http and https may open a program
    /// on the visitor's device; one that the browser itself runs or reads is refused.
    pub(crate) fn of_application(text: &str) -> Result<Self, UnsafeLocation> {
        let text = with_ascii_host(text);
        let (location, url) = Self::written(&text).ok_or(UnsafeLocation)?;
        match url {
            Some(url) if SCHEMES_OF_BROWSERS.contains(&url.scheme()) => Err(UnsafeLocation),
            _ => Ok(location),
        }
    }

    /// A page of the application's: a path of the site, or an http or https URL.
    pub(crate) fn of_page(text: &str) -> Result<Self, UnsafeLocation> {
        let location = Self::of_application(text)?;
        let is_path = location.text.starts_with('/');
        let is_web = Url::parse(location.uri()).is_ok_and(|url| is_web(&url));
        if is_path || is_web { Ok(location) } else { Err(UnsafeLocation) }
    }

    /// An endpoint of an identity provider, with the parameters of a request, which are encoded.
    pub(crate) fn of_provider(endpoint: &Url, query: &str) -> Result<Self, UnsafeLocation> {
        let mut endpoint = endpoint.clone();
        endpoint.set_query(None);
        endpoint.set_fragment(None);
        let (location, url) =
            Self::written(&format!("{endpoint}?{query}")).ok_or(UnsafeLocation)?;
        let is_there = url.is_some_and(|url| is_web(&url) && url.origin() == endpoint.origin());
        if is_there { Ok(location) } else { Err(UnsafeLocation) }
    }

    /// The path to which a visitor comes back, on whatever site this is: leading slashes are
    /// collapsed to one, and what is no path is the root.
    pub(crate) fn of_way_back(path_and_query: &str) -> Self {
        let rest = without_dropped(path_and_query);
        let rest = rest.trim_start_matches(['/', '\\']);
        match Self::written(&format!("/{rest}")) {
            Some((location, None)) => location,
            _ => Self { text: "/".to_owned(), uri: None },
        }
    }

    /// The address with one more parameter in its query.
    pub(crate) fn with_parameter(&self, name: &'static str, value: &str) -> Self {
        let add = |address: &str| {
            let joint = if address.contains('?') { '&' } else { '?' };
            format!("{address}{joint}{name}={}", utf8_percent_encode(value, URI_COMPONENT))
        };
        Self { text: add(&self.text), uri: self.uri.as_deref().map(add) }
    }

    /// The address with that behind `#`.
    pub(crate) fn with_fragment(&self, fragment: &str) -> Self {
        let add =
            |address: &str| format!("{address}#{}", utf8_percent_encode(fragment, URI_COMPONENT));
        Self { text: add(&self.text), uri: self.uri.as_deref().map(add) }
    }

    /// Writes both forms and reads them again; with the URL, unless it is a path.
    fn written(text: &str) -> Option<(Self, Option<Url>)> {
        let given = without_dropped(text);
        let (text, uri) = (with_letters(&given), with_uri_letters(&given));
        let is_path = given.starts_with('/');
        let url = if is_path { agreed_path(&uri) } else { agreed_url(&uri) }?;
        let is_alike = text == uri || {
            let read = if is_path { url.join(&text) } else { Url::parse(&text) };
            read.is_ok_and(|read| is_same(&read, &url))
        };
        let location = match (is_alike, text == uri) {
            (true, false) => Self { text, uri: Some(uri) },
            _ => Self { text: uri, uri: None },
        };
        Some((location, (!is_path).then_some(url)))
    }

    /// Its path, if that is on the site. Whether an absolute URL is on a site that each request names is
    /// not known.
    pub(crate) fn path_on(&self, site: Option<&SiteUrl>) -> Option<String> {
        if self.text.starts_with('/') {
            return self.uri().split(['?', '#']).next().map(ToOwned::to_owned);
        }
        let url = Url::parse(self.uri()).ok()?;
        (url.origin() == site?.url().origin()).then(|| url.path().to_owned())
    }

    /// With the letters that were given: for JSON, cookies, parameters and forms.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// As a URI to the letter: for headers and messages.
    pub(crate) fn uri(&self) -> &str {
        self.uri.as_deref().unwrap_or(&self.text)
    }

    /// For `Location`.
    pub(crate) fn header_value(&self) -> HeaderValue {
        // A URI is printable ASCII, which every header holds.
        HeaderValue::from_str(self.uri()).unwrap_or(HeaderValue::from_static("/"))
    }
}

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
    url.is_ok_and(|url| is_web(&url))
}

/// The origin to the letter, alone or followed by a path of URI letters: no parser reads another
/// host in it. Spares the parsing on the way that almost every request takes.
fn is_plainly_here(text: &str, site: &SiteUrl) -> bool {
    text.strip_prefix(site.origin())
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') && has_uri_letters_only(rest))
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// Whether two URLs are one but for characters that one of them encodes.
fn is_same(one: &Url, other: &Url) -> bool {
    let decoded =
        |url: &Url| -> Vec<u8> { percent_decode_str(&url[Position::AfterPort..]).collect() };
    one[..Position::AfterPort] == other[..Position::AfterPort] && decoded(one) == decoded(other)
}

/// The site's own host may be written in Unicode where DNS has it in ASCII (RFC 5891). Every other
/// spelling of it is a look-alike.
fn with_own_host<'a>(text: &'a str, site: &SiteUrl) -> Cow<'a, str> {
    let (start, rest) = behind_authority(text);
    match site.unicode_origin() {
        Some(origin) if start.to_lowercase() == origin => format!("{}{rest}", site.origin()).into(),
        _ => text.into(),
    }
}

/// A host beyond ASCII as browsers look it up.
fn with_ascii_host(text: &str) -> Cow<'_, str> {
    let (start, rest) = behind_authority(text);
    match ascii_origin(start) {
        Some(origin) => format!("{origin}{rest}").into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests;
