//! What does the `Cookie` header say?

use std::borrow::Cow;

use http::HeaderMap;
use http::header::COOKIE;

/// A longer `Cookie` header is not read at all: browsers send less, attackers send more. The
/// session's 32 chunks fit.
const MAXIMUM_HEADER_LENGTH: usize = 160 * 1024;

/// The cookies of a request, read as v4 reads them: the first of a name counts, one pair of
/// quotation marks around a value is removed, and a value whose percent-encoding is bad stays as
/// it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestCookies<'a> {
    headers: &'a HeaderMap,
}

impl<'a> RequestCookies<'a> {
    pub(crate) fn new(headers: &'a HeaderMap) -> Self {
        Self { headers }
    }

    /// Name and raw value of each cookie, in the order of the header.
    pub(crate) fn iter(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut rest = MAXIMUM_HEADER_LENGTH;
        let headers = self.headers.get_all(COOKIE).into_iter();
        headers
            .filter_map(|value| value.to_str().ok())
            .take_while(move |value| {
                let fits = value.len() <= rest;
                rest = rest.saturating_sub(value.len());
                fits
            })
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.trim(), value.trim()))
    }

    /// The decoded values of the cookies of that name, in the order of the header.
    pub(crate) fn values<'n>(
        self,
        name: &'n str,
    ) -> impl Iterator<Item = Cow<'a, str>> + use<'a, 'n> {
        self.iter().filter(move |(candidate, _)| *candidate == name).map(|(_, v)| decode(v))
    }

    /// The decoded value of the first cookie of that name.
    pub(crate) fn value(self, name: &str) -> Option<Cow<'a, str>> {
        self.iter().find(|(candidate, _)| *candidate == name).map(|(_, value)| decode(value))
    }
}

pub(crate) fn decode(value: &str) -> Cow<'_, str> {
    let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    let value = quoted.unwrap_or(value);
    if !value.contains('%') || !has_good_encoding(value.as_bytes()) {
        return Cow::Borrowed(value);
    }
    percent_encoding::percent_decode_str(value).decode_utf8().unwrap_or(Cow::Borrowed(value))
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
            serde_json::from_str(include_str!("../../tests/data/cookies.json")).unwrap();
        for case in data["header_parsing"].as_array().unwrap() {
            let headers = headers(case["header"].as_str().unwrap().as_bytes());
            let cookies = RequestCookies::new(&headers);
            for (name, value) in case["parsed"].as_object().unwrap() {
                assert_eq!(cookies.value(name).as_deref(), value.as_str(), "{case}");
            }
            let names = cookies.iter().map(|(name, _)| name);
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
            "a=".bytes().chain(std::iter::repeat_n(b'x', 200_000)).collect::<Vec<_>>().as_slice(),
        );
        assert_eq!(RequestCookies::new(&long).value("a"), None);
    }
}
