//! Generated addresses: good ones, changed at random where parsers are known to differ.

use iri_string::types::UriStr;
use url::Url;

use super::super::{SafeLocation, is_plainly_here};
use crate::web::site::SiteUrl;

const SITES: [&str; 5] = [
    "http://localhost:3000",
    "https://example.com",
    "https://app.example.com:8443/auth",
    "http://[::1]:3000",
    "https://bücher.example",
];

const PIECES: [&str; 56] = [
    "\\",
    "@",
    "/",
    ":",
    "#",
    "?",
    "%",
    ".",
    "//",
    "\\\\",
    "://",
    "%5C",
    "%40",
    "%2F",
    "%2e",
    "%00",
    "%",
    "%zz",
    "\t",
    "\n",
    "\r",
    " ",
    "\u{0}",
    "\u{7f}",
    "\u{85}",
    "[",
    "]",
    "[::1]",
    ";",
    "&",
    "=",
    "|",
    "^",
    "`",
    "{",
    "}",
    "\"",
    "<",
    ">",
    "'",
    ":80",
    ":443",
    ":0",
    ":65536",
    ":03000",
    "ä",
    "\u{ff0f}",
    "\u{ff20}",
    "\u{3002}",
    "\u{ff4c}",
    "\u{202e}",
    "\u{2028}",
    "\u{feff}",
    "\u{ad}",
    "evil.example",
    "ann:pw@",
];

/// A fixed sequence (xorshift), so that a failure can be repeated.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A good address of the site, changed one to four times.
    fn address(&mut self, site: &SiteUrl) -> String {
        let origin = site.origin();
        let host = site.host();
        let starts = [origin, "", "/", "/a/b?c=d#e", "http:", "https:", "HTTP://", "//", host];
        let ends = ["", "/", "/x", "/x?y=/z#f", "?x", "#x", "@evil.example/", ".evil.example"];
        let mut letters: Vec<char> = [self.of(&starts), self.of(&ends)].concat().chars().collect();
        for _ in 0..1 + self.below(4) {
            let at = self.below(letters.len() + 1);
            // Most differences are of delimiters, and hide where the authority ends.
            let pieces = if self.below(2) == 0 { &PIECES[..8] } else { &PIECES[..] };
            let piece: Vec<char> = self.of(pieces).chars().collect();
            let at =
                if self.below(3) == 0 { origin.chars().count().min(letters.len()) } else { at };
            match self.below(4) {
                0 if at < letters.len() => {
                    letters.splice(at..=at, piece);
                }
                1 if at < letters.len() => {
                    letters.remove(at);
                }
                _ => {
                    letters.splice(at..at, piece);
                }
            }
        }
        letters.into_iter().collect()
    }
}

/// What a reader in a hurry takes for the host: the text between `//` and what ends it.
fn in_a_hurry(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("//")?;
    rest.split(['/', '?', '#', '\\']).next()
}

/// The authority by RFC 3986 appendix B, which splits any text.
fn by_appendix_b(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    if scheme.is_empty() || scheme.contains(['/', '?', '#']) {
        return None;
    }
    rest.strip_prefix("//")?.split(['/', '?', '#']).next()
}

fn is_of(site: &SiteUrl, authority: Option<&str>) -> bool {
    let port = if site.is_https() { ":443" } else { ":80" };
    let host = site.host();
    authority.is_some_and(|authority| {
        authority.eq_ignore_ascii_case(host)
            || authority.eq_ignore_ascii_case(&format!("{host}{port}"))
    })
}

/// Why somebody is led away by what is sent, if anybody is.
fn led_away(text: &str, site: &SiteUrl) -> Option<&'static str> {
    let Ok(url) = Url::parse(text) else { return Some("no browser reads it") };
    if url.origin() != site.url().origin() {
        return Some("a browser goes elsewhere");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("a browser takes a name along");
    }
    if !is_of(site, by_appendix_b(text)) {
        return Some("a program goes elsewhere");
    }
    if !is_of(site, in_a_hurry(text)) {
        return Some("a reader in a hurry goes elsewhere");
    }
    None
}

fn check(text: &str, site: &SiteUrl) -> Result<bool, String> {
    let location = SafeLocation::of_visitor(text, site);
    // The short way leads where the long one does.
    if is_plainly_here(text, site) {
        let written = SafeLocation::written(text).map(|(written, _)| written);
        if written.as_ref() != Some(&location) {
            return Err(format!("{text:?} becomes {location:?} or {written:?}"));
        }
    }
    for form in [location.text(), location.uri()] {
        if let Some(reason) = led_away(form, site) {
            return Err(format!("{text:?} becomes {form:?}: {reason}"));
        }
        if form.contains(|c: char| c.is_control() || matches!(c, '\\' | '"' | '<' | '>')) {
            return Err(format!("{text:?} becomes {form:?}, which is read in two ways"));
        }
    }
    let uri = location.uri();
    let strict = UriStr::new(uri).map_err(|_| format!("{text:?} becomes {uri:?}, no URI"))?;
    let authority = strict.authority_components().ok_or("no authority")?;
    if authority.userinfo().is_some() || !is_of(site, strict.authority_str()) {
        return Err(format!("{text:?} becomes {uri:?}: RFC 3986 reads another host"));
    }
    if location.header_value().as_bytes() != uri.as_bytes() {
        return Err(format!("{uri:?} is not what the header holds"));
    }
    let again = SafeLocation::of_visitor(location.text(), site);
    if again != location || SafeLocation::of_visitor(uri, site).uri() != uri {
        return Err(format!("{text:?} becomes {location:?}, which becomes {again:?}"));
    }
    Ok(location != SafeLocation::origin_of(site))
}

#[test]
fn r181_whatever_a_visitor_asks_for_everybody_reads_the_site() {
    let mut sequence = Sequence(0x2545_f491_4f6c_dd1d);
    let (mut tried, mut kept) = (0, 0);
    let sites = SITES.map(|site| site.parse::<SiteUrl>().unwrap());
    for _ in 0..3_000 {
        for site in &sites {
            let text = sequence.address(site);
            kept += usize::from(check(&text, site).unwrap());
            tried += 1;
        }
    }
    // A rule that keeps nothing would pass, too.
    assert!(kept > tried / 5, "{kept} of {tried}");
}

#[test]
fn r181_whatever_an_application_names_has_one_reading() {
    let mut sequence = Sequence(0x9e37_79b9_7f4a_7c15);
    let site: SiteUrl = "https://partner.example".parse().unwrap();
    let mut kept = 0;
    for _ in 0..8_000 {
        let text = sequence.address(&site);
        let Ok(location) = SafeLocation::of_application(&text) else { continue };
        kept += 1;
        let (text, uri) = (location.text(), location.uri());
        assert_eq!(SafeLocation::of_application(text).as_ref(), Ok(&location), "{text:?}");
        assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()), "{uri:?}");
        if text.starts_with('/') {
            assert!(!text.starts_with("//") && !text.contains('\\'), "{text:?}");
            continue;
        }
        let [one, other] = [text, uri].map(|form| Url::parse(form).unwrap());
        let strict = UriStr::new(uri).unwrap().authority_components();
        let host = strict.map(|authority| authority.host().to_lowercase()).unwrap_or_default();
        assert_eq!(one.host_str().unwrap_or_default().to_lowercase(), host, "{text:?}");
        assert_eq!(other.host_str().unwrap_or_default().to_lowercase(), host, "{uri:?}");
        assert!(strict.is_none_or(|authority| authority.userinfo().is_none()), "{uri:?}");
        assert_eq!(by_appendix_b(text), by_appendix_b(uri), "{text:?}");
    }
    assert!(kept > 800, "{kept}");
}

#[test]
fn r181_every_way_back_is_a_path() {
    let mut sequence = Sequence(0xd1b5_4a32_d192_ed03);
    let site: SiteUrl = "https://example.com".parse().unwrap();
    for _ in 0..3_000 {
        let text = sequence.address(&site);
        let way_back = SafeLocation::of_way_back(&text);
        for form in [way_back.text(), way_back.uri()] {
            assert!(form.starts_with('/') && !form.starts_with("//"), "{text:?} becomes {form:?}");
            let url = site.url().join(form).unwrap();
            assert_eq!(url.origin(), site.url().origin(), "{text:?} becomes {form:?}");
        }
        assert_eq!(SafeLocation::of_way_back(way_back.text()), way_back, "{text:?}");
    }
}
