//! The source of the site's address: fixed, or the forwarded headers of each request.

use std::borrow::Cow;

use http::HeaderMap;
use http::request::Parts;

use super::cookie_kit::CookieKit;
use super::trusted_proxy::ResolvedProxy;
use crate::web::host_refused::HostRefused;
use crate::web::site::{Mount, SiteUrl};
use crate::web::unlisted_host::unlisted;

/// How the site's address is found.
#[derive(Debug)]
pub(crate) enum SiteSource {
    Fixed(Box<(SiteUrl, CookieKit)>),
    Proxy { proxy: Box<ResolvedProxy>, http: Box<CookieKit>, https: Box<CookieKit> },
}

/// The site as one request sees it.
#[derive(Debug)]
pub(crate) struct Site<'a> {
    pub(crate) url: Cow<'a, SiteUrl>,
    pub(crate) kit: &'a CookieKit,
}

impl SiteSource {
    /// The path of the auth routes, as the browser has it and as it gets here.
    pub(crate) fn mount(&self) -> &Mount {
        match self {
            Self::Fixed(fixed) => fixed.0.mount(),
            Self::Proxy { proxy, .. } => &proxy.mount,
        }
    }

    /// The site, unless each request names it.
    pub(crate) fn fixed(&self) -> Option<&SiteUrl> {
        match self {
            Self::Fixed(fixed) => Some(&fixed.0),
            Self::Proxy { .. } => None,
        }
    }

    /// The site that a request is for. Behind a proxy, the host is one of those that were named.
    pub(crate) fn of_request(&self, parts: &Parts) -> Result<Site<'_>, HostRefused> {
        let kit = self.kit(&parts.headers);
        let (proxy, is_http) = match self {
            Self::Fixed(fixed) => return Ok(Site { url: Cow::Borrowed(&fixed.0), kit }),
            Self::Proxy { proxy, .. } => (proxy, proxy.forwarded.is_http(&parts.headers)),
        };
        let said = proxy.forwarded.host(parts)?;
        let scheme = if is_http { "http" } else { "https" };
        let url = format!("{scheme}://{}{}", said.host, proxy.mount.browser());
        let no_host = |_| HostRefused::no_host(said.header, &said.host);
        let url: SiteUrl = url.parse().map_err(no_host)?;
        if !proxy.hosts.has(&url) {
            let (forwarded, headers) = (&proxy.forwarded, &parts.headers);
            return Err(unlisted(forwarded, headers, url.host(), said.header));
        }
        Ok(Site { url: Cow::Owned(url), kit })
    }

    /// The cookies of a request, whose names depend on the scheme and on nothing else. A lie about
    /// that shows its author other cookies of their own.
    pub(crate) fn kit(&self, headers: &HeaderMap) -> &CookieKit {
        match self {
            Self::Fixed(fixed) => &fixed.1,
            Self::Proxy { proxy, http, .. } if proxy.forwarded.is_http(headers) => http,
            Self::Proxy { https, .. } => https,
        }
    }

    /// Where callbacks come to, for whoever registers them with a provider.
    pub(crate) fn announced(&self) -> String {
        let path = self.mount().browser();
        match self {
            Self::Fixed(fixed) => format!("{}/callback/<id>", fixed.0.base()),
            Self::Proxy { proxy, .. } => match proxy.hosts.example() {
                Some((host, 0)) => format!("https://{host}{path}/callback/<id>"),
                Some((host, others)) => format!(
                    "https://{host}{path}/callback/<id>, and alike for {others} more of its hosts, \
                     with the scheme that the proxy names"
                ),
                None => format!("https://<host>{path}/callback/<id>, with the host of the request"),
            },
        }
    }
}
