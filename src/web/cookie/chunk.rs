//! Chunked cookies: a session token that is too long for one cookie travels in pieces named
//! `name.0`, `name.1`, …, as in NextAuth v4.

use std::borrow::Cow;
use std::iter;

use super::request::decode;
use super::{RequestCookies, ResolvedCookie, SetCookie};
use crate::jose::MAXIMUM_TOKEN_LENGTH;

/// Pieces that are joined, and at the most deleted again.
pub(crate) const MAXIMUM_PIECES: usize = 32;

/// Which piece of a session a cookie is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Piece {
    Whole,
    Chunk(u32),
}

impl Piece {
    /// The plain name, or the name followed by a dot and digits. v4 takes every name with that
    /// beginning, so that one stray cookie of another host signs the user out; here such a cookie
    /// is not looked at.
    fn of_name(candidate: &[u8], name: &str) -> Option<Self> {
        let [b'.', digits @ ..] = candidate.strip_prefix(name.as_bytes())? else {
            return (candidate.len() == name.len()).then_some(Self::Whole);
        };
        let is_index =
            digits.iter().all(u8::is_ascii_digit) && (digits == b"0" || !digits.starts_with(b"0"));
        is_index.then(|| str::from_utf8(digits).ok()?.parse().ok()).flatten().map(Self::Chunk)
    }
}

/// The cookies that are pieces of the session, in the order of the request.
fn pieces<'a>(
    cookies: RequestCookies<'a>,
    name: &str,
) -> impl Iterator<Item = (Piece, &'a [u8], &'a [u8])> {
    cookies
        .iter()
        .filter_map(|(candidate, value)| Some((Piece::of_name(candidate, name)?, candidate, value)))
}

/// Whether the request has something where the session is. An empty cookie is nothing, as in v4.
pub(crate) fn has_session(cookies: RequestCookies<'_>, name: &str) -> bool {
    pieces(cookies, name).any(|(piece, _, value)| piece != Piece::Whole || !value.is_empty())
}

/// The texts that may be the session, in the order in which they are to be tried: each whole
/// cookie, then the chunks.
///
/// There are several where a cookie was once set for another path or domain, or where a host
/// beside this one sets some. Only opening tells which of them is good, so whoever reads a session
/// takes the first that opens. Nothing is copied before it is asked for.
pub(crate) fn session_candidates<'a>(
    cookies: RequestCookies<'a>,
    name: &'a str,
) -> impl Iterator<Item = Cow<'a, str>> {
    let chunks = iter::once_with(move || joined_chunks(cookies, name)).flatten().flatten();
    cookies
        .values(name)
        .chain(chunks.map(Cow::Owned))
        .filter(|text| !text.is_empty() && text.len() <= MAXIMUM_TOKEN_LENGTH)
}

/// The chunks from 0 on. If there are several of an index, those that come first are joined, and
/// those that come last: a browser sends one set after the other.
fn joined_chunks(cookies: RequestCookies<'_>, name: &str) -> [Option<String>; 2] {
    let mut slots: [Option<[&[u8]; 2]>; MAXIMUM_PIECES] = [None; MAXIMUM_PIECES];
    for (piece, _, value) in pieces(cookies, name) {
        let Piece::Chunk(index) = piece else { continue };
        let Some(slot) = slots.get_mut(index as usize) else { continue };
        match slot {
            None => *slot = Some([value, value]),
            Some([_, last]) => *last = value,
        }
    }
    let numbered = || slots.iter().map_while(|slot| *slot);
    let first = join(numbered().map(|[first, _]| first));
    let are_several = numbered().any(|[first, last]| first != last);
    let last = are_several.then(|| join(numbered().map(|[_, last]| last))).flatten();
    [first, last]
}

/// All chunks but the last are of one length. What comes after a shorter one was left by a longer
/// session.
fn join<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Option<String> {
    let (mut text, mut full) = (String::new(), None);
    for chunk in chunks {
        let chunk = decode(chunk)?;
        let full = *full.get_or_insert(chunk.len());
        if chunk.len() <= full {
            text.push_str(&chunk);
        }
        if chunk.len() != full {
            break;
        }
    }
    Some(text)
}

/// The cookies that put `value` in the place of the session the request has: deletions of its
/// pieces, overwritten where a new piece has the same name.
pub(crate) fn write_session(
    cookies: RequestCookies<'_>,
    policy: &ResolvedCookie,
    value: Option<(String, jiff::Timestamp)>,
) -> Vec<SetCookie> {
    let mut lines = deletions(cookies, policy);
    let Some((value, expires)) = value else { return lines };
    let mut write = |name: &str, piece: String| {
        let line = SetCookie::until(policy, piece, expires).named(name);
        match lines.iter_mut().find(|existing| existing.name() == line.name()) {
            Some(existing) => *existing = line,
            None => lines.push(line),
        }
    };
    if value.len() <= policy.chunk_length {
        write(&policy.name, value);
    } else {
        let mut rest = value.as_str();
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
            write(&format!("{}.{index}", policy.name), piece.to_owned());
            rest = remainder;
        }
    }
    lines
}

/// One for each name. Of more chunks than can be read those go first that can: a flood of others
/// keeps no session alive.
fn deletions(cookies: RequestCookies<'_>, policy: &ResolvedCookie) -> Vec<SetCookie> {
    let (mut readable, mut others) = (Vec::<SetCookie>::new(), Vec::<SetCookie>::new());
    for (piece, name, _) in pieces(cookies, &policy.name) {
        let is_readable = !matches!(piece, Piece::Chunk(index) if index as usize >= MAXIMUM_PIECES);
        let lines = if is_readable { &mut readable } else { &mut others };
        if lines.len() > MAXIMUM_PIECES || lines.iter().any(|line| line.name().as_bytes() == name) {
            continue;
        }
        // The name of a piece is ours with digits.
        let Ok(name) = str::from_utf8(name) else { continue };
        lines.push(SetCookie::deletion(policy).named(name));
    }
    let room = MAXIMUM_PIECES.saturating_sub(readable.len());
    readable.extend(others.into_iter().take(room));
    readable
}

#[cfg(test)]
mod tests {
    use crate::error::ConfigErrors;
    use http::header::COOKIE;
    use http::{HeaderMap, HeaderValue};
    use jiff::Timestamp;
    use serde_json::Value;

    use super::*;
    use crate::web::cookie::{CookieSet, Cookies};

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

    /// The candidate that is tried first.
    fn first(headers: &HeaderMap) -> Option<String> {
        session_candidates(RequestCookies::new(headers), NAME).next().map(Cow::into_owned)
    }

    fn data() -> Value {
        serde_json::from_str(include_str!("../../../tests/data/cookies.json")).unwrap()
    }

    #[test]
    fn r113_r115_sessions_are_written_in_v4s_chunks() {
        let set = CookieSet::resolve(&Cookies::new(), false, &mut ConfigErrors::default()).unwrap();
        for case in data()["session_chunk"].as_array().unwrap() {
            let value = "v".repeat(case["value_length"].as_u64().unwrap() as usize);
            let headers = from_case(&case["request_cookies"]);
            let request = RequestCookies::new(&headers);
            let lines =
                write_session(request, &set.session_token, Some((value, Timestamp::UNIX_EPOCH)));
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
            let value = first(&headers).unwrap_or_default();
            assert_eq!(
                value,
                case.get("ours").unwrap_or(&case["value"]).as_str().unwrap(),
                "{case}"
            );
        }
        for look_alike in ["X", "-foo", ".0x1", ".-1", ".", ".00", ".1.", ".+1", ".4294967296"] {
            let name = format!("{NAME}{look_alike}");
            let headers = headers([(name.as_str(), "evil"), (NAME, "good")]);
            assert_eq!(first(&headers).as_deref(), Some("good"), "{look_alike}");
        }
    }

    #[test]
    fn r114_many_chunks_are_not_joined_and_not_all_deleted() {
        let set = CookieSet::resolve(&Cookies::new(), false, &mut ConfigErrors::default()).unwrap();
        let names: Vec<_> = (0..5000).map(|index| format!("{NAME}.{index}")).collect();
        let headers = headers(names.iter().map(|name| (name.as_str(), "x")));
        let request = RequestCookies::new(&headers);
        let lines = write_session(request, &set.session_token, None);
        assert!(lines.len() <= MAXIMUM_PIECES + 1);
    }

    #[test]
    fn sessions_are_cleared_piece_by_piece() {
        let set = CookieSet::resolve(&Cookies::new(), false, &mut ConfigErrors::default()).unwrap();
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
