//! The `Cookie` header of a request (RFC 6265bis section 5.8.3).

use std::borrow::Cow;

use http::HeaderMap;
use http::header::COOKIE;

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
            .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
            .take_while(move |pair| {
                length = length.saturating_add(pair.len()).saturating_add(1);
                length <= MAXIMUM_LENGTH
            })
            .filter_map(|pair| {
                let equals = pair.iter().position(|byte| *byte == b'=')?;
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
    if !value.contains('%') || !has_good_encoding(value.as_bytes()) {
        return Some(Cow::Borrowed(value));
    }
    Some(percent_encoding::percent_decode_str(value).decode_utf8().unwrap_or(Cow::Borrowed(value)))
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
