//! The `Set-Cookie` lines that a response of the application has to carry.

use std::fmt;

use http::header::{CACHE_CONTROL, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

/// The `Set-Cookie` lines that the answer to a request has to carry for the session that was read,
/// mostly none.
///
/// Made by [`Auth::session_and_cookies`](crate::Auth::session_and_cookies), which has an example.
/// What is in them is the session: `Debug` shows only names.
#[derive(Clone, Default)]
#[must_use = "a session that is not sent is lost: append the cookies to the headers of the response"]
pub struct SetCookies(Vec<HeaderValue>);

impl SetCookies {
    /// Whether there is nothing to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts the lines into the headers of a response, and forbids every cache to keep it.
    ///
    /// A response that sets or deletes the session's cookie itself, such as that to a sign-out,
    /// stays as it is.
    pub fn append_to(self, headers: &mut HeaderMap) {
        let is_set = |name: &[u8]| {
            headers.get_all(SET_COOKIE).iter().any(|line| cookie_name(line.as_bytes()) == name)
        };
        if self.is_empty() || self.names().any(is_set) {
            return;
        }
        for line in self.0 {
            headers.append(SET_COOKIE, line);
        }
        // RFC 9111 section 7.3: a shared cache that keeps it would give it to everybody.
        let private = HeaderValue::from_static("private, no-cache, no-store");
        headers.insert(CACHE_CONTROL, private);
    }

    /// Adds lines, each in the place of an earlier one of its name.
    pub(crate) fn replace(&mut self, newer: Self) {
        self.0.retain(|line| {
            let name = cookie_name(line.as_bytes());
            newer.names().all(|newer| newer != name)
        });
        self.0.extend(newer.0);
    }

    fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|line| cookie_name(line.as_bytes()))
    }
}

/// The name of the cookie that a line is about, which is that of the session's whole cookie if it
/// is a chunk.
fn cookie_name(line: &[u8]) -> &[u8] {
    let end = line.iter().position(|b| *b == b'=').unwrap_or(line.len());
    let name = line.get(..end).unwrap_or_default().trim_ascii();
    match name.iter().rposition(|b| *b == b'.').map(|dot| name.split_at(dot)) {
        Some((whole, [_, digits @ ..]))
            if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) =>
        {
            whole
        }
        _ => name,
    }
}

impl FromIterator<HeaderValue> for SetCookies {
    fn from_iter<I: IntoIterator<Item = HeaderValue>>(lines: I) -> Self {
        Self(lines.into_iter().collect())
    }
}

impl IntoIterator for SetCookies {
    type Item = HeaderValue;
    type IntoIter = std::vec::IntoIter<HeaderValue>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Debug for SetCookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names().map(String::from_utf8_lossy)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&'static str]) -> SetCookies {
        texts.iter().map(|text| HeaderValue::from_static(text)).collect()
    }

    #[test]
    fn an_answer_that_sets_the_session_itself_stays_as_it_is() {
        for own in ["s=; Max-Age=0", "s.0=x", "s.12=; Max-Age=0", " s =x"] {
            let mut headers = HeaderMap::new();
            headers.insert(SET_COOKIE, HeaderValue::from_static(own));
            let before = headers.clone();
            lines(&["s=; Max-Age=0", "s.0=a", "s.1=b"]).append_to(&mut headers);
            assert_eq!(headers, before, "{own}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(SET_COOKIE, HeaderValue::from_static("s.x=1"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
        lines(&["s=a"]).append_to(&mut headers);
        assert_eq!(headers.get_all(SET_COOKIE).iter().count(), 2);
        assert_eq!(headers[CACHE_CONTROL], "private, no-cache, no-store");
    }

    #[test]
    fn the_latest_line_of_a_name_counts_and_no_value_is_shown() {
        let mut cookies = lines(&["a=1", "b.0=2", "c=secret"]);
        cookies.replace(lines(&["b=3", "a=4"]));
        assert_eq!(format!("{cookies:?}"), r#"["c", "b", "a"]"#);
        assert!(!format!("{cookies:?}").contains("secret"));
        assert_eq!(cookies.into_iter().collect::<Vec<_>>(), ["c=secret", "b=3", "a=4"]);
    }
}
