//! The forwarded site: host and scheme under which a visitor asked, as one's own proxies tell them.
//!
//! `X-Forwarded-Host` and `X-Forwarded-Proto`, or `Forwarded` (RFC 7239): one of the two is
//! configured, because a proxy passes on the other one as a visitor wrote it.

use std::borrow::Cow;

use http::header::{FORWARDED, HOST};
use http::request::Parts;
use http::{HeaderMap, Uri};

use crate::web::client_address::{ClientAddress, Proxies, ProxyNetwork};
use crate::web::forwarded_element::forwarded_elements;
use crate::web::host_refused::{HostHeader, HostRefused};

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

/// A host, and what said it.
pub(crate) struct SaidHost<'r> {
    pub(crate) host: Cow<'r, str>,
    pub(crate) header: HostHeader,
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
    pub(crate) fn host<'r>(&self, parts: &'r Parts) -> Result<SaidHost<'r>, HostRefused> {
        let peer = parts.extensions.get::<ClientAddress>();
        match peer.map(|ClientAddress(peer)| self.sent_by.contains(peer.to_canonical())) {
            Some(true) => {}
            Some(false) => return Err(HostRefused::NotAProxy),
            // Nobody knows. What can be said is one of the listed hosts, whoever says it.
            None if self.networks().is_none() => {}
            None => return Err(HostRefused::NoConnection),
        }
        let said = match self.forwarded_host(&parts.headers)? {
            Some(said) => said,
            None => asked_host(&parts.uri, &parts.headers)?,
        };
        match is_host(&said.host) {
            true => Ok(said),
            false => Err(HostRefused::no_host(said.header, &said.host)),
        }
    }

    fn forwarded_host<'h>(
        &self,
        headers: &'h HeaderMap,
    ) -> Result<Option<SaidHost<'h>>, HostRefused> {
        match self.headers {
            ForwardedHeaders::XForwarded => {
                let Some(entry) = self.entry(headers, "x-forwarded-host") else { return Ok(None) };
                let header = HostHeader::XForwardedHost;
                let host = String::from_utf8_lossy(entry);
                Ok(Some(SaidHost { host, header }))
            }
            ForwardedHeaders::XForwardedProto => Ok(None),
            ForwardedHeaders::Forwarded => {
                let header = HostHeader::Forwarded;
                let mut host = None;
                for element in forwarded_elements(headers).take(self.proxies.into()) {
                    let unreadable = || HostRefused::no_host(header, &last_line(headers));
                    host = element.ok_or_else(unreadable)?.host;
                }
                let host = host.filter(|host| !host.is_empty());
                Ok(host.map(|host| SaidHost { host, header }))
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

/// The end of `Forwarded`, as it was sent.
fn last_line(headers: &HeaderMap) -> Cow<'_, str> {
    let line = headers.get_all(FORWARDED).iter().next_back();
    line.map_or(Cow::Borrowed(""), |line| String::from_utf8_lossy(line.as_bytes()))
}

/// The host that the last proxy asked for: `:authority` of HTTP/2 (RFC 9113 section 8.3.1) and the
/// absolute form of HTTP/1.1, beside which `Host` does not count (RFC 9112 section 3.2.2), or else
/// `Host`, which occurs once.
fn asked_host<'r>(uri: &'r Uri, headers: &'r HeaderMap) -> Result<SaidHost<'r>, HostRefused> {
    if let Some(authority) = uri.authority() {
        return Ok(SaidHost { host: authority.as_str().into(), header: HostHeader::Authority });
    }
    let header = HostHeader::Host;
    let mut lines = headers.get_all(HOST).iter();
    match (lines.next(), lines.next()) {
        (Some(host), None) => {
            Ok(SaidHost { host: String::from_utf8_lossy(host.as_bytes()), header })
        }
        (None, _) => Err(HostRefused::NotAHost { header, read: "absent".into() }),
        (Some(_), Some(_)) => Err(HostRefused::NotAHost { header, read: "there twice".into() }),
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
