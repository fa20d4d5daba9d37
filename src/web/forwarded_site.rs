//! The forwarded site: host and scheme under which a visitor asked, as one's own proxies tell them.
//!
//! `X-Forwarded-Host` and `X-Forwarded-Proto`, or `Forwarded` (RFC 7239): one of the two is
//! configured, because a proxy passes on the other one as a visitor wrote it.

use std::borrow::Cow;

use http::header::HOST;
use http::request::Parts;
use http::{HeaderMap, Uri};

use crate::web::client_address::{ClientAddress, Proxies, ProxyNetwork};
use crate::web::forwarded_element::forwarded_elements;

/// Which headers say where the site is, and whose.
#[derive(Clone, Debug)]
pub(crate) struct ForwardedSite {
    pub(crate) headers: ForwardedHeaders,
    /// How many proxies of one's own append to them.
    pub(crate) proxies: u8,
    sent_by: Proxies,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum ForwardedHeaders {
    #[default]
    XForwarded,
    /// `X-Forwarded-Proto`, and the host as it was asked for.
    XForwardedProto,
    /// RFC 7239.
    Forwarded,
}

/// The headers do not say where the site is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum HostRefused {
    #[error("the forwarded host is not a host name with an optional port")]
    NotAHost,
    #[error(
        "the host `{0}` is not one of the site's: name it in `TrustedProxy::hosts` (`hosts` under \
         `[trust_proxy]`), if visitors reach the site by it"
    )]
    NotListed(String),
    #[error(
        "the request came from none of one's own proxies, so nothing says where the site is: if it \
         is one, name it by `TrustedProxy::sent_by` (`trusted_proxies` under `[server]`)"
    )]
    NotAProxy,
    #[error(
        "`TrustedProxy::sent_by` says who may say where the site is, and the server does not tell \
         who connects: serve `app.into_make_service_with_connect_info::<SocketAddr>()`, or put a \
         `ClientAddress` into the request's extensions"
    )]
    NoConnection,
}

impl Default for ForwardedSite {
    fn default() -> Self {
        let headers = ForwardedHeaders::default();
        Self { headers, proxies: 1, sent_by: Proxies::default() }
    }
}

impl ForwardedSite {
    pub(crate) fn sent_by(&mut self, networks: Vec<ProxyNetwork>) {
        self.sent_by = Proxies::Listed(networks);
    }

    /// The networks that were named, if any were.
    pub(crate) fn networks(&self) -> Option<&[ProxyNetwork]> {
        self.sent_by.listed()
    }

    /// The host that a visitor asked for, as far as one's own proxies say.
    pub(crate) fn host<'r>(&self, parts: &'r Parts) -> Result<Cow<'r, str>, HostRefused> {
        let peer = parts.extensions.get::<ClientAddress>();
        match peer.map(|ClientAddress(peer)| self.sent_by.contains(peer.to_canonical())) {
            Some(true) => {}
            Some(false) => return Err(HostRefused::NotAProxy),
            // Nobody knows. What can be said is one of the listed hosts, whoever says it.
            None if self.networks().is_none() => {}
            None => return Err(HostRefused::NoConnection),
        }
        let host = match self.forwarded_host(&parts.headers)? {
            Some(host) => host,
            None => asked_host(&parts.uri, &parts.headers)?,
        };
        if is_host(&host) { Ok(host) } else { Err(HostRefused::NotAHost) }
    }

    fn forwarded_host<'h>(
        &self,
        headers: &'h HeaderMap,
    ) -> Result<Option<Cow<'h, str>>, HostRefused> {
        match self.headers {
            ForwardedHeaders::XForwarded => {
                let Some(entry) = self.entry(headers, "x-forwarded-host") else { return Ok(None) };
                let text = str::from_utf8(entry).map_err(|_| HostRefused::NotAHost)?;
                Ok(Some(text.into()))
            }
            ForwardedHeaders::XForwardedProto => Ok(None),
            ForwardedHeaders::Forwarded => {
                let mut host = None;
                for element in forwarded_elements(headers).take(self.proxies.into()) {
                    host = element.ok_or(HostRefused::NotAHost)?.host;
                }
                Ok(host.filter(|host| !host.is_empty()))
            }
        }
    }

    /// Whether a visitor asked by http. v4 does: everything else, nothing included, is https.
    pub(crate) fn is_http(&self, headers: &HeaderMap) -> bool {
        match self.headers {
            ForwardedHeaders::XForwarded | ForwardedHeaders::XForwardedProto => {
                let entry = self.entry(headers, "x-forwarded-proto");
                entry.is_some_and(|entry| entry.eq_ignore_ascii_case(b"http"))
            }
            ForwardedHeaders::Forwarded => {
                let elements = forwarded_elements(headers).take(self.proxies.into());
                let proto = elements.last().flatten().and_then(|element| element.proto);
                proto.is_some_and(|proto| proto.eq_ignore_ascii_case("http"))
            }
        }
    }

    /// The entry of a list that the outermost of one's own proxies appended; the first, if not all
    /// of them append. Empty entries are none (RFC 9110 section 5.6.1.2).
    fn entry<'h>(&self, headers: &'h HeaderMap, name: &str) -> Option<&'h [u8]> {
        let lines = headers.get_all(name).iter().rev();
        let entries = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
        let entries = entries.map(<[u8]>::trim_ascii).filter(|entry| !entry.is_empty());
        entries.take(self.proxies.into()).last()
    }
}

/// The host that the last proxy asked for: `:authority` of HTTP/2 (RFC 9113 section 8.3.1) and the
/// absolute form of HTTP/1.1, beside which `Host` does not count (RFC 9112 section 3.2.2), or else
/// `Host`, which occurs once.
fn asked_host<'r>(uri: &'r Uri, headers: &'r HeaderMap) -> Result<Cow<'r, str>, HostRefused> {
    if let Some(authority) = uri.authority() {
        return Ok(authority.as_str().into());
    }
    let mut lines = headers.get_all(HOST).iter();
    let (Some(host), None) = (lines.next(), lines.next()) else {
        return Err(HostRefused::NotAHost);
    };
    host.to_str().map(Cow::from).map_err(|_| HostRefused::NotAHost)
}

/// `host` or `host:port`, an IPv6 address in brackets; no list, path, user, space or empty label.
fn is_host(text: &str) -> bool {
    text.len() <= 255
        && !text.starts_with('.')
        && !text.contains("..")
        && !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:[]".contains(&b))
}
