//! Where is a user signed in, and how is that ended?

use http::HeaderMap;
use jiff::Timestamp;

use crate::SessionControl;
use crate::crypto::hash::sha256_hexadecimal;
use crate::crypto::secret::SessionToken;
use crate::error::Error;
use crate::model::SessionRecord;
use crate::web::cookie::RequestCookies;

impl SessionControl {
    /// The sessions of whoever sent this request; `Ok(None)` is somebody who is not signed in.
    ///
    /// No callback runs and no session is extended. A route that revokes is one that changes
    /// something: take `POST`, not `GET`, so that a link on another site cannot sign people out.
    ///
    /// # Errors
    ///
    /// [`Error`] if the database does not answer.
    pub async fn of_request(&self, headers: &HeaderMap) -> Result<Option<UserSessions>, Error> {
        let Ok(site) = self.config.site.of_request(headers) else { return Ok(None) };
        let carried = site.kit.session.read(RequestCookies::new(headers));
        let Some(carried) = carried else { return Ok(None) };
        let stored = carried.stored(&*self.store, self.config.clock.now()).await?;
        let Some((token, _, user)) = stored.current else { return Ok(None) };
        Ok(Some(UserSessions { control: self.clone(), user_id: user.id, current: Some(token) }))
    }

    /// The sessions of a user, for an administrator. Whether the caller may do this is for the
    /// application to decide. An unknown user has none.
    #[must_use]
    pub fn of_user(&self, user_id: impl Into<String>) -> UserSessions {
        UserSessions { control: self.clone(), user_id: user_id.into(), current: None }
    }
}

/// The sessions of one user, and nobody else's.
#[derive(Clone, Debug)]
pub struct UserSessions {
    control: SessionControl,
    user_id: String,
    current: Option<SessionToken>,
}

impl UserSessions {
    /// Whose sessions.
    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// Those that have not ended, the one that ends last first.
    ///
    /// # Errors
    ///
    /// [`Error`] if the database does not answer.
    pub async fn list(&self) -> Result<Vec<ListedSession>, Error> {
        let current = self.current.as_ref().map(listed_id);
        let listed = |session: SessionRecord| {
            let id = listed_id(&session.session_token);
            let is_current = Some(&id) == current.as_ref();
            ListedSession { id, expires: session.expires, is_current }
        };
        Ok(self.running().await?.into_iter().map(listed).collect())
    }

    /// Ends the session with this [`ListedSession::id`] and says whether there was one. That of
    /// somebody else is none.
    ///
    /// # Errors
    ///
    /// [`Error`] if the database does not answer: the session may be there still.
    pub async fn revoke(&self, id: &str) -> Result<bool, Error> {
        let sessions = self.running().await?;
        let found = sessions.iter().find(|session| listed_id(&session.session_token) == id);
        let Some(session) = found else { return Ok(false) };
        Ok(self.control.store.delete_session(&session.session_token).await?.is_some())
    }

    /// Ends all sessions but the one of the request, and says how many that were. Of
    /// [`of_user`](SessionControl::of_user), where there is no request, it ends all.
    ///
    /// # Errors
    ///
    /// [`Error`] if the database does not answer: sessions may be there still.
    pub async fn revoke_others(&self) -> Result<u64, Error> {
        self.revoke_except(self.current.as_ref()).await
    }

    /// Ends all sessions, and says how many that were.
    ///
    /// # Errors
    ///
    /// [`Error`] if the database does not answer: sessions may be there still.
    pub async fn revoke_all(&self) -> Result<u64, Error> {
        self.revoke_except(None).await
    }

    async fn revoke_except(&self, kept: Option<&SessionToken>) -> Result<u64, Error> {
        Ok(self.control.store.delete_sessions_of_user(&self.user_id, kept).await?)
    }

    async fn running(&self) -> Result<Vec<SessionRecord>, Error> {
        let now = self.control.config.clock.now();
        let mut sessions = self.control.store.sessions_of_user(&self.user_id).await?;
        sessions.retain(|session| session.expires >= now);
        Ok(sessions)
    }
}

/// A session as a page may show it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ListedSession {
    /// Names the session to [`UserSessions::revoke`]: a hash, with which nobody can sign in.
    pub id: String,
    /// When it ends if it is not used again.
    pub expires: Timestamp,
    /// Whether it is the one of the request.
    pub is_current: bool,
}

fn listed_id(token: &SessionToken) -> String {
    sha256_hexadecimal(&[token.expose().as_bytes()])
}
