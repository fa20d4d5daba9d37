//! What does the application see of somebody who is signed in?

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::secret::SessionToken;

/// A session kept in a database.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SessionRecord {
    /// The value of the session cookie.
    pub session_token: SessionToken,
    /// Whose session.
    pub user_id: String,
    /// When it ends. The adapter does not judge this; the flows do.
    pub expires: Timestamp,
}

impl SessionRecord {
    /// A session as an adapter reads it.
    #[must_use]
    pub fn new(
        session_token: SessionToken,
        user_id: impl Into<String>,
        expires: Timestamp,
    ) -> Self {
        Self { session_token, user_id: user_id.into(), expires }
    }
}

/// A session about to be stored.
pub type NewSession = SessionRecord;

/// The session of an application that has no `session` callback: the body of `GET session` as
/// NextAuth v4 sends it, and the default type of [`Session`](crate::Session).
///
/// ```
/// use typegate::DefaultSession;
///
/// let body = r#"{"user":{"name":"Ada"},"expires":"2026-12-23T09:29:47.805Z"}"#;
/// let session: DefaultSession = serde_json::from_str(body).unwrap();
/// assert_eq!(session.user.name.as_deref(), Some("Ada"));
/// assert_eq!(serde_json::to_string(&session).unwrap(), body);
/// ```
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DefaultSession {
    /// The signed-in person.
    #[serde(default)]
    pub user: SessionUser,
    /// When the session ends if it is not used again: ISO 8601 with milliseconds.
    pub expires: String,
}

/// The three members of a user that a browser may see by default: no id, no tokens.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SessionUser {
    /// Display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}
