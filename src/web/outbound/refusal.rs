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
/// What stands in the place of a word that is not repeated.
const LEFT_OUT: &str = "…";

/// What a provider says went wrong.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: Option<String>,
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

    /// A code that is none is a sentence.
    fn new(code: &Value, text: Option<&str>) -> Self {
        let word = match code {
            Value::String(word) => word.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        let code = error_code(&word);
        let sentence = code.is_none().then_some(word).filter(|word| !word.is_empty());
        Self { code, text: text.map(ToOwned::to_owned).or(sentence) }
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

/// Error codes are short and made of printable ASCII (RFC 6749 section 5.2); anything else is
/// not repeated.
pub(crate) fn error_code(text: &str) -> Option<String> {
    let is_code =
        text.len() <= 64 && text.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
    (is_code && !text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(answer: &Value) -> Option<(Option<String>, Option<String>)> {
        let refusal = Refusal::of(answer.as_object().unwrap())?;
        let sentence = refusal.sentence(&["s3cr3t of ours"]);
        Some((refusal.code, sentence))
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
