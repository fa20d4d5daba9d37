//! The current session, or nobody's.

use serde::de::{DeserializeOwned, Error as _};
use serde_json::Value;

use super::exchange::Call;
use super::{ClientError, Shared};
use crate::model::JsonObject;

/// What a site answers to the question who is signed in.
///
/// That nobody is signed in is an answer. That there was no answer is a [`ClientError`].
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third answer")]
pub enum CurrentSession<D> {
    /// Somebody is, and the session says who.
    Authenticated(D),
    /// Nobody is.
    Unauthenticated,
}

impl<D> CurrentSession<D> {
    /// The session of whoever is signed in.
    pub fn authenticated(self) -> Option<D> {
        match self {
            Self::Authenticated(session) => Some(session),
            Self::Unauthenticated => None,
        }
    }

    /// Whether somebody is signed in.
    #[must_use]
    pub fn is_authenticated(&self) -> bool {
        matches!(self, Self::Authenticated(_))
    }

    /// The same answer with the session turned into something else.
    pub fn map<E>(self, convert: impl FnOnce(D) -> E) -> CurrentSession<E> {
        match self {
            Self::Authenticated(session) => CurrentSession::Authenticated(convert(session)),
            Self::Unauthenticated => CurrentSession::Unauthenticated,
        }
    }
}

/// v4 says `{}` of nobody, v5 says `null`.
pub(super) async fn read(
    shared: &Shared,
    call: Call,
) -> Result<CurrentSession<JsonObject>, ClientError> {
    match shared.send(call).await?.into_json()? {
        Value::Null => Ok(CurrentSession::Unauthenticated),
        Value::Object(session) if session.is_empty() => Ok(CurrentSession::Unauthenticated),
        Value::Object(session) => Ok(CurrentSession::Authenticated(session)),
        _ => {
            let error = serde_json::Error::custom("not an object");
            Err(ClientError::not_a_session(&shared.page("session"), &error))
        }
    }
}

pub(super) fn typed<D: DeserializeOwned>(
    shared: &Shared,
    session: CurrentSession<JsonObject>,
) -> Result<CurrentSession<D>, ClientError> {
    match session {
        CurrentSession::Unauthenticated => Ok(CurrentSession::Unauthenticated),
        CurrentSession::Authenticated(session) => serde_json::from_value(Value::Object(session))
            .map(CurrentSession::Authenticated)
            .map_err(|error| ClientError::not_a_session(&shared.page("session"), &error)),
    }
}
