//! The session, as stored and as the application sees it.

use std::fmt;

use jiff::Timestamp;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::User;
use crate::crypto::secret::SessionToken;

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
///
/// Read and written again, a member that is null stays null and one that is absent stays absent.
/// NextAuth v4 sends null for what a row of the database does not say. It also shows what is no
/// text, such as a number that a `jwt` callback wrote: that is none here.
///
/// ```
/// use typegate::SessionUser;
///
/// let user: SessionUser = serde_json::from_str(r#"{"name":"Ada","image":null}"#).unwrap();
/// assert_eq!((user.email.as_ref(), user.image.as_ref()), (None, None));
/// assert_eq!(serde_json::to_string(&user).unwrap(), r#"{"name":"Ada","image":null}"#);
/// ```
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(from = "SessionUserMembers", into = "SessionUserMembers")]
#[non_exhaustive]
pub struct SessionUser {
    /// Display name.
    pub name: Option<String>,
    /// Address.
    pub email: Option<String>,
    /// Address of a picture.
    pub image: Option<String>,
    nulls: Nulls,
}

/// Which members are null, not absent, as long as they are `None`.
#[derive(Clone, Copy, Debug, Default)]
struct Nulls {
    name: bool,
    email: bool,
    image: bool,
}

/// How a member was written is no part of who somebody is.
impl PartialEq for SessionUser {
    fn eq(&self, other: &Self) -> bool {
        let Self { name, email, image, nulls: _ } = self;
        (name, email, image) == (&other.name, &other.email, &other.image)
    }
}

impl Eq for SessionUser {}

/// The members as JSON has them: absent, null or text.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct SessionUserMembers {
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<Option<String>>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<Option<String>>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(crate) image: Option<Option<String>>,
}

/// Without this, null would count as absent, and what is no text would be refused: these members
/// only decorate.
fn present<'de, D: Deserializer<'de>>(member: D) -> Result<Option<Option<String>>, D::Error> {
    member.deserialize_any(Member)
}

struct Member;

impl<'de> Visitor<'de> for Member {
    type Value = Option<Option<String>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text or null")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Some(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Some(Some(text)))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Some(None))
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Some(None))
    }

    fn visit_some<D: Deserializer<'de>>(self, member: D) -> Result<Self::Value, D::Error> {
        member.deserialize_any(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

impl From<SessionUserMembers> for SessionUser {
    fn from(SessionUserMembers { name, email, image }: SessionUserMembers) -> Self {
        let is_null = |member: &Option<Option<String>>| matches!(member, Some(None));
        let nulls = Nulls { name: is_null(&name), email: is_null(&email), image: is_null(&image) };
        Self { name: name.flatten(), email: email.flatten(), image: image.flatten(), nulls }
    }
}

impl From<SessionUser> for SessionUserMembers {
    fn from(SessionUser { name, email, image, nulls }: SessionUser) -> Self {
        let member = |text: Option<String>, is_null: bool| match text {
            None if !is_null => None,
            text => Some(text),
        };
        Self {
            name: member(name, nulls.name),
            email: member(email, nulls.email),
            image: member(image, nulls.image),
        }
    }
}

/// v4 does: what a row does not say is null.
impl From<&User> for SessionUser {
    fn from(user: &User) -> Self {
        Self::from(SessionUserMembers {
            name: Some(user.name.clone()),
            email: Some(user.email.clone()),
            image: Some(user.image.clone()),
        })
    }
}
