//! Visitors' addresses behind every kind of proxy, spoofed headers among them.

use std::net::IpAddr;

use http::{Extensions, HeaderMap, HeaderName, HeaderValue};

use super::forwarding_header::parse;
use super::origin::{ClientOrigin, Doubt};
use super::*;

fn network(text: &str) -> ProxyNetwork {
    text.parse().unwrap()
}

/// What is known of a request from `peer`, empty for a server that does not tell.
fn origin(source: &ClientAddressSource, peer: &str, lines: &[&str]) -> ClientOrigin {
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        headers.append(
            HeaderName::try_from(name).unwrap(),
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
    }
    let mut extensions = Extensions::new();
    if !peer.is_empty() {
        extensions.insert(ClientAddress(peer.parse().unwrap()));
    }
    source.origin(&headers, &extensions)
}

/// As a socket that speaks both writes its peer's address, and as it stands in a log.
#[test]
fn r194_a_proxy_is_known_by_its_address_however_that_is_written() {
    for (written, meant) in [
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("::ffff:192.0.2.7/128", "192.0.2.7/32"),
        ("::ffff:c000:200/120", "192.0.2.0/24"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("192.0.2.7/24", "192.0.2.7/24"),
    ] {
        assert_eq!(network(written).to_string(), meant, "{written}");
    }
    let mapped: IpAddr = "::ffff:192.0.2.7".parse().unwrap();
    assert_eq!(ProxyNetwork::from(mapped), network("192.0.2.7"));
    let source = ClientAddressSource::forwarded_through([network("::ffff:192.0.2.0/120")]);
    for peer in ["192.0.2.7", "::ffff:192.0.2.7"] {
        let origin = origin(&source, peer, &["x-forwarded-for: 203.0.113.9, 192.0.2.8"]);
        assert_eq!(origin, known("203.0.113.9"), "{peer}");
    }
}

fn known(text: &str) -> ClientOrigin {
    ClientOrigin { client: Some(ClientNetwork::of(text.parse().unwrap())), doubt: None }
}

fn unknown(doubt: Doubt) -> ClientOrigin {
    ClientOrigin { client: None, doubt: Some(doubt) }
}

const SPOOFED: [&str; 2] = ["x-forwarded-for: 198.51.100.9", "x-real-ip: 198.51.100.9"];
const STRANGER: &str = "192.0.2.1";

#[test]
fn r081_a_visitors_own_headers_are_not_believed() {
    let connection = ClientAddressSource::connection();
    assert_eq!(origin(&connection, STRANGER, &SPOOFED), known(STRANGER));

    let one = ClientAddressSource::forwarded_for(1);
    let two = ClientAddressSource::forwarded_for(2);
    let lines = ["x-forwarded-for: 198.51.100.9, 203.0.113.5", "x-forwarded-for: 203.0.113.6"];
    for proxy in ["127.0.0.1", "10.0.0.2", "::ffff:172.16.0.9", "fd00::1", "100.64.0.7"] {
        assert_eq!(origin(&one, proxy, &lines), known("203.0.113.6"));
        assert_eq!(origin(&two, proxy, &lines), known("203.0.113.5"));
        // Fewer entries than proxies, or no address: nobody is counted by the proxy's address.
        let nothing = unknown(Doubt::NothingNamed);
        assert_eq!(origin(&two, proxy, &["x-forwarded-for: 198.51.100.9"]), nothing);
        assert_eq!(origin(&one, proxy, &["x-forwarded-for: unknown"]), nothing);
        assert_eq!(origin(&one, proxy, &["x-forwarded-for: 203.0.113.6, \u{e9}"]), nothing);
        assert_eq!(origin(&one, proxy, &[]), nothing);
    }

    let header = ClientAddressSource::header(HeaderName::from_static("x-real-ip"));
    let proxy = "127.0.0.1";
    assert_eq!(origin(&header, proxy, &["x-real-ip: 203.0.113.5"]), known("203.0.113.5"));
    let twice = ["x-real-ip: 198.51.100.9", "x-real-ip: 203.0.113.5"];
    assert_eq!(origin(&header, proxy, &twice), unknown(Doubt::NothingNamed));
    for source in [connection, one, two, header] {
        assert_eq!(origin(&source, "", &SPOOFED), unknown(Doubt::NoConnection));
    }
}

#[test]
fn r194_a_header_counts_only_from_a_proxy() {
    let header = || ClientAddressSource::header(HeaderName::from_static("x-real-ip"));
    let doubted = ClientOrigin { doubt: Some(Doubt::NotAProxy), ..known(STRANGER) };
    for source in [ClientAddressSource::forwarded_for(1), header()] {
        assert_eq!(origin(&source, STRANGER, &SPOOFED), doubted);
        assert_eq!(origin(&source, STRANGER, &[]), known(STRANGER));
        // Where the proxies are listed, near is not enough and far is no doubt.
        let source = source.sent_by([network("203.0.113.0/24")]);
        assert_eq!(origin(&source, "127.0.0.1", &SPOOFED), known("127.0.0.1"));
        assert_eq!(origin(&source, STRANGER, &SPOOFED), known(STRANGER));
        assert_eq!(origin(&source, "203.0.113.8", &SPOOFED), known("198.51.100.9"));
    }
}

#[test]
fn r194_a_chain_is_followed_from_the_right_past_ones_own_proxies() {
    let networks = [network("10.0.0.0/8"), network("127.0.0.1"), network("2001:db8::/32")];
    let source = ClientAddressSource::forwarded_through(networks);
    for (peer, entries, expected) in [
        ("10.0.0.1", "203.0.113.5", Some("203.0.113.5")),
        ("10.0.0.1", "198.51.100.9, 203.0.113.5", Some("203.0.113.5")),
        ("127.0.0.1", "198.51.100.9, 203.0.113.5, 10.0.0.9, 10.1.2.3", Some("203.0.113.5")),
        ("2001:db8::1", "198.51.100.9,203.0.113.5:99,[2001:DB8::2]:80", Some("203.0.113.5")),
        ("10.0.0.1", "203.0.113.5, ::ffff:10.0.0.7", Some("203.0.113.5")),
        // A proxy asks on its own behalf.
        ("10.0.0.1", "10.0.0.7, 10.0.0.8", Some("10.0.0.7")),
        // What is left of junk may be anything.
        ("10.0.0.1", "203.0.113.5, junk, 10.0.0.9", None),
        ("10.0.0.1", "203.0.113.5,", None),
        ("10.0.0.1", "", None),
    ] {
        let line = format!("x-forwarded-for: {entries}");
        let expected = expected.map_or_else(|| unknown(Doubt::NothingNamed), known);
        assert_eq!(origin(&source, peer, &[&line]), expected, "{peer}: {entries}");
    }
    assert_eq!(origin(&source, STRANGER, &SPOOFED), known(STRANGER));
    assert_eq!(origin(&source, "10.0.0.1", &[]), unknown(Doubt::NothingNamed));
}

#[test]
fn r194_the_standard_header_counts_as_the_other_does() {
    let one = ClientAddressSource::forwarded(1);
    let two = ClientAddressSource::forwarded(2);
    let line = "forwarded: for=198.51.100.9, for=\"[2001:db8::5]:47\";proto=https, for=203.0.113.6";
    assert_eq!(origin(&one, "10.0.0.1", &[line]), known("203.0.113.6"));
    assert_eq!(origin(&two, "10.0.0.1", &[line]), known("2001:db8::5"));
    let doubted = ClientOrigin { doubt: Some(Doubt::NotAProxy), ..known(STRANGER) };
    assert_eq!(origin(&one, STRANGER, &[line]), doubted);
    for broken in ["for=\"", "x", "a b", "for=1;for=2", "for=9.9.9.9;x=\"", "for=\u{fc}"] {
        let line = format!("forwarded: {broken}, for=\"[2001:db8::5]:47\", for=203.0.113.6");
        assert_eq!(origin(&one, "10.0.0.1", &[&line]), known("203.0.113.6"), "{line}");
        assert_eq!(origin(&two, "10.0.0.1", &[&line]), known("2001:db8::5"), "{line}");
    }
    for line in
        ["forwarded: for=unknown", "forwarded: for=_x", "forwarded: host=a.b", "forwarded: for=\""]
    {
        assert_eq!(origin(&one, "10.0.0.1", &[line]), unknown(Doubt::NothingNamed), "{line}");
    }
    let other = origin(&one, "10.0.0.1", &["x-forwarded-for: 198.51.100.9"]);
    assert_eq!(other, unknown(Doubt::NothingNamed));
}

#[test]
fn r194_no_visitor_is_counted_by_a_proxys_address() {
    let connection = ClientAddressSource::connection();
    let not_named = unknown(Doubt::ProxyNotNamed);
    for line in ["x-forwarded-for: 1.2.3.4", "forwarded: for=1.2.3.4", "x-forwarded-host: a.b"] {
        assert_eq!(origin(&connection, "127.0.0.1", &[line]), not_named);
        assert_eq!(origin(&connection, "172.18.0.2", &[line]), not_named);
    }
    // The developer's browser, and one in a house.
    for peer in ["127.0.0.1", "::1", "192.168.1.7"] {
        assert_eq!(origin(&connection, peer, &[]), known(peer));
    }
    let listed = connection.sent_by([network("127.0.0.0/8")]);
    assert_eq!(origin(&listed, "127.0.0.1", &[]), not_named);
    assert_eq!(origin(&listed, "10.0.0.1", &SPOOFED), known("10.0.0.1"));
}

#[test]
fn r081_every_spelling_of_an_address_is_the_same_client() {
    for (text, expected) in [
        ("203.0.113.5", "203.0.113.5"),
        (" 203.0.113.5:4711 ", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("::FFFF:cb00:7105", "203.0.113.5"),
        ("2001:DB8:0:0:1:2:3:4", "2001:db8::/64"),
        ("[2001:db8::1]", "2001:db8::/64"),
        ("[2001:db8::1]:4711", "2001:db8::/64"),
    ] {
        let address = parse(text.as_bytes()).unwrap();
        assert_eq!(ClientNetwork::of(address).to_string(), expected, "{text}");
    }
    for bad in ["", "unknown", "_hidden", "203.0.113.5.6", "1.2.3", "203.0.113.05"] {
        assert_eq!(parse(bad.as_bytes()), None, "{bad}");
    }
}
