//! Slots of the builder: one for each setting, empty until its method is called.
//!
//! They stand in the builder's type until `build()`. Programs never write them.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

pub use super::pages::{PageSlots, PagesTold};
pub use super::strategy::{DatabaseSlots, DatabaseTold, JwtSlots, JwtTold};
pub use crate::hooks::callbacks::{CallbackSlots, CallbacksTold};
pub use crate::hooks::events::{EventSlots, EventsTold};
use crate::model::DefaultSession;
pub use crate::oauth::v1::{OAuth1DefinitionSlots, OAuth1DefinitionTold};
pub use crate::oauth::{
    OAuth2EndpointsSlots, OAuth2EndpointsTold, OAuthDefinitionSlots, OAuthDefinitionTold,
};
#[cfg(feature = "catalog")]
pub use crate::provider::catalog::mail::{
    ForwardEmailSlots, ForwardEmailTold, LoopsSlots, LoopsTold, MailgunSlots, MailgunTold,
    PostmarkSlots, PostmarkTold, ResendSlots, ResendTold, SendGridSlots, SendGridTold,
};
pub use crate::provider::email::{EmailSlots, EmailTold};
pub use crate::provider::generic::{OidcSlots, OidcTold};
use crate::provider::sealed::Kind;
pub use crate::rule::slot::{Given, GivenValue, NotGiven, Now, Slot, With};
use crate::setting;

crate::rule::slot::slots! {
    /// What has been told to the builder: a slot for each of its settings.
    pub struct Slots: Told {
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
#[derive(Debug)]
pub struct WithAdapter<A>(pub(crate) Arc<A>);

/// The site is where a proxy says at each request.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FromProxy;

/// Providers, and whether one sends links or checks credentials.
pub struct WithProviders<Email, Credentials>(pub(super) PhantomData<fn() -> (Email, Credentials)>);

/// Callbacks with a session data type, and whether `jwt` is one of them.
pub struct WithCallbacks<Data, Jwt>(pub(super) PhantomData<fn() -> (Data, Jwt)>);

/// The list after a provider of the kind `K`.
pub type WithProvider<T, K> = With<
    T,
    setting::provider,
    WithProviders<
        <K as Kind>::Email<<Now<T, setting::provider> as Needs>::Email>,
        <K as Kind>::Credentials<<Now<T, setting::provider> as Needs>::Credentials>,
    >,
>;

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

impl Needs for NotGiven {
    type Email = Self;
    type Credentials = Self;
}

impl<Email, Credentials> Needs for WithProviders<Email, Credentials> {
    type Email = Email;
    type Credentials = Credentials;
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

impl<Data, Jwt> Decides for WithCallbacks<Data, Jwt> {
    type Data = Data;
    type Jwt = Jwt;
}
