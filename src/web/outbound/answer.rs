//! Answers: the JSON object or the form of a good one, and what is wrong with one that is of no use.

use std::error::Error;

use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE};
use serde_json::Value;

use super::{NoAnswer, Refusal, without_sent};
use crate::error::Quoted;
use crate::json::unambiguous::{self, Unreadable};
use crate::model::JsonObject;
use crate::web::Fields;

/// Whether something failed because there was no answer, a status of 500 or more being none, and not
/// because of what was said.
pub(crate) fn is_without_answer(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let is_failure = |error: &AnswerError| matches!(error, AnswerError::Status { status, .. } if *status >= 500);
        if error.is::<NoAnswer>() || error.downcast_ref().is_some_and(is_failure) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// A response that is of no use. Of its body nothing is quoted but what it says went wrong, because
/// it may contain tokens.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AnswerError {
    #[error("expected 200 OK with body but no body was returned")]
    Empty,
    #[error("the provider answered {status}{}", detail(.code, .text, .beside))]
    Status {
        status: u16,
        code: Option<String>,
        text: Option<String>,
        /// What is seen of an answer that does not say what went wrong.
        beside: Option<String>,
    },
    #[error("the answer is not a JSON object{}", .0.unwrap_or_default())]
    NotJson(Option<&'static str>),
    #[error("the answer is a JSON list and not an object")]
    List,
    #[error("the answer says a member twice, and which of them counts is anybody's guess")]
    Repeated,
    #[error("the answer is not a form in UTF-8")]
    NotForm,
    #[error("the answer has no `{0}`")]
    Lacks(&'static str),
}

impl AnswerError {
    /// The provider's own code (RFC 6749 section 5.2).
    pub(crate) fn code(&self) -> Option<&str> {
        match self {
            Self::Status { code, .. } => code.as_deref(),
            _ => None,
        }
    }

    /// An error that stands in a good answer, if one does. What of it is repeated has nothing of
    /// `sent`.
    pub(crate) fn inside(answer: &JsonObject, sent: &[&str]) -> Option<Self> {
        let refusal = Refusal::of(answer)?;
        let (code, text) = (refusal.code(sent), refusal.sentence(sent));
        let unnamed = || code.is_none().then(|| "it does not say which".to_owned());
        let text = text.or_else(unnamed);
        Some(Self::Status { status: 200, code, text, beside: None })
    }
}

fn detail(code: &Option<String>, text: &Option<String>, beside: &Option<String>) -> String {
    match (code, text) {
        (Some(code), Some(text)) => format!(" with the error `{code}`: {text}"),
        (Some(code), None) => format!(" with the error `{code}`"),
        (None, Some(text)) => format!(" with an error: {text}"),
        (None, None) => beside.clone().unwrap_or_default(),
    }
}

/// Refuses an answer that is not a good one (2xx), with what it says went wrong: in its body, as JSON
/// or as a form, or in its challenge (RFC 6750 section 3). What of it is repeated has nothing of
/// `sent`.
pub(crate) fn check_status(response: &Response<Bytes>, sent: &[&str]) -> Result<(), AnswerError> {
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let body = response.body();
    let refusal = match serde_json::from_slice::<JsonObject>(body) {
        Ok(object) => Refusal::of_failure(&object),
        Err(_) => Refusal::of_form(&Fields::from_form(body)),
    };
    let refusal = refusal.or_else(|| {
        let challenges = response.headers().get_all(WWW_AUTHENTICATE).iter();
        challenges.filter_map(|challenge| challenge.to_str().ok()).find_map(Refusal::of_challenge)
    });
    let (code, text) = match &refusal {
        Some(refusal) => (refusal.code(sent), refusal.sentence(sent)),
        None => (None, None),
    };
    let location = response.headers().get(LOCATION).filter(|_| status.is_redirection());
    let beside = match location.and_then(|location| location.to_str().ok()) {
        Some(location) => {
            let place = location.split(['?', '#']).next().unwrap_or_default();
            let place = without_sent(place, sent);
            Some(format!(
                ", a redirect to {}, and redirects are not followed: write the address to which it \
                 leads",
                Quoted(&place)
            ))
        }
        None => is_page(response).then(|| " with a web page".to_owned()),
    };
    Err(AnswerError::Status { status: status.as_u16(), code, text, beside })
}

/// Whether an answer is HTML, as it says or as it looks.
fn is_page(response: &Response<Bytes>) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_html = |kind: &str| kind.trim_start().to_ascii_lowercase().starts_with("text/html");
    kind.is_some_and(is_html) || response.body().trim_ascii_start().starts_with(b"<")
}

/// The JSON of a good answer (2xx): an object or a list. Bytes that are no UTF-8 cost a letter each,
/// whatever the media type says of them, as in Node.js.
pub(crate) fn json(response: &Response<Bytes>, sent: &[&str]) -> Result<Value, AnswerError> {
    check_status(response, sent)?;
    let body = response.body();
    if body.is_empty() {
        return Err(AnswerError::Empty);
    }
    unambiguous::document(body).map_err(|unreadable| match unreadable {
        Unreadable::List => AnswerError::List,
        Unreadable::Repeated => AnswerError::Repeated,
        Unreadable::NotJson => AnswerError::NotJson(is_page(response).then_some(PAGE)),
    })
}

const PAGE: &str = " but a web page: the address is another one's, or a proxy answered";

/// The JSON object of a good answer (2xx).
pub(crate) fn json_object(
    response: &Response<Bytes>,
    sent: &[&str],
) -> Result<JsonObject, AnswerError> {
    match json(response, sent)? {
        Value::Object(members) => Ok(members),
        _ => Err(AnswerError::List),
    }
}

/// The form of a good answer (RFC 5849 section 2.1).
pub(crate) fn form(response: &Response<Bytes>, sent: &[&str]) -> Result<Fields, AnswerError> {
    check_status(response, sent)?;
    if response.body().is_empty() {
        return Err(AnswerError::Empty);
    }
    let text = std::str::from_utf8(response.body()).map_err(|_| AnswerError::NotForm)?;
    Ok(Fields::from_form(text.trim().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r162_answers_are_described_and_never_quoted() {
        let answer = |status: u16, body: &'static str| {
            let mut response = Response::new(Bytes::from_static(body.as_bytes()));
            *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
            json_object(&response, &["s3cr3t"]).unwrap_err().to_string()
        };
        let empty = "expected 200 OK with body but no body was returned";
        assert_eq!(answer(200, ""), empty);
        assert_eq!(answer(200, "secret"), "the answer is not a JSON object");
        let page = "the answer is not a JSON object but a web page: the address is another one's, or \
                    a proxy answered";
        assert_eq!(answer(200, "\n<html>secret</html>"), page);
        assert_eq!(answer(502, "<html>secret</html>"), "the provider answered 502 with a web page");
        assert_eq!(answer(200, "[1]"), "the answer is a JSON list and not an object");
        assert_eq!(answer(204, ""), empty);
        assert_eq!(answer(304, "{}"), "the provider answered 304");
        assert_eq!(
            answer(
                400,
                r#"{"error":"invalid_grant","error_description":"s3cr3t\u0000 is\r\nold"}"#
            ),
            "the provider answered 400 with the error `invalid_grant`: … is old"
        );
        assert_eq!(
            answer(400, r#"{"error":{"code":190,"message":"Too late"},"token":"secret"}"#),
            "the provider answered 400 with the error `190`: Too late"
        );
        assert_eq!(
            answer(500, "{\"error\":\"a\\nb\"}"),
            "the provider answered 500 with an error: a b"
        );
        for code in ["no:s3cr3t", "bad%20code", "gho_16C7e42F292c6912E7710c838347Ae178B4a"] {
            let body = format!("{{\"error\":\"{code}\"}}").leak();
            let expected = "the provider answered 500 with the error `an unreadable code`";
            assert_eq!(answer(500, body), expected);
        }
        assert_eq!(answer(200, "[".repeat(10_000).leak()), "the answer is not a JSON object");
    }
}
