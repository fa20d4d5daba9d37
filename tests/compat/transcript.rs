//! The transcript: an answer as lines of text, in which only what is random or depends on a port
//! has been replaced.
//!
//! ```text
//! == csrf / the right token
//! status 302
//! location {site}
//! cookie next-auth.session-token=; Max-Age=0; Path=/; …
//! call callback redirect {"baseUrl":"{site}","url":"{site}"}
//! provider GET /userinfo?ui=1 [Bearer at-1]
//! ```
//!
//! | Line | What it is |
//! |---|---|
//! | `status` | the status |
//! | name of a header | each header, without those that say where the body ends |
//! | `cookie` | a `Set-Cookie` header |
//! | `json`, `text`, `page` | the body; of a page, each text, form and link |
//! | `call` | what the application was told or asked; of a log entry, its code, then its provider |
//! | `provider` | what the identity provider was asked |

use std::fmt::Write as _;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, DATE, ETAG, SET_COOKIE, TRANSFER_ENCODING};
use http::{HeaderName, HeaderValue, Response};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::browser::without_attempt;
use crate::page;

/// Headers of the connection, not of the answer.
const FRAMING: [HeaderName; 5] =
    [CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING, HeaderName::from_static("keep-alive")];

/// What a request is called, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// Scenario and label.
    pub(crate) name: String,
    pub(crate) lines: Vec<String>,
}

/// A call as the control endpoints tell it.
#[derive(Deserialize)]
pub(crate) struct Call {
    kind: String,
    name: String,
    args: Value,
}

/// Origins that differ from run to run.
pub(crate) struct Origins<'a> {
    pub(crate) site: &'a str,
    pub(crate) provider: &'a str,
}

impl Origins<'_> {
    pub(crate) fn lines(
        &self,
        response: &Response<Bytes>,
        calls: &[Call],
        requests: &[String],
    ) -> Vec<String> {
        let mut lines = vec![format!("status {}", response.status().as_u16())];
        let mut headers: Vec<_> = response
            .headers()
            .iter()
            .filter(|(name, _)| !FRAMING.contains(name) && *name != SET_COOKIE)
            .map(|(name, value)| match name {
                // It depends on the body only, and that is compared.
                &ETAG => "etag".to_owned(),
                _ => format!("{name} {}", self.normal(&text_of(value))),
            })
            .collect();
        headers.sort();
        lines.extend(headers);
        let cookies = response.headers().get_all(SET_COOKIE).iter();
        lines.extend(cookies.map(|line| format!("cookie {}", self.cookie(line.to_str().unwrap()))));
        lines.extend(self.body(response));
        lines.extend(calls.iter().flat_map(|call| self.call(call)));
        lines.extend(requests.iter().map(|request| format!("provider {}", self.normal(request))));
        lines
    }

    fn cookie(&self, line: &str) -> String {
        let (name, rest) = line.split_once('=').unwrap();
        let name = without_attempt(name);
        let (value, attributes) = rest.split_once("; ").unwrap_or((rest, ""));
        // A piece of a token does not look like one.
        let is_chunk = name.rsplit_once('.').is_some_and(|(_, index)| index.parse::<u8>().is_ok());
        let value = if is_chunk && !value.is_empty() {
            format!("<{} characters>", value.len())
        } else {
            self.normal(value)
        };
        format!("{name}={value}; {attributes}")
    }

    fn body(&self, response: &Response<Bytes>) -> Vec<String> {
        let text = String::from_utf8(response.body().to_vec()).unwrap();
        if text.is_empty() {
            return Vec::new();
        }
        let is_page = response
            .headers()
            .get(http::header::CONTENT_TYPE)
            .is_some_and(|value| value.to_str().unwrap().starts_with("text/html"));
        if is_page && text.contains('<') {
            let lines = page::lines(&text).into_iter();
            return lines.map(|line| format!("page {}", self.normal(&line))).collect();
        }
        match serde_json::from_str::<Value>(&text) {
            Ok(json) => vec![format!("json {}", self.normal(&json.to_string()))],
            Err(_) => text.lines().map(|line| format!("text {}", self.normal(line))).collect(),
        }
    }

    fn call(&self, Call { kind, name, args }: &Call) -> Vec<String> {
        let line = format!("call {kind} {name}");
        match kind.as_str() {
            // Beside its code, a log entry has texts for people, which are not the same.
            "log.error" | "log.warn" => {
                let provider = args.get("providerId").and_then(Value::as_str);
                let provider = provider.map(|provider| format!("call log.provider {provider}"));
                std::iter::once(line).chain(provider).collect()
            }
            "uncaught" => vec![line],
            _ => vec![format!("{line} {}", self.normal(&sorted(args).to_string()))],
        }
    }

    /// Without origins and random values.
    fn normal(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (origin, name) in [(self.site, "site"), (self.provider, "provider")] {
            let encoded: String = form_urlencoded::byte_serialize(origin.as_bytes()).collect();
            text = text.replace(&encoded, &format!("{{{name}%}}"));
            text = text.replace(origin, &format!("{{{name}}}"));
            let host = origin.trim_start_matches("http://");
            let encoded = host.replace(':', "%3A");
            text = text.replace(&encoded, &format!("{{host of the {name}%}}"));
            text = text.replace(host, &format!("{{host of the {name}}}"));
        }
        without_random_values(&text)
    }
}

/// A header as Latin-1, which is how Node writes it.
fn text_of(value: &HeaderValue) -> String {
    value.as_bytes().iter().map(|byte| char::from(*byte)).collect()
}

/// The same value, the members of its objects by name. Dates are as they are in JSON, and null
/// counts as absent: what JavaScript says in two ways is one in Rust.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(values) => values.iter().map(sorted).collect(),
        Value::Object(members) => {
            if let Some(date) = members.get("@date") {
                return date.clone();
            }
            let mut members: Vec<_> =
                members.iter().filter(|(_, value)| !value.is_null()).collect();
            members.sort_by_key(|(name, _)| *name);
            let members = members.into_iter().map(|(name, value)| (name.clone(), sorted(value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// Names what is random after its shape, and shortens what is long.
fn without_random_values(text: &str) -> String {
    let mut rest = text;
    let mut result = String::new();
    while let Some(first) = rest.chars().next() {
        let is_escape = |text: &str| {
            text.strip_prefix('%')
                .and_then(|text| text.get(..2))
                .is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
        };
        let length = if is_escape(rest) {
            3
        } else {
            let word = rest.find(|symbol: char| {
                !(symbol.is_ascii_alphanumeric() || matches!(symbol, '-' | '_' | '.'))
            });
            word.unwrap_or(rest.len()).max(first.len_utf8())
        };
        let (word, after) = rest.split_at(length);
        let repeated = word.trim_start_matches(first).is_empty() && word.len() > 100;
        match shape(word) {
            // A name so long only fills cookies.
            _ if repeated => result.push_str(&format!("<{} times {first}>", word.len())),
            Some(shape) => result.push_str(shape),
            None => {
                let parts = word.split('.').map(|part| shape(part).unwrap_or(part));
                result.push_str(&parts.collect::<Vec<_>>().join("."));
            }
        }
        rest = after;
    }
    result
}

fn shape(word: &str) -> Option<&'static str> {
    let is_hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let groups: Vec<_> = word.split('-').map(|group| (group.len(), is_hex(group))).collect();
    if groups == [8, 4, 4, 4, 12].map(|length| (length, true)) {
        Some("<uuid>")
    } else if word.starts_with("eyJ") && word.matches('.').count() == 4 {
        Some("<jwe>")
    } else if word.starts_with("eyJ") && word.matches('.').count() == 2 {
        Some("<jws>")
    } else if word.contains('.') {
        None
    } else if word.len() == 64 && is_hex(word) {
        Some("<64 hexadecimal digits>")
    } else if word.len() == 43 {
        Some("<32 bytes>")
    } else {
        None
    }
}

/// The file of a whole run.
pub(crate) fn write(entries: &[Entry]) -> String {
    let mut text = String::new();
    for Entry { name, lines } in entries {
        let _ = writeln!(text, "== {name}\n{}\n", lines.join("\n"));
    }
    text
}

/// What [`write`] wrote.
pub(crate) fn read(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        match (line.strip_prefix("== "), entries.last_mut()) {
            (Some(name), _) => entries.push(Entry { name: name.to_owned(), lines: Vec::new() }),
            (None, Some(entry)) => entry.lines.push(line.to_owned()),
            (None, None) => panic!("a line before the first name: {line}"),
        }
    }
    entries
}
