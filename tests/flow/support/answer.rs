//! A response, with the rules that every one must keep.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::Value;

use super::{Cookie, without_attempt};

/// A response of the auth routes.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    response: Response<Bytes>,
    pub(crate) cookies: Vec<Cookie>,
}

impl Answer {
    /// Takes a response and holds it against the rules that have no exception.
    pub(crate) fn new(response: Response<Bytes>) -> Self {
        let headers = response.headers();
        let lines = headers.get_all("set-cookie").iter();
        let cookies = lines.map(|line| Cookie::parse(line.to_str().unwrap())).collect();
        let answer = Self { response, cookies };
        for (name, value) in [
            ("cache-control", "private, no-cache, no-store"),
            ("pragma", "no-cache"),
            ("expires", "0"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name}");
        }
        let status = answer.status();
        assert!(!matches!(status.as_u16(), 307 | 308), "a body would be sent again");
        assert_eq!(status == StatusCode::FOUND, answer.header("location").is_some());
        if let Some(location) = answer.header("location") {
            let is_clean = |b: u8| (0x21..0x7f).contains(&b) && !b"\"<>\\".contains(&b);
            assert!(!location.is_empty() && location.bytes().all(is_clean), "{location}");
            assert!(answer.body().is_empty());
        }
        assert!(!headers_of(&answer).any(|name| name.starts_with("access-control-")));
        match answer.header("content-type") {
            Some("text/html; charset=utf-8") => {
                let policy = answer.header("content-security-policy").unwrap();
                assert!(policy.contains("default-src 'none'"), "{policy}");
                assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
                assert!(!answer.text().contains("<script"));
            }
            Some("application/json; charset=utf-8") => drop(answer.json()),
            Some("text/plain; charset=utf-8") => assert!(!answer.text().contains('<')),
            Some(other) => panic!("an unknown type: {other}"),
            None => assert!(answer.body().is_empty()),
        }
        answer
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.response.status()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn headers(&self) -> &http::HeaderMap {
        self.response.headers()
    }

    pub(crate) fn body(&self) -> &[u8] {
        self.response.body()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(self.body()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(self.body()).unwrap()
    }

    /// Where the browser is sent.
    pub(crate) fn location(&self) -> &str {
        let location = self.header("location");
        location.unwrap_or_else(|| panic!("no redirect: {:?}", self.outline()))
    }

    /// A line that sets or deletes this cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&Cookie> {
        self.cookies.iter().find(|cookie| cookie.is_named(name))
    }

    /// Status and content, then the cookies in their order; a deletion has a minus. What a page of
    /// the same browser will know of the attempt is for `last_attempt.rs`.
    pub(crate) fn outline(&self) -> Vec<String> {
        let status = self.status().as_u16();
        let content = match (self.header("location"), self.header("content-type")) {
            (Some(location), _) => location.to_owned(),
            (_, Some(kind)) if kind.starts_with("text/html") => {
                let text = self.text();
                let title = text.split("<title>").nth(1).unwrap().split('<').next().unwrap();
                format!("page {title}")
            }
            _ => self.text().to_owned(),
        };
        let mut outline = vec![format!("{status} {content}")];
        let cookies =
            self.cookies.iter().filter(|cookie| !cookie.is_named("typegate.last-attempt"));
        outline.extend(cookies.map(|cookie| {
            let name = without_attempt(&cookie.name).trim_start_matches("next-auth.");
            format!("{}{name}", if cookie.is_deletion() { "-" } else { "" })
        }));
        outline
    }
}

fn headers_of(answer: &Answer) -> impl Iterator<Item = &str> {
    answer.response.headers().keys().map(http::HeaderName::as_str)
}
