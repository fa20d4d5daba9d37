//! Events: what the application is told of, as v4's option `events`.

use std::fmt;
use std::marker::PhantomData;

use serde_json::Value;

use super::{Asynchronous, Callback, NoAnswer, erase};
use crate::jose::Claims;
use crate::model::{Account, JsonObject, Profile, SessionRecord, User};
use crate::rule::once;
use crate::rule::slot::{Now, With, slots};
use crate::setting;

/// Somebody has signed in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignedIn {
    /// The user.
    pub user: User,
    /// The account by which they signed in.
    pub account: Account,
    /// The mapped profile, at a sign-in by OAuth.
    pub profile: Option<Profile>,
    /// Whether the adapter has just made the user; `None` without an adapter and for credentials.
    pub is_new_user: Option<bool>,
}

/// Somebody has signed out: what their session was.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignedOut {
    /// The claims of the session token.
    Token(Claims),
    /// The session's row, if there was one.
    Session(Option<SessionRecord>),
}

/// An account was linked to a user.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccountLinked {
    /// The user to whom it was linked.
    pub user: User,
    /// The account.
    pub account: Account,
    /// The mapped profile.
    pub profile: Profile,
}

/// A session was read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SessionRead {
    /// The body that was sent.
    pub session: Value,
    /// The claims, where sessions are tokens.
    pub token: Option<JsonObject>,
}

/// The application's event handlers. They are awaited before the answer goes out; a failure is
/// logged and changes nothing.
///
/// ```
/// use typegate::hooks::Events;
///
/// let events = Events::new().sign_in(|event| async move {
///     println!("{} signed in by {}", event.user.id, event.account.provider);
///     Ok(())
/// });
/// ```
pub struct Events<T = EventSlots> {
    pub(crate) inner: ErasedEvents,
    types: PhantomData<fn() -> T>,
}

slots! {
    /// Which handlers have been given.
    pub struct EventSlots: EventsTold for Events<> {
        sign_in_handler,
        sign_out_handler,
        create_user_handler,
        update_user_handler,
        link_account_handler,
        session_handler,
    }
}

/// The handlers as the engine calls them.
#[derive(Clone, Default)]
pub(crate) struct ErasedEvents {
    pub(crate) sign_in: Option<Callback<SignedIn, ()>>,
    pub(crate) sign_out: Option<Callback<SignedOut, ()>>,
    pub(crate) create_user: Option<Callback<User, ()>>,
    pub(crate) update_user: Option<Callback<User, ()>>,
    pub(crate) link_account: Option<Callback<AccountLinked, ()>>,
    pub(crate) session: Option<Callback<SessionRead, ()>>,
}

impl ErasedEvents {
    /// Handlers that are never called.
    pub(crate) fn unused(&self, stores_users: bool) -> Vec<String> {
        let of_adapters = [
            ("create_user", self.create_user.is_some()),
            ("update_user", self.update_user.is_some()),
            ("link_account", self.link_account.is_some()),
        ];
        let unused = of_adapters.into_iter().filter(|(_, is_given)| *is_given && !stores_users);
        unused
            .map(|(event, _)| {
                format!(
                    "the event `{event}` never happens: without an adapter no users and accounts are \
                     kept; give an adapter, or leave it out"
                )
            })
            .collect()
    }
}

impl Events {
    /// No handlers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Default for Events {
    fn default() -> Self {
        Self { inner: ErasedEvents::default(), types: PhantomData }
    }
}

#[typegate_macros::__unquoted]
impl<T: EventsTold> Events<T> {
    /// After a successful sign-in.
    #[must_use]
    pub fn sign_in<F, R>(mut self, handler: F) -> Events<With<T, setting::sign_in_handler>>
    where
        Now<T, setting::sign_in_handler>: once::sign_in_handler,
        F: Fn(SignedIn) -> R + Send + Sync + 'static,
        R: Asynchronous<Answer: NoAnswer> + Send + 'static,
    {
        self.inner.sign_in = Some(erase(handler));
        self.retyped()
    }

    /// After a sign-out that had a session.
    #[must_use]
    pub fn sign_out<F, R>(mut self, handler: F) -> Events<With<T, setting::sign_out_handler>>
    where
        Now<T, setting::sign_out_handler>: once::sign_out_handler,
        F: Fn(SignedOut) -> R + Send + Sync + 'static,
        R: Asynchronous<Answer: NoAnswer> + Send + 'static,
    {
        self.inner.sign_out = Some(erase(handler));
        self.retyped()
    }

    /// After the adapter made a user.
    #[must_use]
    pub fn create_user<F, R>(mut self, handler: F) -> Events<With<T, setting::create_user_handler>>
    where
        Now<T, setting::create_user_handler>: once::create_user_handler,
        F: Fn(User) -> R + Send + Sync + 'static,
        R: Asynchronous<Answer: NoAnswer> + Send + 'static,
    {
        self.inner.create_user = Some(erase(handler));
        self.retyped()
    }

    /// After an e-mail link, or a provider that vouches for it, proved a user's address, and
    /// after a user lost an address to the owner who proved it.
    #[must_use]
    pub fn update_user<F, R>(mut self, handler: F) -> Events<With<T, setting::update_user_handler>>
    where
        Now<T, setting::update_user_handler>: once::update_user_handler,
        F: Fn(User) -> R + Send + Sync + 'static,
        R: Asynchronous<Answer: NoAnswer> + Send + 'static,
    {
        self.inner.update_user = Some(erase(handler));
        self.retyped()
    }

    /// After the adapter linked an account.
    #[must_use]
    pub fn link_account<F, R>(
        mut self,
        handler: F,
    ) -> Events<With<T, setting::link_account_handler>>
    where
        Now<T, setting::link_account_handler>: once::link_account_handler,
        F: Fn(AccountLinked) -> R + Send + Sync + 'static,
        R: Asynchronous<Answer: NoAnswer> + Send + 'static,
    {
        self.inner.link_account = Some(erase(handler));
        self.retyped()
    }

    /// After each read of a session that found one.
    #[must_use]
    pub fn session<F, R>(mut self, handler: F) -> Events<With<T, setting::session_handler>>
    where
        Now<T, setting::session_handler>: once::session_handler,
        F: Fn(SessionRead) -> R + Send + Sync + 'static,
        R: Asynchronous<Answer: NoAnswer> + Send + 'static,
    {
        self.inner.session = Some(erase(handler));
        self.retyped()
    }
}

impl<T> Events<T> {
    fn retyped<U>(self) -> Events<U> {
        Events { inner: self.inner, types: PhantomData }
    }
}

impl<T> Clone for Events<T> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), types: PhantomData }
    }
}

impl<T> fmt::Debug for Events<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Events")
    }
}
