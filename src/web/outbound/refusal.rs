//! A refusal inside of an answer: what a provider says went wrong, in the standard's form (RFC 6749
//! section 5.2) or in one of the vendors' own, under whatever status.

use serde_json::Value;

use crate::model::JsonObject;

/// Longest text of a provider that a log line repeats, in characters.
const MAXIMUM_TEXT: usize = 200;
/// Longest word of it that may be a token for all that is known.
const MAXIMUM_ODD_WORD: usize = 12;
/// What is shorter is in every sentence.
const SHORTEST_SECRET: usize = 4;
/// What stands in the place of a code that is not repeated.
const UNREADABLE: &str = "an unreadable code";
/// What stands in the place of a word that is not repeated.
const LEFT_OUT: &str = "…";

/// What a provider says went wrong.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Refusal {
    code: Option<String>,
    /// The sentence beside it, as the provider wrote it.
    text: Option<String>,
}

impl Refusal {
    /// What an answer says, if it says that something went wrong: `error` as a code or as an object
    /// with one (Facebook, VK), `ok: false` (Slack), `errcode` (WeChat). TikTok says `error` with the
    /// code `ok` where nothing did.
    pub(crate) fn of(answer: &JsonObject) -> Option<Self> {
        let beside = || text(answer, &["error_description", "errmsg", "error_message", "message"]);
        match answer.get("error") {
            Some(Value::Object(error)) => {
                let code = ["code", "error_code", "type", "error", "status"];
                let code = code.iter().find_map(|name| error.get(*name)).unwrap_or(&Value::Null);
                if !error.is_empty() && !says_good(code) {
                    let text = text(error, &["message", "error_msg", "error_message", "msg"]);
                    return Some(Self::new(code, text.or_else(beside)));
                }
            }
            Some(Value::Bool(true)) => return Some(Self::new(&Value::Null, beside())),
            Some(Value::Array(errors)) if !errors.is_empty() => {
                return Some(Self::new(&Value::Null, beside()));
            }
            Some(error @ (Value::String(_) | Value::Number(_))) if !says_good(error) => {
                return Some(Self::new(error, beside()));
            }
            _ => {}
        }
        if let Some(code) = answer.get("errcode")
            && !code.is_null()
            && !says_good(code)
        {
            return Some(Self::new(code, beside()));
        }
        (answer.get("ok") == Some(&Value::Bool(false))).then(|| Self::new(&Value::Null, beside()))
    }

    /// The code as a log may have it.
    pub(crate) fn code(&self, sent: &[&str]) -> Option<String> {
        let code = self.code.as_ref()?;
        let said = code.to_ascii_lowercase();
        let mut sent = sent.iter().filter(|secret| secret.len() >= SHORTEST_SECRET);
        let quotes = sent.any(|secret| said.contains(&secret.to_ascii_lowercase()));
        Some(if quotes { UNREADABLE.to_owned() } else { code.clone() })
    }

    /// A code of several words is a sentence.
    fn new(code: &Value, text: Option<&str>) -> Self {
        let word = match code {
            Value::String(word) => word.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let is_sentence = word.contains(char::is_whitespace);
        let code = error_code(&word)
            .or_else(|| (!is_sentence && !word.is_empty()).then(|| UNREADABLE.to_owned()));
        Self { code, text: text.map(ToOwned::to_owned).or(is_sentence.then_some(word)) }
    }

    /// The sentence as a log may have it: cut, in one line, without what was sent and without words
    /// that may be tokens.
    pub(crate) fn sentence(&self, sent: &[&str]) -> Option<String> {
        let mut text = self.text.clone()?;
        for secret in sent.iter().filter(|secret| secret.len() >= SHORTEST_SECRET) {
            text = text.replace(secret, LEFT_OUT);
        }
        let is_odd = |word: &str| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            word.chars().count() > MAXIMUM_ODD_WORD && !word.chars().all(char::is_alphabetic)
        };
        let words = text.split(|c: char| c.is_whitespace() || c.is_control());
        let words = words.filter(|word| !word.is_empty());
        let words: Vec<&str> =
            words.map(|word| if is_odd(word) { LEFT_OUT } else { word }).collect();
        let text: String = words.join(" ").chars().take(MAXIMUM_TEXT).collect();
        (!text.is_empty()).then_some(text)
    }
}

/// Whether a code says that nothing went wrong.
fn says_good(code: &Value) -> bool {
    match code {
        Value::String(word) => matches!(word.as_str(), "" | "0" | "ok" | "OK" | "success"),
        Value::Number(number) => number.as_f64() == Some(0.0),
        _ => false,
    }
}

fn text<'a>(members: &'a JsonObject, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| members.get(*name)?.as_str()).filter(|text| !text.is_empty())
}

/// Error codes are short words of ASCII (RFC 6749 section 5.2 has more letters, and nobody uses
/// them); anything else, and what may be a token, is not repeated.
pub(crate) fn error_code(text: &str) -> Option<String> {
    let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"_.:-".contains(&b);
    let is_code = (1..=64).contains(&text.len()) && text.bytes().all(is_letter);
    (is_code && !may_be_token(text)).then(|| text.to_owned())
}

/// Codes are words, and may end with a number (`AADSTS9002313`); tokens mix letters at random.
fn may_be_token(code: &str) -> bool {
    const MAXIMUM_DIGITS: usize = 8;
    let digits = |word: &str| word.bytes().filter(u8::is_ascii_digit).count();
    let is_mixed = |word: &str| {
        let count = |is: fn(&u8) -> bool| word.bytes().filter(is).count();
        let (upper, lower) = (count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
        let is_of_both_cases = 4 * upper > word.len() && 4 * lower > word.len();
        word.len() > MAXIMUM_ODD_WORD + 4 && (digits(word) > 0 || is_of_both_cases)
    };
    digits(code) > MAXIMUM_DIGITS || code.split(['_', '.', ':', '-']).any(is_mixed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(answer: &Value) -> Option<(Option<String>, Option<String>)> {
        let refusal = Refusal::of(answer.as_object().unwrap())?;
        let sentence = refusal.sentence(&["s3cr3t of ours"]);
        Some((refusal.code(&["s3cr3t of ours"]), sentence))
    }

    #[test]
    fn a_refusal_is_read_in_whichever_form_it_has() {
        for (answer, code, text) in [
            (
                json!({ "error": "bad_code", "error_description": "It is old" }),
                "bad_code",
                "It is old",
            ),
            (json!({ "ok": false, "error": "invalid_code" }), "invalid_code", ""),
            (json!({ "ok": false }), "", ""),
            (json!({ "errcode": 40029, "errmsg": "invalid code" }), "40029", "invalid code"),
            (json!({ "errcode": "40029" }), "40029", ""),
            (json!({ "error": { "code": 190, "message": "Too\nlate" } }), "190", "Too late"),
            (json!({ "error": { "error_code": 5, "error_msg": "No user" } }), "5", "No user"),
            (json!({ "error": { "message": "Alas" } }), "", "Alas"),
            (json!({ "error": "it went wrong" }), "", "it went wrong"),
            (json!({ "error": true, "message": "no" }), "", "no"),
            (json!({ "error": 7 }), "7", ""),
            (json!({ "error": ["no"] }), "", ""),
        ] {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            assert_eq!(of(&answer), Some((some(code), some(text))), "{answer}");
        }
        for good in [
            json!({}),
            json!({ "error": null, "errcode": null }),
            json!({ "error": "", "errcode": 0, "ok": true }),
            json!({ "error": { "code": "ok", "message": "" }, "errcode": "0" }),
            json!({ "error": false }),
            json!({ "error": {} }),
            json!({ "error": [] }),
            json!({ "error": 0 }),
            json!({ "message": "hello", "ok": 0 }),
        ] {
            assert_eq!(of(&good), None, "{good}");
        }
    }

    #[test]
    fn r162_a_code_holds_nothing_that_was_sent_or_may_be_a_token() {
        for code in [
            "invalid_grant",
            "temporarily_unavailable",
            "AADSTS9002313",
            "OAuthException",
            "InvalidAuthenticationToken",
            "REQUEST_UNAUTHORIZED",
            "urn:acme:error.bad-code",
            "190",
        ] {
            assert_eq!(error_code(code).as_deref(), Some(code));
        }
        for code in [
            "bad_token:gho_16C7e42F292c6912E7710c838347Ae178B4a",
            "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy",
            "pdFZKVeTuEsksoOcHrzqqgyQ",
            "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl",
            "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "bad%20code",
            "a/b",
            "",
        ] {
            assert_eq!(error_code(code), None, "{code}");
        }
        let code = |code: &str| Refusal::new(&json!(code), None).code(&["hunter2", "ted"]);
        assert_eq!(code("bad:hunter2"), Some(UNREADABLE.into()));
        assert_eq!(code("BAD_HUNTER2"), Some(UNREADABLE.into()));
        assert_eq!(code("expected_code"), Some("expected_code".into()));
    }

    #[test]
    fn r162_a_sentence_holds_nothing_that_may_be_a_token() {
        let said = |text: &str| of(&json!({ "error": "x", "message": text })).unwrap().1;
        assert_eq!(said("s3cr3t of ours is wrong").as_deref(), Some("… is wrong"));
        assert_eq!(
            said("the code 4/0AeanS0bq-x5kz, of authentication, is old").as_deref(),
            Some("the code … of authentication, is old")
        );
        assert_eq!(said(&"x ".repeat(1000)).unwrap().len(), MAXIMUM_TEXT);
        assert_eq!(said("\r\n\t"), None);
    }
}
