//! The headers by which proxies name a visitor: `X-Forwarded-For`, and those with a single address.

use std::net::IpAddr;

use http::header::{FORWARDED, VIA};
use http::{HeaderMap, HeaderName};

pub(super) const FORWARDED_FOR: &str = "x-forwarded-for";

/// Whether a proxy forwarded the request, as far as its headers tell. They can only cast doubt,
/// never earn trust.
pub(crate) fn names_proxy(headers: &HeaderMap) -> bool {
    let names = [FORWARDED.as_str(), FORWARDED_FOR, "x-forwarded-host", "x-real-ip", VIA.as_str()];
    names.into_iter().any(|name| headers.contains_key(name))
}

/// The entries of `X-Forwarded-For`, last one first; `None` for an entry that is not an address.
pub(super) fn forwarded(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let values = headers.get_all(FORWARDED_FOR).iter().rev();
    values.flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b',')).map(parse)
}

/// The address in a header that occurs once.
pub(super) fn single(headers: &HeaderMap, name: &HeaderName) -> Option<IpAddr> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => parse(value.as_bytes()),
        _ => None,
    }
}

/// An address, with or without a port.
pub(super) fn parse(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?.trim_matches([' ', '\t']);
    let address = text.parse().ok();
    let with_port = || text.parse().ok().map(|address: std::net::SocketAddr| address.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let address: IpAddr = address.or_else(with_port).or_else(bracketed)?;
    Some(address.to_canonical())
}
