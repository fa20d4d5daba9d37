//! How does a session token longer than one cookie travel? In pieces named `name.0`, `name.1`, …

use std::borrow::Cow;

use super::policy::CHUNK_LENGTH;
use super::request::decode;
use super::{RequestCookies, ResolvedCookie, SetCookie};
use crate::jwt::MAXIMUM_TOKEN_LENGTH;

/// Pieces that are joined, and at the most deleted again.
const MAXIMUM_PIECES: usize = 32;

/// The names under which the request has pieces of the session, in its order: the plain name, and
/// the name followed by a dot and digits. v4 takes every name with that beginning, so that one
/// stray cookie of another host signs the user out; here such a cookie is not looked at.
fn session_pieces<'a>(
    cookies: RequestCookies<'a>,
    name: &str,
) -> Vec<(Option<u32>, &'a str, Cow<'a, str>)> {
    let mut pieces: Vec<(Option<u32>, &str, Cow<'_, str>)> = Vec::new();
    for (candidate, value) in cookies.iter() {
        let Some((index, candidate)) = piece_index(candidate, name) else { continue };
        let Some(value) = decode(value) else { continue };
        // The first of a name counts.
        if pieces.len() < MAXIMUM_PIECES && pieces.iter().all(|piece| piece.0 != index) {
            pieces.push((index, candidate, value));
        }
    }
    pieces
}

/// `Some(None)` for the plain name, `Some(Some(index))` for a chunk.
fn piece_index<'a>(candidate: &'a [u8], name: &str) -> Option<(Option<u32>, &'a str)> {
    let candidate = str::from_utf8(candidate).ok()?;
    let rest = candidate.strip_prefix(name)?;
    if rest.is_empty() {
        return Some((None, candidate));
    }
    let digits = rest.strip_prefix('.')?;
    let is_index = !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'));
    let index = is_index.then(|| digits.parse().ok()).flatten()?;
    Some((Some(index), candidate))
}

/// The session token: the plain cookie if there is one, else the chunks from 0 on without a gap.
/// A stale plain cookie beside chunks corrupts the value in v4; here the chunks are taken if the
/// first is full, because that is what the latest write left. (A full one of Auth.js v5 is longer
/// than v4's.)
pub(crate) fn read_session(cookies: RequestCookies<'_>, name: &str) -> Option<String> {
    let mut pieces = session_pieces(cookies, name);
    pieces.sort_by_key(|piece| piece.0);
    let plain = pieces.iter().find(|piece| piece.0.is_none()).map(|piece| &piece.2);
    let mut chunks = String::new();
    let numbered = pieces.iter().filter_map(|piece| Some((piece.0?, &piece.2)));
    for (expected, (index, value)) in (0..).zip(numbered) {
        if index != expected {
            chunks.clear();
            break;
        }
        chunks.push_str(value);
    }
    let value = match plain {
        Some(plain) if !plain.is_empty() && chunks.len() < CHUNK_LENGTH => {
            plain.clone().into_owned()
        }
        _ => chunks,
    };
    (!value.is_empty() && value.len() <= MAXIMUM_TOKEN_LENGTH).then_some(value)
}

/// The cookies that put `value` in the place of the session the request has: deletions of its
/// pieces, overwritten where a new piece has the same name.
pub(crate) fn write_session(
    cookies: RequestCookies<'_>,
    policy: &ResolvedCookie,
    value: Option<(&str, jiff::Timestamp)>,
) -> Vec<SetCookie> {
    let mut lines: Vec<SetCookie> = session_pieces(cookies, &policy.name)
        .into_iter()
        .map(|(_, name, _)| SetCookie::deletion(policy).named(name))
        .collect();
    let Some((value, expires)) = value else { return lines };
    let mut write = |name: String, piece: &str| {
        let line = SetCookie::until(policy, piece, expires).named(name);
        match lines.iter_mut().find(|existing| existing.name() == line.name()) {
            Some(existing) => *existing = line,
            None => lines.push(line),
        }
    };
    if value.len() <= policy.chunk_length {
        write(policy.name.to_string(), value);
    } else {
        let mut rest = value;
        for index in 0.. {
            // Tokens are ASCII, so every position is a character's edge.
            let Some((piece, remainder)) =
                rest.split_at_checked(policy.chunk_length.min(rest.len()))
            else {
                break;
            };
            if piece.is_empty() {
                break;
            }
            write(format!("{}.{index}", policy.name), piece);
            rest = remainder;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use http::header::COOKIE;
    use http::{HeaderMap, HeaderValue};
    use jiff::Timestamp;
    use serde_json::Value;

    use super::*;
    use crate::cookie::{CookieSet, Cookies};

    const NAME: &str = "next-auth.session-token";

    fn headers<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> HeaderMap {
        let text: Vec<_> =
            pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&text.join("; ")).unwrap())])
    }

    fn from_case(cookies: &Value) -> HeaderMap {
        let pairs = cookies.as_object().unwrap();
        headers(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())))
    }

    fn data() -> Value {
        serde_json::from_str(include_str!("../../tests/data/cookies.json")).unwrap()
    }

    #[test]
    fn r113_r115_sessions_are_written_in_v4s_chunks() {
        let set = CookieSet::resolve(&Cookies::new(), false).unwrap();
        for case in data()["session_chunk"].as_array().unwrap() {
            let value = "v".repeat(case["value_length"].as_u64().unwrap() as usize);
            let headers = from_case(&case["request_cookies"]);
            let request = RequestCookies::new(&headers);
            let lines =
                write_session(request, &set.session_token, Some((&value, Timestamp::UNIX_EPOCH)));
            let names: Vec<_> = lines.iter().map(SetCookie::name).collect();
            let response = case.get("ours").unwrap_or(&case["response"]).as_array().unwrap();
            let expected: Vec<_> =
                response.iter().map(|line| line["name"].as_str().unwrap()).collect();
            assert_eq!(names, expected, "{case}");
            for (line, expected) in lines.iter().zip(response) {
                assert_eq!(line.value.len() as u64, expected["length"].as_u64().unwrap());
                assert_eq!(line.maximum_age, expected["max_age"].as_i64());
                assert!(line.header_value().unwrap().len() <= 4096);
            }
        }
    }

    #[test]
    fn r113_sessions_are_read_from_exact_names_only() {
        for case in data()["session_read"].as_array().unwrap() {
            let headers = from_case(&case["request_cookies"]);
            let value = read_session(RequestCookies::new(&headers), NAME).unwrap_or_default();
            assert_eq!(
                value,
                case.get("ours").unwrap_or(&case["value"]).as_str().unwrap(),
                "{case}"
            );
        }
        for look_alike in ["X", "-foo", ".0x1", ".-1", ".", ".00", ".1.", ".+1", ".4294967296"] {
            let name = format!("{NAME}{look_alike}");
            let headers = headers([(name.as_str(), "evil"), (NAME, "good")]);
            let value = read_session(RequestCookies::new(&headers), NAME);
            assert_eq!(value.as_deref(), Some("good"), "{look_alike}");
        }
    }

    #[test]
    fn r114_many_chunks_are_not_joined_and_not_all_deleted() {
        let set = CookieSet::resolve(&Cookies::new(), false).unwrap();
        let names: Vec<_> = (0..5000).map(|index| format!("{NAME}.{index}")).collect();
        let headers = headers(names.iter().map(|name| (name.as_str(), "x")));
        let request = RequestCookies::new(&headers);
        let lines = write_session(request, &set.session_token, None);
        assert!(lines.len() <= MAXIMUM_PIECES);
    }

    #[test]
    fn sessions_are_cleared_piece_by_piece() {
        let set = CookieSet::resolve(&Cookies::new(), false).unwrap();
        for case in data()["session_clean"].as_array().unwrap() {
            let headers = from_case(&case["request_cookies"]);
            let lines = write_session(RequestCookies::new(&headers), &set.session_token, None);
            let lines: Vec<_> = lines.iter().map(|line| line.header_value().unwrap()).collect();
            let expected: Vec<_> = case["set_cookie"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| line.as_str().unwrap())
                .collect();
            assert_eq!(lines, expected, "{case}");
        }
    }
}
