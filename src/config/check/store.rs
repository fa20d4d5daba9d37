//! Stores: what the engine takes out of the adapter, where the strategy, the providers and the
//! application need it. An adapter that is no such store is reported by the store's own trait.
//!
//! Apart from the traits of the rules, because `do_not_recommend` there would hide the message of
//! the store.

use std::fmt;
use std::sync::Arc;

use crate::adapter::{
    AccountStore, ErasedAccountStore, ErasedUserSessionStore, ErasedUserStore,
    ErasedVerificationTokenStore, SessionStore, UserSessionStore, UserStore,
    VerificationTokenStore,
};
use crate::config::resolved::Sessions;
use crate::config::slot::{Given, NotGiven, WithAdapter};
use crate::config::strategy::{Database, Jwt};

/// What [`session`](crate::builder::AuthBuilder::session) takes: [`Jwt`] or [`Database`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no session strategy",
    label = "this is no session strategy",
    note = "write `.session(Jwt::default())` to keep sessions in cookies, or \
            `.session(Database::default())` to keep them in the adapter's database"
)]
pub trait SessionStrategy {
    /// What the builder keeps of it. An associated type, so that what is no strategy is reported
    /// once, where it is given, and not again at `build()`.
    type Slot;

    #[doc(hidden)]
    fn into_slot(self) -> Self::Slot;
}

#[diagnostic::do_not_recommend]
impl<T> SessionStrategy for Jwt<T> {
    type Slot = Jwt;

    fn into_slot(self) -> Jwt {
        self.retyped()
    }
}

#[diagnostic::do_not_recommend]
impl<T> SessionStrategy for Database<T> {
    type Slot = Database;

    fn into_slot(self) -> Database {
        self.retyped()
    }
}

macro_rules! resolved {
    ($($(#[$docs:meta])* $name:ident: $store:ty;)*) => {
        $(
            $(#[$docs])*
            pub struct $name(pub(crate) Option<Arc<$store>>);

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_tuple(stringify!($name)).field(&self.0.is_some()).finish()
                }
            }
        )*
    };
}

resolved! {
    /// The users of an adapter, if there is one.
    ResolvedUsers: dyn ErasedUserStore;
    /// The verification tokens of an adapter, if an e-mail provider needs them.
    ResolvedTokens: dyn ErasedVerificationTokenStore;
    /// The sessions of an adapter, if they are to be listed.
    ResolvedUserSessions: dyn ErasedUserSessionStore;
    /// The accounts of an adapter, if their tokens are to be used.
    ResolvedAccounts: dyn ErasedAccountStore;
}

/// A strategy that found what it needs.
#[derive(Debug)]
pub struct ResolvedSessions(pub(crate) Sessions);

/// The users of the adapter.
pub trait AdapterSlot {
    #[doc(hidden)]
    fn user_store(&self) -> ResolvedUsers;
}

impl AdapterSlot for NotGiven {
    fn user_store(&self) -> ResolvedUsers {
        ResolvedUsers(None)
    }
}

impl<A: UserStore> AdapterSlot for WithAdapter<A> {
    fn user_store(&self) -> ResolvedUsers {
        ResolvedUsers(Some(Arc::clone(&self.0) as _))
    }
}

/// Rule 6: an adapter that is to keep sessions is a [`SessionStore`].
pub trait SessionsKept<Adapter> {
    #[doc(hidden)]
    fn resolve(&self, adapter: &Adapter) -> ResolvedSessions;
}

impl<Adapter> SessionsKept<Adapter> for Jwt {
    fn resolve(&self, _: &Adapter) -> ResolvedSessions {
        ResolvedSessions(Sessions::Jwt(Box::new(self.clone())))
    }
}

/// Refused by [`SessionsFit`](crate::rule::SessionsFit); without this it would be reported twice.
impl SessionsKept<NotGiven> for Database {
    fn resolve(&self, _: &NotGiven) -> ResolvedSessions {
        ResolvedSessions(Sessions::Jwt(Box::default()))
    }
}

impl<A: SessionStore> SessionsKept<WithAdapter<A>> for Database {
    fn resolve(&self, adapter: &WithAdapter<A>) -> ResolvedSessions {
        ResolvedSessions(Sessions::Database(*self, Arc::clone(&adapter.0) as _))
    }
}

/// As NextAuth v4 decides: tokens without an adapter, rows with one.
impl SessionsKept<NotGiven> for NotGiven {
    fn resolve(&self, _: &NotGiven) -> ResolvedSessions {
        ResolvedSessions(Sessions::Jwt(Box::default()))
    }
}

impl<A: SessionStore> SessionsKept<WithAdapter<A>> for NotGiven {
    fn resolve(&self, adapter: &WithAdapter<A>) -> ResolvedSessions {
        Database::default().resolve(adapter)
    }
}

/// Rule 3: an adapter that is to keep sign-in links is a [`VerificationTokenStore`].
pub trait EmailTokensKept<Adapter> {
    #[doc(hidden)]
    fn tokens(adapter: &Adapter) -> ResolvedTokens;
}

impl<Adapter> EmailTokensKept<Adapter> for NotGiven {
    fn tokens(_: &Adapter) -> ResolvedTokens {
        ResolvedTokens(None)
    }
}

/// Refused by [`EmailFits`](crate::rule::EmailFits); without this it would be reported twice.
impl EmailTokensKept<NotGiven> for Given {
    fn tokens(_: &NotGiven) -> ResolvedTokens {
        ResolvedTokens(None)
    }
}

impl<A: VerificationTokenStore> EmailTokensKept<WithAdapter<A>> for Given {
    fn tokens(adapter: &WithAdapter<A>) -> ResolvedTokens {
        ResolvedTokens(Some(Arc::clone(&adapter.0) as _))
    }
}

/// Rule 16: an adapter whose sessions are listed is a [`UserSessionStore`].
pub trait UserSessionsKept<Strategy, Adapter> {
    #[doc(hidden)]
    fn user_sessions(adapter: &Adapter) -> ResolvedUserSessions;
}

impl<Strategy, Adapter> UserSessionsKept<Strategy, Adapter> for NotGiven {
    fn user_sessions(_: &Adapter) -> ResolvedUserSessions {
        ResolvedUserSessions(None)
    }
}

macro_rules! user_sessions_kept {
    ($($strategy:ty),*) => {
        $(impl<A: UserSessionStore> UserSessionsKept<$strategy, WithAdapter<A>> for Given {
            fn user_sessions(adapter: &WithAdapter<A>) -> ResolvedUserSessions {
                ResolvedUserSessions(Some(Arc::clone(&adapter.0) as _))
            }
        }

        /// Refused by another rule; without this it would be reported twice.
        impl UserSessionsKept<$strategy, NotGiven> for Given {
            fn user_sessions(_: &NotGiven) -> ResolvedUserSessions {
                ResolvedUserSessions(None)
            }
        })*
    };
}

user_sessions_kept!(Database, NotGiven);

/// Refused by another rule; without this it would be reported twice.
impl<Adapter> UserSessionsKept<Jwt, Adapter> for Given {
    fn user_sessions(_: &Adapter) -> ResolvedUserSessions {
        ResolvedUserSessions(None)
    }
}

/// Rule 19: an adapter whose accounts are asked for their tokens is an [`AccountStore`].
pub trait AccountsKept<Adapter> {
    #[doc(hidden)]
    fn accounts(adapter: &Adapter) -> ResolvedAccounts;
}

impl<Adapter> AccountsKept<Adapter> for NotGiven {
    fn accounts(_: &Adapter) -> ResolvedAccounts {
        ResolvedAccounts(None)
    }
}

/// Refused by [`AccountTokensFit`](crate::rule::AccountTokensFit); without this it would be
/// reported twice.
impl AccountsKept<NotGiven> for Given {
    fn accounts(_: &NotGiven) -> ResolvedAccounts {
        ResolvedAccounts(None)
    }
}

impl<A: AccountStore> AccountsKept<WithAdapter<A>> for Given {
    fn accounts(adapter: &WithAdapter<A>) -> ResolvedAccounts {
        ResolvedAccounts(Some(Arc::clone(&adapter.0) as _))
    }
}
