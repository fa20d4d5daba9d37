//! Events: what the application is told of, as v4's option `events`.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;

use serde_json::Value;

use super::{Callback, erase};
use crate::error::CallbackError;
use crate::jose::Claims;
use crate::model::{Account, JsonObject, Profile, SessionRecord, User};
use crate::rule::GivenOnce;
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

macro_rules! handlers {
    ($($(#[$docs:meta])* $name:ident, $setting:ident: $event:ty;)*) => {
        $($(#[$docs])*
        #[must_use]
        pub fn $name<F, R>(mut self, handler: F) -> Events<With<T, setting::$setting>>
        where
            Now<T, setting::$setting>: GivenOnce<setting::$setting>,
            F: Fn($event) -> R + Send + Sync + 'static,
            R: Future<Output = Result<(), CallbackError>> + Send + 'static,
        {
            self.inner.$name = Some(erase(handler));
            self.retyped()
        })*
    };
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

impl<T: EventsTold> Events<T> {
    handlers! {
        /// After a successful sign-in.
        sign_in, sign_in_handler: SignedIn;
        /// After a sign-out that had a session.
        sign_out, sign_out_handler: SignedOut;
        /// After the adapter made a user.
        create_user, create_user_handler: User;
        /// After an e-mail link, or a provider that vouches for it, proved a user's address, and
        /// after a user lost an address to the owner who proved it.
        update_user, update_user_handler: User;
        /// After the adapter linked an account.
        link_account, link_account_handler: AccountLinked;
        /// After each read of a session that found one.
        session, session_handler: SessionRead;
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
