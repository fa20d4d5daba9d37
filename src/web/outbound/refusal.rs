//! A refusal inside of an answer: what a provider says went wrong, in the standard's form (RFC 6749
//! section 5.2) or in one of the vendors' own, under whatever status.

use serde_json::Value;

use crate::model::JsonObject;
use crate::web::{Fields, percent_encode};

/// Longest text of a provider that a log line repeats, in characters.
const MAXIMUM_TEXT: usize = 200;
/// Longest word of it that may be a token for all that is known.
const MAXIMUM_ODD_WORD: usize = 12;
/// The digits of a number that is no token.
const MAXIMUM_DIGITS: usize = 8;
/// Longer words of letters of both cases may be tokens.
const MIXED_FROM: usize = MAXIMUM_ODD_WORD + 4;
/// What is shorter, and was sent, is left out where it is a word of its own: any sentence has its letters.
const SHORTEST_PART: usize = 4;
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

    /// What an answer says whose status says that something went wrong: the same, or a sentence that
    /// stands where others have none (GitHub, Discord), or the first of a list (X).
    pub(super) fn of_failure(answer: &JsonObject) -> Option<Self> {
        let first = answer.get("errors").and_then(Value::as_array).and_then(|all| all.first());
        Self::of(answer)
            .or_else(|| Self::of_plain(first?.as_object()?))
            .or_else(|| Self::of_plain(answer))
    }

    fn of_plain(answer: &JsonObject) -> Option<Self> {
        let names = ["message", "error_description", "error_message", "errmsg", "detail", "title"];
        let text = text(answer, &names)?;
        let code = ["code", "error_code"].into_iter().find_map(|name| answer.get(name));
        let code = code.filter(|code| !says_good(code)).unwrap_or(&Value::Null);
        Some(Self::new(code, Some(text)))
    }

    /// What a form says, as some token endpoints answer whatever was asked for, and those of OAuth
    /// 1.0a (its extension "problem reporting").
    pub(super) fn of_form(form: &Fields) -> Option<Self> {
        let of = |code, text| Some(Self::new(&form.text(code)?.into(), form.text(text)));
        of("error", "error_description").or_else(|| of("oauth_problem", "oauth_problem_advice"))
    }

    /// What a challenge says (RFC 6750 section 3).
    pub(super) fn of_challenge(challenge: &str) -> Option<Self> {
        let of = |code, text| {
            let code = parameter(challenge, code)?;
            Some(Self::new(&code.into(), parameter(challenge, text).as_deref()))
        };
        of("error", "error_description").or_else(|| of("oauth_problem", "oauth_problem_advice"))
    }

    /// The code as a log may have it.
    pub(crate) fn code(&self, sent: &[&str]) -> Option<String> {
        let code = self.code.as_ref()?;
        Some(if quotes(code, sent) { UNREADABLE.to_owned() } else { code.clone() })
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

    /// The sentence as a log may have it.
    pub(crate) fn sentence(&self, sent: &[&str]) -> Option<String> {
        sentence(self.text.as_ref()?, sent)
    }
}

/// A sentence of a provider as a log may have it: cut, in one line, without what was sent and without
/// words that may be tokens.
pub(crate) fn sentence(text: &str, sent: &[&str]) -> Option<String> {
    let text = without_sent(text, sent);
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words = words.filter(|word| !word.is_empty());
    let words: Vec<&str> = words.map(|word| if is_odd(word) { LEFT_OUT } else { word }).collect();
    let text: String = words.join(" ").chars().take(MAXIMUM_TEXT).collect();
    (!text.is_empty()).then_some(text)
}

/// A text without what was sent, however short, as it is or as it stands in an address.
pub(super) fn without_sent(text: &str, sent: &[&str]) -> String {
    let secrets = sent.iter().filter(|secret| !secret.is_empty());
    secrets.fold(text.to_owned(), |text, secret| {
        let encoded = percent_encode(secret);
        let text = without(&without(&text, secret), &encoded);
        without(&text, &encoded.replace("%20", "+"))
    })
}

fn without(text: &str, part: &str) -> String {
    if part.len() >= SHORTEST_PART || !part.chars().all(char::is_alphanumeric) {
        return text.replace(part, LEFT_OUT);
    }
    let is_end = |c: char| !c.is_alphanumeric();
    let words = text.split_inclusive(is_end);
    let words = words.map(|word| match word.trim_end_matches(is_end) == part {
        true => word.replacen(part, LEFT_OUT, 1),
        false => word.to_owned(),
    });
    words.collect()
}

/// Whether a code repeats what was sent, in whichever case.
pub(crate) fn quotes(code: &str, sent: &[&str]) -> bool {
    let code = code.to_ascii_lowercase();
    let sent: Vec<String> = sent.iter().map(|secret| secret.to_ascii_lowercase()).collect();
    let sent: Vec<&str> = sent.iter().map(String::as_str).collect();
    without_sent(&code, &sent) != code
}

/// Whether a word may be a token. The names of parameters, addresses and the like are long and are
/// none: they are made of words with signs in between, and of short numbers.
fn is_odd(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let is_part = |part: &str| {
        let is_word = part.chars().all(char::is_alphabetic) && !is_mixed(part);
        let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_numbered = letters.bytes().all(|b| b.is_ascii_uppercase());
        is_word || is_numbered
    };
    let mut parts = word.split(|c: char| !c.is_alphanumeric());
    word.chars().count() > MAXIMUM_ODD_WORD
        && (digits(word) > MAXIMUM_DIGITS || !parts.all(is_part))
}

/// The value of a parameter of a challenge (RFC 9110 section 11.2): a text in quotation marks or a
/// word.
fn parameter(challenge: &str, name: &str) -> Option<String> {
    let mut places = challenge.match_indices(name).map(|(place, _)| challenge.split_at(place));
    places.find_map(|(before, rest)| {
        if !before.ends_with([' ', ',', '\t']) {
            return None;
        }
        let value = rest.strip_prefix(name)?.strip_prefix('=')?;
        let Some(quoted) = value.strip_prefix('"') else {
            return value.split([',', ' ']).next().map(ToOwned::to_owned);
        };
        let mut text = String::new();
        let mut characters = quoted.chars();
        loop {
            match characters.next()? {
                '"' => return Some(text),
                '\\' => text.push(characters.next()?),
                character => text.push(character),
            }
        }
    })
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
    let is_odd = |word: &str| is_mixed(word) || word.len() > MIXED_FROM && digits(word) > 0;
    digits(code) > MAXIMUM_DIGITS || code.split(['_', '.', ':', '-']).any(is_odd)
}

fn digits(word: &str) -> usize {
    word.bytes().filter(u8::is_ascii_digit).count()
}

/// Whether a word has letters of both cases without an order.
fn is_mixed(word: &str) -> bool {
    let count = |is: fn(&u8) -> bool| word.bytes().filter(is).count();
    let (upper, lower) = (count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
    word.len() > MIXED_FROM && 4 * upper > word.len() && 4 * lower > word.len()
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
        assert_eq!(code("bad.TED"), Some(UNREADABLE.into()));
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

    #[test]
    fn r205_a_sentence_keeps_the_words_that_name_what_is_wrong() {
        for text in [
            "AADSTS9002313: Invalid request. The code_verifier does not match the code_challenge.",
            "The redirect_uri http://localhost:3000/api/auth/callback/acme is not registered",
            "Client authentication by client_secret_basic is not allowed (use client_secret_post)",
        ] {
            assert_eq!(sentence(text, &[]).as_deref(), Some(text));
        }
        for odd in [
            "pdFZKVeTuEsksoOcHrzqqgyQ",
            "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl",
            "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "xoxb-17653672481-19874698323",
            "https://id.example/?code=4/0AeanS0bq5kz",
        ] {
            assert_eq!(sentence(&format!("see {odd} there"), &[]).as_deref(), Some("see … there"));
        }
        assert_eq!(sentence("at a%2Fb+c", &["a/b c"]).as_deref(), Some("at …"));
        assert_eq!(sentence("at a%2Fb%20c", &["a/b c"]).as_deref(), Some("at …"));
    }

    #[test]
    fn r221_what_was_sent_is_left_out_however_short_it_is() {
        for (secret, text, expected) in [
            (
                "k9",
                "the secret k9, not k90 or ok9, is wrong",
                "the secret …, not k90 or ok9, is wrong",
            ),
            ("k9", "k9", "…"),
            ("k9", "secret=k9&code=k9.", "secret=…&code=…."),
            ("a", "a secret", "… secret"),
            ("é", "it is é!", "it is …!"),
            ("a+b", "it is a+b or a%2Bb", "it is … or …"),
            ("s3cr", "mys3cret", "my…et"),
            ("hunter2", "hunter2 is wrong", "… is wrong"),
            // A public word beside it stays.
            (
                "k9",
                "the scope openid and the redirect_uri stay",
                "the scope openid and the redirect_uri stay",
            ),
            ("", "nothing was sent", "nothing was sent"),
        ] {
            assert_eq!(sentence(text, &[secret]).as_deref(), Some(expected), "{secret}");
        }
    }

    #[test]
    fn a_failure_is_read_wherever_it_stands() {
        let of = |refusal: Option<Refusal>| {
            let refusal = refusal?;
            Some((refusal.code(&[]), refusal.sentence(&[])))
        };
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        for (answer, code, text) in [
            (json!({ "message": "Bad credentials", "status": "401" }), "", "Bad credentials"),
            (json!({ "message": "401: Unauthorized", "code": 0 }), "", "401: Unauthorized"),
            (
                json!({ "errors": [{ "code": 32, "message": "Could not log in" }] }),
                "32",
                "Could not log in",
            ),
            (json!({ "title": "Unauthorized", "detail": "No token" }), "", "No token"),
            (json!({ "error": { "status": 401, "message": "Expired" } }), "401", "Expired"),
        ] {
            let refusal = Refusal::of_failure(answer.as_object().unwrap());
            assert_eq!(of(refusal), Some((some(code), some(text))), "{answer}");
        }
        assert_eq!(of(Refusal::of_failure(json!({ "a": 1 }).as_object().unwrap())), None);
        for (form, code, text) in [
            (
                "error=bad_verification_code&error_description=It+is+old.",
                "bad_verification_code",
                "It is old.",
            ),
            ("oauth_problem=token_rejected", "token_rejected", ""),
        ] {
            let refusal = Refusal::of_form(&Fields::from_form(form.as_bytes()));
            assert_eq!(of(refusal), Some((some(code), some(text))), "{form}");
        }
        assert_eq!(of(Refusal::of_form(&Fields::from_form(b"<h1>error=1</h1>"))), None);
        for (challenge, code, text) in [
            (
                r#"Bearer realm="x", error="invalid_token", error_description="It \"ended\"""#,
                "invalid_token",
                r#"It "ended""#,
            ),
            ("DPoP error=use_dpop_nonce, algs=\"ES256\"", "use_dpop_nonce", ""),
            (r#"OAuth realm="x",oauth_problem="token_rejected""#, "token_rejected", ""),
        ] {
            assert_eq!(of(Refusal::of_challenge(challenge)), Some((some(code), some(text))));
        }
        for none in ["Bearer", r#"Bearer error_description="x""#, r#"Bearer error="x"#, ""] {
            assert_eq!(of(Refusal::of_challenge(none)), None, "{none}");
        }
    }
}
