//! What has been told to the builder so far? Markers that stand in its type until `build()`;
//! programs never write them.

use std::marker::PhantomData;
use std::sync::Arc;

use super::strategy::DefaultStrategy;
pub use crate::hooks::{NoJwtCallback, WithJwtCallback};
use crate::model::DefaultSession;
use crate::provider::ProviderKind;
pub use crate::provider::{Given, NoCredentials, NoEmail, NotGiven, WithCredentials, WithEmail};

/// There is no adapter.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NoAdapter;

/// There is an adapter, of type `A`.
#[derive(Debug)]
pub struct WithAdapter<A>(pub(crate) Arc<A>);

/// No provider ends sessions.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NoBackChannelLogout;

/// Providers end sessions.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct WithBackChannelLogout;

/// One slot for each decision; [`Told`] reads and fills them by name.
///
/// It is one type argument of the builder, not sixteen, because the compiler prints a method's
/// type parameters in every error about it.
#[derive(Debug)]
#[expect(clippy::type_complexity, reason = "the slots in their order")]
pub struct Slots<
    Data = DefaultSession,
    Secret = NotGiven,
    Site = NotGiven,
    Provider = NotGiven,
    Adapter = NoAdapter,
    Strategy = DefaultStrategy,
    EmailNeed = NoEmail,
    CredentialsNeed = NoCredentials,
    JwtCallback = NoJwtCallback,
    Callbacks = NotGiven,
    Events = NotGiven,
    Pages = NotGiven,
    Theme = NotGiven,
    Cookies = NotGiven,
    Logger = NotGiven,
    BackChannelLogout = NoBackChannelLogout,
>(
    PhantomData<
        fn() -> (
            (Data, Secret, Site, Provider, Adapter, Strategy),
            (EmailNeed, CredentialsNeed, JwtCallback),
            (Callbacks, Events, Pages, Theme, Cookies, Logger),
            BackChannelLogout,
        ),
    >,
);

/// What the builder knows about the calls that were made.
pub trait Told {
    /// The session data type.
    type Data;
    /// The secret.
    type Secret;
    /// The site's URL, fixed or from the proxy.
    type Site;
    /// Whether there is a provider.
    type Provider;
    /// The adapter.
    type Adapter;
    /// Where sessions live.
    type Strategy;
    /// Whether a provider sends links.
    type EmailNeed;
    /// Whether a provider checks credentials.
    type CredentialsNeed;
    /// Whether there is a `jwt` callback.
    type JwtCallback;
    /// The callbacks.
    type Callbacks;
    /// The events.
    type Events;
    /// The pages.
    type Pages;
    /// The theme.
    type Theme;
    /// The cookies.
    type Cookies;
    /// The logger.
    type Logger;
    /// Whether providers end sessions.
    type BackChannelLogout;

    /// After `secret`.
    type WithSecret: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `url` or `trust_proxy`.
    type WithSite: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `provider`.
    type WithProvider<K: ProviderKind>: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `adapter`.
    type WithAdapter<B>: Told<Adapter = WithAdapter<B>, Strategy = Self::Strategy>;
    /// After `session`.
    type WithStrategy<S>: Told<Adapter = Self::Adapter, Strategy = S>;
    /// After `callbacks`.
    type WithCallbacks<Data, Jwt>: Told<Data = Data, Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `events`.
    type WithEvents: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `pages`.
    type WithPages: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `theme`.
    type WithTheme: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `cookies`.
    type WithCookies: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `logger`.
    type WithLogger: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `back_channel_logout`.
    type WithBackChannelLogout: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
}

impl<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B> Told
    for Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B>
{
    type Data = D;
    type Secret = Se;
    type Site = Si;
    type Provider = P;
    type Adapter = A;
    type Strategy = St;
    type EmailNeed = E;
    type CredentialsNeed = C;
    type JwtCallback = J;
    type Callbacks = Ca;
    type Events = Ev;
    type Pages = Pa;
    type Theme = Th;
    type Cookies = Co;
    type Logger = Lo;
    type BackChannelLogout = B;

    type WithSecret = Slots<D, Given, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B>;
    type WithSite = Slots<D, Se, Given, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B>;
    type WithProvider<K: ProviderKind> = Slots<
        D,
        Se,
        Si,
        Given,
        A,
        St,
        K::Email<E>,
        K::Credentials<C>,
        J,
        Ca,
        Ev,
        Pa,
        Th,
        Co,
        Lo,
        B,
    >;
    type WithAdapter<Ad> =
        Slots<D, Se, Si, P, WithAdapter<Ad>, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B>;
    type WithStrategy<S> = Slots<D, Se, Si, P, A, S, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B>;
    type WithCallbacks<Data, Jwt> =
        Slots<Data, Se, Si, P, A, St, E, C, Jwt, Given, Ev, Pa, Th, Co, Lo, B>;
    type WithEvents = Slots<D, Se, Si, P, A, St, E, C, J, Ca, Given, Pa, Th, Co, Lo, B>;
    type WithPages = Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Given, Th, Co, Lo, B>;
    type WithTheme = Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Given, Co, Lo, B>;
    type WithCookies = Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Given, Lo, B>;
    type WithLogger = Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Given, B>;
    type WithBackChannelLogout =
        Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, WithBackChannelLogout>;
}
