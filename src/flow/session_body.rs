//! The body of a session: what may be seen of it, by a browser as JSON and by the application as its
//! own data. Each is made of the members, and neither of the other.

use std::any::Any;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::CallbackError;
use crate::jose::Claims;
use crate::model::{DefaultSession, SessionUser, SessionUserMembers};

/// Bytes that hold what a browser is told of most people.
const USUAL_BODY: usize = 256;

/// What may be seen of a session, in the form in which it was made.
pub(crate) enum SessionBody {
    /// As it is sent.
    Json(Vec<u8>),
    /// Without a `session` callback.
    Default(DefaultSession),
    /// As a `session` callback made it.
    Value(Value),
}

impl SessionBody {
    /// For a browser.
    pub(crate) fn into_json(self) -> Result<Vec<u8>, CallbackError> {
        match self {
            Self::Json(body) => Ok(body),
            Self::Default(session) => serde_json::to_vec(&session).map_err(CallbackError::new),
            Self::Value(value) => serde_json::to_vec(&value).map_err(CallbackError::new),
        }
    }

    /// For the application, as its session data: what its type would read from the JSON. A
    /// `session` callback that returns null shows nobody.
    pub(crate) fn into_data<D>(self) -> Result<Option<D>, serde_json::Error>
    where
        D: DeserializeOwned + 'static,
    {
        match self {
            Self::Json(body) => serde_json::from_slice(&body),
            Self::Value(value) => serde_json::from_value(value),
            Self::Default(session) => {
                // Without a `session` callback there is no other type than this.
                let mut session = Some(session);
                match (&mut session as &mut dyn Any).downcast_mut::<Option<D>>() {
                    Some(data) => Ok(data.take()),
                    None => serde_json::from_value(serde_json::to_value(session)?),
                }
            }
        }
    }

    /// For an event.
    pub(crate) fn to_value(&self) -> Value {
        // Each of them is JSON already, but for a type that says so.
        match self {
            Self::Json(body) => serde_json::from_slice(body).unwrap_or_default(),
            Self::Default(session) => serde_json::to_value(session).unwrap_or_default(),
            Self::Value(value) => value.clone(),
        }
    }
}

/// The body without a `session` callback, borrowed from the claims: a member that is absent there
/// is absent here, null stays null.
#[derive(Serialize)]
pub(super) struct TokenBody<'a> {
    user: DefaultUser<'a>,
    expires: &'a str,
}

#[derive(Serialize)]
struct DefaultUser<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a Value>,
}

impl<'a> TokenBody<'a> {
    pub(super) fn from_claims(claims: &'a Claims, expires: &'a str) -> Self {
        let member = |name| claims.as_object().get(name);
        let user =
            DefaultUser { name: member("name"), email: member("email"), image: member("picture") };
        Self { user, expires }
    }

    /// A decorative member that cannot be represented: nobody is refused for it.
    pub(super) fn unusable(&self) -> Option<&'static str> {
        let is_unusable = |member: Option<&Value>| {
            member.is_some_and(|value| !value.is_string() && !value.is_null())
        };
        match self.user {
            DefaultUser { name, .. } if is_unusable(name) => {
                Some("the `name` of the session token is no text, and counts as none")
            }
            DefaultUser { email, .. } if is_unusable(email) => {
                Some("the `email` of the session token is no text, and counts as none")
            }
            DefaultUser { image, .. } if is_unusable(image) => {
                Some("the `picture` of the session token is no text, and counts as none")
            }
            _ => None,
        }
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        let mut json = Vec::with_capacity(USUAL_BODY);
        // Text and JSON values always serialise.
        serde_json::to_writer(&mut json, self).map_or_else(|_| b"{}".to_vec(), |()| json)
    }

    pub(super) fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// As the application has it, where a member that is no text is none.
    pub(super) fn to_session(&self) -> DefaultSession {
        let member = |value: Option<&Value>| match value {
            Some(Value::Null) => Some(None),
            Some(Value::String(text)) => Some(Some(text.clone())),
            _ => None,
        };
        let user = SessionUser::from(SessionUserMembers {
            name: member(self.user.name),
            email: member(self.user.email),
            image: member(self.user.image),
        });
        DefaultSession { user, expires: self.expires.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_application_is_given_what_it_would_read_from_the_json() {
        let members = [
            json!("Ada"),
            json!("\u{0}\"\\\u{2028}\u{fffd}"),
            json!(""),
            json!(null),
            json!(9_007_199_254_740_993_u64),
            json!(-0.0),
            json!(true),
            json!(["a", { "name": null }]),
            json!({ "name": "Eve", "email": [] }),
        ];
        for member in members {
            for name in ["name", "email", "picture", "sub"] {
                let mut claims = Claims::default();
                claims.insert("email", "ada@example.com");
                claims.insert(name, &member);
                let body = TokenBody::from_claims(&claims, "2026-12-29T12:00:00.000Z");
                let forms = [
                    SessionBody::Default(body.to_session()),
                    SessionBody::Value(body.to_value()),
                    SessionBody::Json(body.to_json()),
                ];
                let [default, value, json] = forms.map(|form| {
                    let session: Option<DefaultSession> = form.into_data().unwrap();
                    // A null is told from a member that is absent.
                    serde_json::to_string(&session).unwrap()
                });
                assert_eq!((&default, &value), (&json, &json), "{name}: {member}");
            }
        }
    }

    #[test]
    fn whatever_the_form_a_browser_is_sent_the_same() {
        let mut claims = Claims::default();
        claims.insert("picture", json!({ "b": 1.0, "a": u64::MAX }));
        claims.insert("name", json!(null));
        let body = TokenBody::from_claims(&claims, "");
        let expected =
            r#"{"user":{"name":null,"image":{"b":1.0,"a":18446744073709551615}},"expires":""}"#;
        for form in [SessionBody::Json(body.to_json()), SessionBody::Value(body.to_value())] {
            assert_eq!(form.to_value().to_string(), expected);
            assert_eq!(form.into_json().unwrap(), expected.as_bytes());
        }
        let session = DefaultSession { expires: "never".into(), ..DefaultSession::default() };
        let json = SessionBody::Default(session.clone()).into_json().unwrap();
        assert_eq!(json, br#"{"user":{},"expires":"never"}"#);
        let value: Option<Value> = SessionBody::Default(session).into_data().unwrap();
        assert_eq!(value, Some(json!({ "user": {}, "expires": "never" })));
    }
}
