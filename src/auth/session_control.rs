//! Session control: the list of a user's sessions, and their revocation by the application.

use std::fmt;
use std::sync::Arc;

use http::HeaderMap;
use jiff::Timestamp;

use crate::adapter::ErasedUserSessionStore;
use crate::config::{Auth, Config};
use crate::crypto::hash::sha256_hexadecimal;
use crate::crypto::secret::SessionToken;
use crate::error::{ConfigError, Error};
use crate::model::SessionRecord;
use crate::web::cookie::RequestCookies;

/// Lists sessions and revokes them: what a page of "my devices" needs, and whoever has to sign
/// somebody out.
///
/// [`session_control`] on the builder asks for it, which compiles where sessions live in the database
/// of an adapter that lists them; elsewhere [`SessionControlFits`] says why not.
/// [`Auth::session_control`](crate::Auth::session_control) gives it. It is cheap to clone, to be
/// stored anywhere.
///
/// A revoked session is over at once, at every process that shares the database.
///
/// ```
/// use http::HeaderMap;
/// use typegate::adapter::MemoryAdapter;
/// use typegate::provider::catalog::GitHub;
/// use typegate::{Auth, ClientSecret, Secret};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let auth = Auth::builder()
///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
///     .url("https://app.example.com".parse()?)
///     .provider(GitHub::new("client id", ClientSecret::new("client secret")))
///     .adapter(MemoryAdapter::new())
///     .session_control()
///     .build()?;
/// let sessions = auth.session_control()?;
///
/// let headers = HeaderMap::new(); // of a request
/// match sessions.of_request(&headers).await? {
///     Some(mine) => {
///         for session in mine.list().await? {
///             println!("{} until {}, this one: {}", session.id, session.expires, session.is_current);
///         }
///         mine.revoke_others().await?;
///     }
///     None => println!("nobody is signed in"),
/// }
/// # Ok(())
/// # }
/// ```
///
/// [`SessionControlFits`]: crate::rule::SessionControlFits
/// [`session_control`]: crate::builder::AuthBuilder::session_control
#[derive(Clone)]
pub struct SessionControl {
    config: Arc<Config>,
    store: Arc<dyn ErasedUserSessionStore>,
}

impl fmt::Debug for SessionControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionControl").finish_non_exhaustive()
    }
}

impl<D> Auth<D> {
    /// The sessions of users, to be listed and revoked.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the configuration did not ask for it by
    /// [`session_control`](crate::builder::AuthBuilder::session_control).
    pub fn session_control(&self) -> Result<SessionControl, ConfigError> {
        let store = self.config.controlled_sessions.clone().ok_or_else(|| {
            ConfigError::new(
                "session control was not asked for: write `.session_control()` before `.build()`, \
                 or `session_control = true` in a configuration file",
            )
        })?;
        Ok(SessionControl { config: Arc::clone(&self.config), store })
    }
}

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
        let kit = self.config.site.kit(headers);
        let carried = kit.session.read(RequestCookies::new(headers));
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

    /// The [`ListedSession::id`] of the request's own session, which it has for as long as it lives:
    /// the key of what an application keeps about a device, such as the browser's name. Nothing is
    /// asked of the database. [`of_user`](SessionControl::of_user) has none.
    #[must_use]
    pub fn current_id(&self) -> Option<String> {
        self.current.as_ref().map(listed_id)
    }

    /// Those that have not ended, the one that ends last first.
    ///
    /// # Errors
    ///
    /// [`Error`] if the database does not answer.
    pub async fn list(&self) -> Result<Vec<ListedSession>, Error> {
        let current = self.current_id();
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
