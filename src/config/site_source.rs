//! The source of the site's address: fixed, or the forwarded headers of each request.

use http::HeaderMap;
use http::header::HOST;

use super::cookie_kit::CookieKit;
use crate::web::site::SiteUrl;

/// How the site's address is found.
#[derive(Debug)]
pub(crate) enum SiteSource {
    Fixed(Box<(SiteUrl, CookieKit)>),
    Proxy { path: String, http: Box<CookieKit>, https: Box<CookieKit> },
}

/// The site as one request sees it.
#[derive(Debug)]
pub(crate) struct Site<'a> {
    pub(crate) url: std::borrow::Cow<'a, SiteUrl>,
    pub(crate) kit: &'a CookieKit,
}

/// The forwarded headers do not name a host.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the forwarded host is not a host name with an optional port")]
pub(crate) struct ForwardedHostRefused;

impl SiteSource {
    /// The path of the auth routes.
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Fixed(fixed) => fixed.0.path(),
            Self::Proxy { path, .. } => path,
        }
    }

    pub(crate) fn of_request(&self, headers: &HeaderMap) -> Result<Site<'_>, ForwardedHostRefused> {
        match self {
            Self::Fixed(fixed) => {
                let (url, kit) = &**fixed;
                Ok(Site { url: std::borrow::Cow::Borrowed(url), kit })
            }
            Self::Proxy { path, http, https } => {
                let host = match single(headers, "x-forwarded-host")? {
                    Some(host) => Some(host),
                    None => single(headers, HOST.as_str())?,
                };
                let host = host.filter(|host| is_host(host)).ok_or(ForwardedHostRefused)?;
                // As v4, which joins several lines: everything but exactly `http` is https.
                let is_http = matches!(single(headers, "x-forwarded-proto"), Ok(Some("http")));
                let (scheme, kit) = if is_http { ("http", http) } else { ("https", https) };
                let url = format!("{scheme}://{host}{path}");
                let url = url.parse().map_err(|_| ForwardedHostRefused)?;
                Ok(Site { url: std::borrow::Cow::Owned(url), kit })
            }
        }
    }
}

/// A header that stands there once, or not at all. Where a visitor's own line stands beside the
/// proxy's, nobody knows which one it is.
fn single<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, ForwardedHostRefused> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ForwardedHostRefused),
        _ => Err(ForwardedHostRefused),
    }
}

/// `host` or `host:port`, an IPv6 address in brackets; no list, path, user, space or empty label.
fn is_host(text: &str) -> bool {
    text.len() <= 255
        && !text.starts_with('.')
        && !text.contains("..")
        && !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:[]".contains(&b))
}
