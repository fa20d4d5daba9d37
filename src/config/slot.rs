//! Slots of the builder: one for each setting, empty until its method is called.
//!
//! They stand in the builder's type until `build()`. Programs never write them.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

pub use super::at_run_time::AtRunTime;
use super::builder::AuthBuilder;
pub use super::pages::{PageSlots, PagesTold};
pub use super::strategy::{DatabaseSlots, DatabaseTold, JwtSlots, JwtTold};
use crate::adapter::{ErasedUserStore, UserStore};
pub use crate::hooks::callbacks::{CallbackSlots, CallbacksTold};
pub use crate::hooks::events::{EventSlots, EventsTold};
use crate::model::DefaultSession;
pub use crate::oauth::v1::{OAuth1DefinitionSlots, OAuth1DefinitionTold};
pub use crate::oauth::{
    OAuth2EndpointsSlots, OAuth2EndpointsTold, OAuthDefinitionSlots, OAuthDefinitionTold,
};
use crate::provider::KnownKind;
#[cfg(feature = "catalog")]
pub use crate::provider::catalog::mail::{
    ForwardEmailSlots, ForwardEmailTold, LoopsSlots, LoopsTold, MailgunSlots, MailgunTold,
    PostmarkSlots, PostmarkTold, ResendSlots, ResendTold, SendGridSlots, SendGridTold,
};
pub use crate::provider::email::{EmailSlots, EmailTold};
pub use crate::provider::generic::{OidcSlots, OidcTold};
pub use crate::rule::slot::{
    Given, GivenValue, NoCredentials, NoEmail, NotGiven, Now, Slot, Unknown, With, WithCredentials,
    WithEmail,
};
use crate::setting;

/// A builder of which it is known what it was told. What stands for *some* list in a signature, as
/// `impl Told` does, has forgotten that, so the builder has no methods there:
///
/// ```compile_fail,E0599
/// use typegate::builder::AuthBuilder;
/// use typegate::slot::Told;
/// use typegate::{Auth, ConfigError};
///
/// // the type of this builder does not say which settings it was given
/// fn finish<T: Told>(builder: AuthBuilder<T>) -> Result<Auth, ConfigError> {
///     builder.build()
/// }
/// ```
///
/// Begin with [`Auth::builder_at_run_time`](crate::Auth::builder_at_run_time), whose builder is plainly an
/// [`AuthBuilder`] whatever it is told but a session of one's own, or make the whole
/// [`Auth`](crate::Auth) in one function. Do not ask for this trait: each rule would be an error then.
// Of the builder, and not of its list, and without a bound that a signature could fail: the compiler
// says this only where nothing else is missing.
#[diagnostic::on_unimplemented(
    message = "the type of this builder does not say which settings it was given, so it has no methods",
    label = "its settings are unknown here",
    note = "write `AuthBuilder` alone in the signature and begin with `Auth::builder_at_run_time()`: its \
            type is `AuthBuilder` whichever settings it is given, up to a `session` callback with a type of \
            your own",
    note = "or make the whole `Auth` in one function, from parts that other functions return"
)]
pub trait KnownBuilder {
    /// The session data type.
    type Data;
}

macro_rules! known_builder {
    ($list:ident $($slot:ident)+) => {
        #[expect(non_camel_case_types, reason = "a slot is called as its setting")]
        impl<$($slot),+> KnownBuilder for AuthBuilder<$list<$($slot),+>>
        where
            callbacks: Decides,
        {
            type Data = <callbacks as Decides>::Data;
        }

        #[expect(non_camel_case_types, reason = "a slot is called as its setting")]
        impl<$($slot),+> TakesCallbacks for $list<$($slot),+> {
            type After<Data, Jwt> = With<Self, setting::callbacks, WithCallbacks<Data, Jwt>>;

            fn after<Data, Jwt>(self) -> Self::After<Data, Jwt> {
                Slot::<setting::callbacks>::with(self, WithCallbacks(PhantomData))
            }
        }
    };
}

impl<Data> KnownBuilder for AuthBuilder<AtRunTime<Data>> {
    type Data = Data;
}

crate::rule::slot::slots! {
    /// What has been told to the builder: a slot for each of its settings.
    pub struct AtCompileTime: Told then known_builder {
        secret,
        url,
        provider,
        adapter,
        session,
        callbacks,
        session_control,
        account_tokens,
        back_channel_logout,
        events,
        pages,
        theme,
        cookies,
        logger,
        diagnostics,
        clock,
        http_client,
        provider_metadata_lifetime,
        rate_limit,
        client_address,
    }
}

/// An adapter of type `A`.
pub struct WithAdapter<A> {
    pub(super) adapter: Arc<A>,
    /// The same as the flows use it.
    pub(super) users: Arc<dyn ErasedUserStore>,
}

impl<A: UserStore> WithAdapter<A> {
    pub(super) fn new(adapter: A) -> Self {
        let adapter = Arc::new(adapter);
        Self { users: Arc::clone(&adapter) as _, adapter }
    }
}

impl<A> fmt::Debug for WithAdapter<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WithAdapter")
    }
}

/// The site is where a proxy says at each request.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FromProxy;

/// Providers, and whether one sends links or checks credentials. These have names of their own, because
/// the compiler prints them where a condition would make two types of one builder.
pub struct WithProviders<Email, Credentials>(pub(super) PhantomData<fn() -> (Email, Credentials)>);

/// Callbacks with a session data type, and whether `jwt` is one of them.
pub struct WithCallbacks<Data, Jwt>(pub(super) PhantomData<fn() -> (Data, Jwt)>);

/// The list after a provider of the kind `K`.
pub type WithProvider<T, K> =
    With<T, setting::provider, <Now<T, setting::provider> as TakesProvider<K>>::After>;

/// Providers to which one of the kind `K` can be added.
pub trait TakesProvider<K> {
    /// The providers with that one. An associated type, so that a kind that is not known is reported
    /// once, where the provider is given, and not again at `build()`.
    type After;

    #[doc(hidden)]
    fn after() -> Self::After;
}

impl<K: KnownKind> TakesProvider<K> for NotGiven {
    type After = WithProviders<K::Email<NoEmail>, K::Credentials<NoCredentials>>;

    fn after() -> Self::After {
        WithProviders(PhantomData)
    }
}

impl<Email, Credentials, K: KnownKind> TakesProvider<K> for WithProviders<Email, Credentials> {
    type After = WithProviders<K::Email<Email>, K::Credentials<Credentials>>;

    fn after() -> Self::After {
        WithProviders(PhantomData)
    }
}

impl<K> TakesProvider<K> for Unknown {
    type After = Self;

    fn after() -> Self {
        Self
    }
}

impl<Email, Credentials> fmt::Debug for WithProviders<Email, Credentials> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WithProviders")
    }
}

impl<Data, Jwt> fmt::Debug for WithCallbacks<Data, Jwt> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WithCallbacks")
    }
}

/// What the providers need of the rest.
pub trait Needs {
    /// Whether one sends links.
    type Email;
    /// Whether one checks credentials.
    type Credentials;
}

impl Needs for Unknown {
    type Email = Self;
    type Credentials = Self;
}

impl Needs for NotGiven {
    type Email = NoEmail;
    type Credentials = NoCredentials;
}

impl<Email, Credentials> Needs for WithProviders<Email, Credentials> {
    type Email = Email;
    type Credentials = Credentials;
}

/// A list to which callbacks can be told.
pub trait TakesCallbacks {
    /// The list with callbacks of a session data type, and with whether `jwt` is one of them.
    type After<Data, Jwt>;

    #[doc(hidden)]
    fn after<Data, Jwt>(self) -> Self::After<Data, Jwt>;
}

/// What the callbacks say of sessions.
pub trait Decides {
    /// The session data type.
    type Data;
    /// Whether there is a `jwt` callback.
    type Jwt;
}

impl Decides for NotGiven {
    type Data = DefaultSession;
    type Jwt = Self;
}

/// The builder itself has the session data type.
impl Decides for Unknown {
    type Data = Self;
    type Jwt = Self;
}

impl<Data, Jwt> Decides for WithCallbacks<Data, Jwt> {
    type Data = Data;
    type Jwt = Jwt;
}
