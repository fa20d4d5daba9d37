//! Rule 16: where can sessions be listed and revoked, by the application and by a provider?

use std::fmt;
use std::sync::Arc;

use super::SessionsKept;
use crate::adapter::{ErasedUserSessionStore, UserSessionStore};
use crate::config::rule::BackChannelLogoutFits;
use crate::config::slot::{
    Given, NoAdapter, NoBackChannelLogout, WithAdapter, WithBackChannelLogout,
};
use crate::config::strategy::{Database, DefaultStrategy, Jwt};

/// Rule 16: sessions are listed and revoked where they are rows of a database.
///
/// *Cause:* [`build_with_session_control`] where sessions are tokens in cookies. Such a token is
/// good until it ends, wherever it is shown: the server stores nothing, so there is nothing to
/// list, and nothing to remove. *Cure:* an adapter, which makes database sessions the default, or
/// [`build`] and no list. An adapter that cannot list sessions is reported by
/// [`UserSessionStore`].
///
/// [`build`]: crate::builder::AuthBuilder::build
/// [`build_with_session_control`]: crate::builder::AuthBuilder::build_with_session_control
#[diagnostic::on_unimplemented(
    message = "sessions cannot be listed or revoked: here they are tokens in cookies, and the \
               server stores none",
    label = "there is nothing to list or revoke",
    note = "give an adapter and leave `.session(Jwt::default())` out, or write \
            `.session(Database::default())`, to keep sessions in the database",
    note = "to keep sessions in cookies, write `.build()`"
)]
pub trait SessionsListable<Adapter> {}

#[diagnostic::do_not_recommend]
impl<A> SessionsListable<WithAdapter<A>> for Database {}
#[diagnostic::do_not_recommend]
impl<A> SessionsListable<WithAdapter<A>> for DefaultStrategy {}
/// Never used. Of a single impl the compiler would print, besides our message, that it exists.
#[diagnostic::do_not_recommend]
impl SessionsListable<Given> for DefaultStrategy {}
/// Refused by [`SessionsFit`](super::SessionsFit); without this it would be reported twice.
#[diagnostic::do_not_recommend]
impl SessionsListable<NoAdapter> for Database {}

/// Rule 16: an adapter whose sessions are listed is a [`UserSessionStore`], which reports it if
/// not.
pub trait SessionsListed<Adapter>: SessionsKept<Adapter> {
    #[doc(hidden)]
    fn listed(adapter: &Adapter) -> ResolvedUserSessions;
}

/// The sessions of an adapter, if they can be listed.
pub struct ResolvedUserSessions(pub(crate) Option<Arc<dyn ErasedUserSessionStore>>);

impl fmt::Debug for ResolvedUserSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ResolvedUserSessions").field(&self.0.is_some()).finish()
    }
}

impl<A: UserSessionStore> SessionsListed<WithAdapter<A>> for Database {
    fn listed(adapter: &WithAdapter<A>) -> ResolvedUserSessions {
        ResolvedUserSessions(Some(Arc::clone(&adapter.0) as _))
    }
}

impl<A: UserSessionStore> SessionsListed<WithAdapter<A>> for DefaultStrategy {
    fn listed(adapter: &WithAdapter<A>) -> ResolvedUserSessions {
        Database::listed(adapter)
    }
}

/// Those that other rules refuse, which would be reported twice without this.
macro_rules! refused_elsewhere {
    ($($strategy:ty, $adapter:ty $(, $parameter:ident)?;)*) => {
        $(impl $(<$parameter>)? SessionsListed<$adapter> for $strategy {
            fn listed(_: &$adapter) -> ResolvedUserSessions {
                ResolvedUserSessions(None)
            }
        })*
    };
}

refused_elsewhere! {
    Jwt, Adapter, Adapter;
    Database, NoAdapter;
    DefaultStrategy, NoAdapter;
}

#[diagnostic::do_not_recommend]
impl<Strategy, Adapter> BackChannelLogoutFits<Strategy, Adapter> for NoBackChannelLogout {}
#[diagnostic::do_not_recommend]
impl<A> BackChannelLogoutFits<DefaultStrategy, WithAdapter<A>> for WithBackChannelLogout {}
/// Without an adapter it is refused by [`SessionsFit`](super::SessionsFit).
#[diagnostic::do_not_recommend]
impl<Adapter> BackChannelLogoutFits<Database, Adapter> for WithBackChannelLogout {}

/// Rule 16: an adapter whose sessions providers end is a [`UserSessionStore`], which reports it if
/// not.
pub trait SessionsEndable<Strategy, Adapter> {
    #[doc(hidden)]
    fn ended(adapter: &Adapter) -> ResolvedUserSessions;
}

impl<Strategy, Adapter> SessionsEndable<Strategy, Adapter> for NoBackChannelLogout {
    fn ended(_: &Adapter) -> ResolvedUserSessions {
        ResolvedUserSessions(None)
    }
}

impl<Strategy, Adapter> SessionsEndable<Strategy, Adapter> for WithBackChannelLogout
where
    Strategy: SessionsListed<Adapter>,
{
    fn ended(adapter: &Adapter) -> ResolvedUserSessions {
        Strategy::listed(adapter)
    }
}
