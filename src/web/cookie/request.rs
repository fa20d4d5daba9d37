//! The `Cookie` header of a request (RFC 6265bis section 5.8.3).

use std::borrow::Cow;

use http::HeaderMap;
use http::header::COOKIE;
use memchr::memchr;

/// Bytes of cookies that are looked at, in all lines together. The usual servers take less than
/// that, so it keeps nobody's session away; it bounds the work where a server takes more.
const MAXIMUM_LENGTH: usize = 512 * 1024;

/// Cookies of one name that are looked at. A host beside this one can put up to six in front of
/// ours, one for each `Path` that fits `/api/auth/session` or begins it: browsers send the longer
/// path first (RFC 6265 section 5.4).
const MAXIMUM_OF_ONE_NAME: usize = 8;

/// The cookies of a request.
///
/// A header is bytes: who sets a cookie, on this host or for its whole domain, may write what
/// browsers send, and that is any byte but a control character (RFC 6265bis section 5.7). So a pair
/// is only cut out, trimmed and compared with the name that is asked for; what has another name is
/// never decoded and cannot cost one of ours.
///
/// A value is read as v4 reads it: one pair of quotation marks around it is removed, and if its
/// percent-encoding is bad it stays as it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestCookies<'a> {
    headers: &'a HeaderMap,
}

impl<'a> RequestCookies<'a> {
    pub(crate) fn new(headers: &'a HeaderMap) -> Self {
        Self { headers }
    }

    /// Name and raw value of each cookie, in the order of the lines.
    pub(crate) fn iter(self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        let mut length = 0_usize;
        let lines = self.headers.get_all(COOKIE).into_iter();
        lines
            .flat_map(|line| pairs(line.as_bytes()))
            .take_while(move |pair| {
                length = length.saturating_add(pair.len()).saturating_add(1);
                length <= MAXIMUM_LENGTH
            })
            .filter_map(|pair| {
                let equals = memchr(b'=', pair)?;
                let (name, value) = pair.split_at_checked(equals)?;
                Some((trim(name), trim(value.split_first()?.1)))
            })
    }

    /// The decoded values of the cookies of that name, in the order of the lines. Several of one
    /// name are usual where a cookie was once set for another path or domain: whoever can tell a
    /// good value from a bad one takes the first good one.
    pub(crate) fn values<'n>(
        self,
        name: &'n str,
    ) -> impl Iterator<Item = Cow<'a, str>> + use<'a, 'n> {
        self.iter()
            .filter(move |(candidate, _)| *candidate == name.as_bytes())
            .filter_map(|(_, value)| decode(value))
            .take(MAXIMUM_OF_ONE_NAME)
    }

    /// The decoded value of the first cookie of that name.
    pub(crate) fn value(self, name: &str) -> Option<Cow<'a, str>> {
        self.values(name).next()
    }
}

/// What stands between the semicolons. The cookies of a request are looked through once for each
/// name that is asked for, and most of their bytes are values, which are passed over.
fn pairs(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let (pair, after) = match memchr(b';', line).and_then(|end| line.split_at_checked(end)) {
            Some((pair, after)) => (pair, after.get(1..)),
            None => (line, None),
        };
        rest = after;
        Some(pair)
    })
}

/// Without the white space of RFC 6265bis section 5.6: space and tab, nothing else.
fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// A value as text. What is no text is nothing that typegate or v4 wrote.
pub(crate) fn decode(value: &[u8]) -> Option<Cow<'_, str>> {
    let value = match value {
        [b'"', value @ .., b'"'] => value,
        value => value,
    };
    let value = str::from_utf8(value).ok()?;
    let decoded = percent_decoded(value).and_then(|decoded| String::from_utf8(decoded).ok());
    Some(decoded.map_or(Cow::Borrowed(value), Cow::Owned))
}

/// A value with its escapes decoded; none if it has none, or a bad one. What stands between them is
/// copied as a whole: of a CSRF token nearly everything.
fn percent_decoded(value: &str) -> Option<Vec<u8>> {
    let (start, mut rest) = value.as_bytes().split_at_checked(memchr(b'%', value.as_bytes())?)?;
    let mut decoded = Vec::with_capacity(value.len());
    decoded.extend_from_slice(start);
    while let [b'%', high, low, after @ ..] = rest {
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        decoded.push(u8::try_from(digit(high)? << 4 | digit(low)?).ok()?);
        let (plain, escape) = after.split_at_checked(memchr(b'%', after).unwrap_or(after.len()))?;
        decoded.extend_from_slice(plain);
        rest = escape;
    }
    rest.is_empty().then_some(decoded)
}

/// Whether every `%` is followed by two hexadecimal digits.
pub(crate) fn has_good_encoding(value: &[u8]) -> bool {
    value.split(|byte| *byte == b'%').skip(1).all(|rest| {
        rest.first().is_some_and(u8::is_ascii_hexdigit)
            && rest.get(1).is_some_and(u8::is_ascii_hexdigit)
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use serde_json::Value;

    use super::*;

    fn headers(text: &[u8]) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_bytes(text).unwrap())])
    }

    #[test]
    fn r116_r117_headers_are_read_as_v4_reads_them() {
        let data: Value =
            serde_json::from_str(include_str!("../../../tests/data/cookies.json")).unwrap();
        for case in data["header_parsing"].as_array().unwrap() {
            let headers = headers(case["header"].as_str().unwrap().as_bytes());
            let cookies = RequestCookies::new(&headers);
            for (name, value) in case["parsed"].as_object().unwrap() {
                assert_eq!(cookies.value(name).as_deref(), value.as_str(), "{case}");
            }
            let names = cookies.iter().map(|(name, _)| str::from_utf8(name).unwrap());
            let names: std::collections::HashSet<_> = names.collect();
            assert_eq!(names.len(), case["parsed"].as_object().unwrap().len(), "{case}");
        }
    }

    #[test]
    fn a_line_is_cut_at_every_semicolon() {
        for line in ["", ";", ";;", "a", "a;", ";a", "a=1; b=2", "a=1;; b=\";\" ;", "\u{e9}=;=;="] {
            let pairs = pairs(line.as_bytes()).collect::<Vec<_>>();
            let split = line.as_bytes().split(|byte| *byte == b';').collect::<Vec<_>>();
            assert_eq!(pairs, split, "{line}");
        }
    }

    #[test]
    fn escapes_are_decoded_if_all_of_them_are_good() {
        for value in [
            "",
            "%",
            "a%",
            "%4",
            "%41",
            "%4g",
            "%g4",
            "%+4",
            "% 4",
            "a%7Cb%7cc",
            "%41%",
            "%%41",
            "%2541",
            "%C3%A9x",
            "%c3",
            "\u{e9}%C3%A9",
            "%00",
            "a%20b%ff",
            "%E2%80%A8",
        ] {
            let expected = match percent_encoding::percent_decode_str(value).decode_utf8() {
                Ok(decoded) if has_good_encoding(value.as_bytes()) => decoded.into_owned(),
                _ => value.to_owned(),
            };
            assert_eq!(decode(value.as_bytes()).as_deref(), Some(&*expected), "{value}");
        }
    }

    #[test]
    fn r117_broken_headers_are_no_cookies() {
        for text in [&b"%"[..], b"=", b";;", b"\"", b"a", b"a=\xff\xfe", b"a=%", b"a=%f", b"a=%ff"]
        {
            let headers = headers(text);
            let value = RequestCookies::new(&headers).value("a");
            assert!(value.is_none_or(|value| value.starts_with('%')), "{text:?}");
        }
        let long = headers(
            "a=".bytes().chain(std::iter::repeat_n(b'x', 600_000)).collect::<Vec<_>>().as_slice(),
        );
        assert_eq!(RequestCookies::new(&long).value("a"), None);
    }
}
