//! A session as Redis keeps it: its JSON, and its lifetime.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use crate::model::SessionRecord;
use crate::runtime::clock::at_millisecond;

/// A session as JSON, under NextAuth's names.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct StoredSession<'a> {
    session_token: std::borrow::Cow<'a, str>,
    user_id: std::borrow::Cow<'a, str>,
    /// Milliseconds since 1970.
    expires: i64,
}

pub(super) fn write_session(session: &SessionRecord) -> Result<Vec<u8>, Failure> {
    let stored = StoredSession {
        session_token: session.session_token.expose().into(),
        user_id: session.user_id.as_str().into(),
        expires: session.expires.as_millisecond(),
    };
    serde_json::to_vec(&stored).map_err(|_| Failure::Unreadable("a session"))
}

pub(super) fn read_session(value: &[u8]) -> Result<SessionRecord, Failure> {
    // Not the parser's message, which may quote the value.
    let stored: StoredSession<'_> =
        serde_json::from_slice(value).map_err(|_| Failure::Unreadable("a session"))?;
    let token = stored.session_token.into_owned().into();
    Ok(SessionRecord::new(token, stored.user_id, at_millisecond(stored.expires)))
}

/// How long the server keeps what has ended, in milliseconds: the flows judge by the application's
/// clock, and a session that is not there for the server is not there for anybody.
const KEPT_AFTER_END: i64 = 60 * 60 * 1000;

/// How long the server keeps something.
#[derive(Clone, Copy)]
pub(super) struct Lifetime {
    /// From now on, in milliseconds, which is right whatever the server's clock says.
    pub(super) remaining: i64,
    /// The same as a time of this machine's clock, in milliseconds since 1970.
    pub(super) until: i64,
    pub(super) now: i64,
}

impl Lifetime {
    /// Of something that ends then. What has ended long ago lives an hour too.
    pub(super) fn of(end: Timestamp) -> Self {
        let now = Timestamp::now().as_millisecond();
        let remaining = (end.as_millisecond() - now).max(0) + KEPT_AFTER_END;
        Self { remaining, until: now + remaining, now }
    }
}
