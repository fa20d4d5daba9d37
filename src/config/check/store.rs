//! Stores: what the engine takes out of the adapter, where the strategy, the providers and the
//! application need it. An adapter that is no such store is reported by the store's own trait.
//!
//! Apart from the traits of the rules, because `do_not_recommend` there would hide the message of
//! the store.

use std::fmt;
use std::sync::Arc;

use super::facts::Strategy;
use crate::adapter::{
    AccountStore, DynamicAdapter, ErasedAccountStore, ErasedUserSessionStore, ErasedUserStore,
    ErasedVerificationTokenStore, IntoDynamicAdapter, SessionStore, UserSessionStore,
    VerificationTokenStore,
};
use crate::config::resolved::Sessions;
use crate::config::slot::{FromProxy, Given, NoEmail, NotGiven, Unknown, WithAdapter, WithEmail};
use crate::config::strategy::{Database, Jwt};

/// What [`session`](crate::builder::AuthBuilder::session) takes: [`Jwt`] or [`Database`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a session strategy",
    label = "this is not a session strategy",
    note = "write `.session(Jwt::default())` to keep sessions in cookies, or \
            `.session(Database::default())` to keep them in the adapter's database"
)]
pub trait SessionStrategy {
    /// What the builder keeps of it. An associated type, so that what is no strategy is reported
    /// once, where it is given, and not again at `build()`.
    type Slot;

    #[doc(hidden)]
    fn into_slot(self) -> Self::Slot;

    #[doc(hidden)]
    fn chosen(slot: &Self::Slot) -> ChosenStrategy;
}

/// What [`session`](crate::builder::AuthBuilder::session) takes of a strategy: one that types know.
#[diagnostic::on_unimplemented(
    message = "the compiler cannot tell which session strategy this is, so it cannot check what it needs",
    label = "may be `Jwt` or `Database`",
    note = "give `Jwt` or `Database`, or begin with `Auth::builder_at_run_time()`: `build()` then checks \
            what it needs"
)]
pub trait TakesStrategy<S> {
    /// What the builder keeps of it.
    type After;

    #[doc(hidden)]
    fn after(strategy: S) -> Self::After;
}

#[diagnostic::do_not_recommend]
impl TakesStrategy<Jwt> for NotGiven {
    type After = Jwt;

    fn after(strategy: Jwt) -> Jwt {
        strategy
    }
}

#[diagnostic::do_not_recommend]
impl TakesStrategy<Database> for NotGiven {
    type After = Database;

    fn after(strategy: Database) -> Database {
        strategy
    }
}

/// Refused as given twice; without this it would be reported twice.
#[diagnostic::do_not_recommend]
impl<S> TakesStrategy<S> for Jwt {
    type After = S;

    fn after(strategy: S) -> S {
        strategy
    }
}

/// As for [`Jwt`].
#[diagnostic::do_not_recommend]
impl<S> TakesStrategy<S> for Database {
    type After = S;

    fn after(strategy: S) -> S {
        strategy
    }
}

#[diagnostic::do_not_recommend]
impl<S> TakesStrategy<S> for Unknown {
    type After = Self;

    fn after(_: S) -> Self {
        Self
    }
}

/// A strategy whose type is forgotten.
#[derive(Debug)]
#[non_exhaustive]
// Variants with the names of the strategies would make the compiler print those with their paths.
pub enum ChosenStrategy {
    /// Tokens in cookies.
    Tokens(Box<Jwt>),
    /// Rows of the adapter.
    Rows(Database),
}

impl ChosenStrategy {
    pub(crate) fn name(&self) -> Strategy {
        match self {
            Self::Tokens(_) => Strategy::Jwt,
            Self::Rows(_) => Strategy::Database,
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T> SessionStrategy for Jwt<T> {
    type Slot = Jwt;

    fn into_slot(self) -> Jwt {
        self.retyped()
    }

    fn chosen(slot: &Jwt) -> ChosenStrategy {
        ChosenStrategy::Tokens(Box::new(slot.clone()))
    }
}

#[diagnostic::do_not_recommend]
impl<T> SessionStrategy for Database<T> {
    type Slot = Database;

    fn into_slot(self) -> Database {
        self.retyped()
    }

    fn chosen(slot: &Database) -> ChosenStrategy {
        ChosenStrategy::Rows(*slot)
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

/// What [`adapter`](crate::builder::AuthBuilder::adapter) takes: anything that keeps users, and at run
/// time what says what else it keeps.
pub trait TakesAdapter<A> {
    #[doc(hidden)]
    fn erased(adapter: &A) -> Option<DynamicAdapter>;
}

impl<A> TakesAdapter<A> for NotGiven {
    fn erased(_: &A) -> Option<DynamicAdapter> {
        None
    }
}

/// Refused as given twice; without this it would be reported twice.
impl<A, B> TakesAdapter<A> for WithAdapter<B> {
    fn erased(_: &A) -> Option<DynamicAdapter> {
        None
    }
}

impl<A: IntoDynamicAdapter> TakesAdapter<A> for Unknown {
    fn erased(adapter: &A) -> Option<DynamicAdapter> {
        Some(adapter.clone().into_dynamic())
    }
}

/// Where the site is, before it is said that a proxy knows.
pub trait SiteSlot {
    /// The slot after that. What was given already stays, so that a contradiction is reported once.
    type WithProxy;

    #[doc(hidden)]
    fn with_proxy() -> Self::WithProxy;
}

macro_rules! with_proxy {
    ($($slot:ident => $after:ident;)*) => {
        $(impl SiteSlot for $slot {
            type WithProxy = $after;

            fn with_proxy() -> $after {
                $after
            }
        })*
    };
}

with_proxy! {
    NotGiven => FromProxy;
    Given => Given;
    FromProxy => Given;
    Unknown => Unknown;
}

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

// Of any type: what is no adapter was reported where it was given.
impl<A> AdapterSlot for WithAdapter<A> {
    fn user_store(&self) -> ResolvedUsers {
        ResolvedUsers(Some(Arc::clone(&self.users)))
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
        ResolvedSessions(Sessions::Database(*self, Arc::clone(&adapter.adapter) as _))
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

impl<Adapter> EmailTokensKept<Adapter> for NoEmail {
    fn tokens(_: &Adapter) -> ResolvedTokens {
        ResolvedTokens(None)
    }
}

/// Refused by [`EmailFits`](crate::rule::EmailFits); without this it would be reported twice.
impl EmailTokensKept<NotGiven> for WithEmail {
    fn tokens(_: &NotGiven) -> ResolvedTokens {
        ResolvedTokens(None)
    }
}

impl<A: VerificationTokenStore> EmailTokensKept<WithAdapter<A>> for WithEmail {
    fn tokens(adapter: &WithAdapter<A>) -> ResolvedTokens {
        ResolvedTokens(Some(Arc::clone(&adapter.adapter) as _))
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
                ResolvedUserSessions(Some(Arc::clone(&adapter.adapter) as _))
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
        ResolvedAccounts(Some(Arc::clone(&adapter.adapter) as _))
    }
}

// At run time the stores are found by what the adapter says of itself, not by its type.

impl AdapterSlot for Unknown {
    fn user_store(&self) -> ResolvedUsers {
        ResolvedUsers(None)
    }
}

impl SessionsKept<Self> for Unknown {
    fn resolve(&self, _: &Self) -> ResolvedSessions {
        ResolvedSessions(Sessions::Jwt(Box::default()))
    }
}

impl EmailTokensKept<Self> for Unknown {
    fn tokens(_: &Self) -> ResolvedTokens {
        ResolvedTokens(None)
    }
}

impl UserSessionsKept<Self, Self> for Unknown {
    fn user_sessions(_: &Self) -> ResolvedUserSessions {
        ResolvedUserSessions(None)
    }
}

impl AccountsKept<Self> for Unknown {
    fn accounts(_: &Self) -> ResolvedAccounts {
        ResolvedAccounts(None)
    }
}
