//! The state of a session provider, as a view shows it at one moment.

use std::fmt;
use std::sync::Arc;

use super::super::ClientError;

/// What a [`SessionProvider`](super::SessionProvider) knows.
#[derive(Debug)]
#[non_exhaustive]
pub enum SessionState<D> {
    /// The site has not answered yet.
    Loading,
    /// The site has never answered, and the last attempt failed for this reason. The provider
    /// goes on trying.
    Unreachable(Arc<ClientError>),
    /// Somebody is signed in.
    Authenticated(Arc<D>),
    /// Somebody is signed in, and an update of the session is on its way.
    Updating(Arc<D>),
    /// Somebody was signed in when the site answered last. The latest attempt to ask failed, and
    /// the provider goes on trying.
    Stale(Arc<D>, Arc<ClientError>),
    /// Nobody is signed in.
    Unauthenticated,
}

/// The three words of NextAuth's `useSession`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "the words are NextAuth's")]
pub enum Status {
    /// Not known yet, or about to change by an update.
    Loading,
    /// Signed in.
    Authenticated,
    /// Signed out.
    Unauthenticated,
}

impl<D> SessionState<D> {
    /// What `useSession` of NextAuth calls it.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::Loading | Self::Unreachable(_) | Self::Updating(_) => Status::Loading,
            Self::Authenticated(_) | Self::Stale(..) => Status::Authenticated,
            Self::Unauthenticated => Status::Unauthenticated,
        }
    }

    /// The session, as the site last told it.
    #[must_use]
    pub fn session(&self) -> Option<&Arc<D>> {
        match self {
            Self::Authenticated(session) | Self::Updating(session) | Self::Stale(session, _) => {
                Some(session)
            }
            Self::Loading | Self::Unreachable(_) | Self::Unauthenticated => None,
        }
    }

    /// Why nothing newer is known.
    #[must_use]
    pub fn failure(&self) -> Option<&Arc<ClientError>> {
        match self {
            Self::Unreachable(error) | Self::Stale(_, error) => Some(error),
            _ => None,
        }
    }
}

impl<D> Clone for SessionState<D> {
    fn clone(&self) -> Self {
        match self {
            Self::Loading => Self::Loading,
            Self::Unreachable(error) => Self::Unreachable(Arc::clone(error)),
            Self::Authenticated(session) => Self::Authenticated(Arc::clone(session)),
            Self::Updating(session) => Self::Updating(Arc::clone(session)),
            Self::Stale(session, error) => Self::Stale(Arc::clone(session), Arc::clone(error)),
            Self::Unauthenticated => Self::Unauthenticated,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loading => "loading",
            Self::Authenticated => "authenticated",
            Self::Unauthenticated => "unauthenticated",
        })
    }
}
