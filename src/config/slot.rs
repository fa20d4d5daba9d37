//! What has been told to the builder so far? Markers that stand in its type until `build()`;
//! programs never write them.

use std::marker::PhantomData;
use std::sync::Arc;

use super::strategy::DefaultStrategy;
pub use crate::hooks::{NoJwtCallback, WithJwtCallback};
use crate::model::DefaultSession;
pub use crate::oauth::{Given, NotGiven};
use crate::provider::ProviderKind;
pub use crate::provider::{NoCredentials, NoEmail, WithCredentials, WithEmail};

/// There is no adapter.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NoAdapter;

/// There is an adapter, of type `A`.
#[derive(Debug)]
pub struct WithAdapter<A>(pub(crate) Arc<A>);

/// Where the site is, a proxy says at each request.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FromProxy;

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
/// It is one type argument of the builder, not seventeen, because the compiler prints a method's
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
    Surroundings = self::Surroundings,
>(
    PhantomData<
        fn() -> (
            (Data, Secret, Site, Provider, Adapter, Strategy),
            (EmailNeed, CredentialsNeed, JwtCallback),
            (Callbacks, Events, Pages, Theme, Cookies, Logger),
            (BackChannelLogout, Surroundings),
        ),
    >,
);

/// The slots for what the engine stands on, each given once. [`Told`] has them as its own.
#[derive(Debug)]
#[expect(clippy::type_complexity, reason = "the slots in their order")]
pub struct Surroundings<
    Clock = NotGiven,
    HttpClient = NotGiven,
    MetadataLifetime = NotGiven,
    RateLimit = NotGiven,
    ClientAddress = NotGiven,
    Diagnostics = NotGiven,
>(
    PhantomData<
        fn() -> (Clock, HttpClient, MetadataLifetime, RateLimit, ClientAddress, Diagnostics),
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
    /// The clock.
    type Clock;
    /// The HTTP client.
    type HttpClient;
    /// The lifetime of providers' metadata.
    type MetadataLifetime;
    /// The rate limit.
    type RateLimit;
    /// The source of a visitor's address.
    type ClientAddress;
    /// The diagnostics.
    type Diagnostics;

    /// After `secret`.
    type WithSecret: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `url`.
    type WithSite: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `trust_proxy`.
    type WithTrustedProxy: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
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
    /// After `clock`.
    type WithClock: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `http_client`.
    type WithHttpClient: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `provider_metadata_lifetime`.
    type WithMetadataLifetime: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `rate_limit`.
    type WithRateLimit: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `client_address`.
    type WithClientAddress: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
    /// After `diagnostics`.
    type WithDiagnostics: Told<Adapter = Self::Adapter, Strategy = Self::Strategy>;
}

impl<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B, Su> Told
    for Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B, Su>
where
    Su: ToldSurroundings,
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
    type Clock = Su::Clock;
    type HttpClient = Su::HttpClient;
    type MetadataLifetime = Su::MetadataLifetime;
    type RateLimit = Su::RateLimit;
    type ClientAddress = Su::ClientAddress;
    type Diagnostics = Su::Diagnostics;

    type WithSecret = Slots<D, Given, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B, Su>;
    type WithSite = Slots<D, Se, Given, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B, Su>;
    type WithTrustedProxy =
        Slots<D, Se, FromProxy, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B, Su>;
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
        Su,
    >;
    type WithAdapter<Ad> =
        Slots<D, Se, Si, P, WithAdapter<Ad>, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B, Su>;
    type WithStrategy<S> = Slots<D, Se, Si, P, A, S, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B, Su>;
    type WithCallbacks<Data, Jwt> =
        Slots<Data, Se, Si, P, A, St, E, C, Jwt, Given, Ev, Pa, Th, Co, Lo, B, Su>;
    type WithEvents = Slots<D, Se, Si, P, A, St, E, C, J, Ca, Given, Pa, Th, Co, Lo, B, Su>;
    type WithPages = Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Given, Th, Co, Lo, B, Su>;
    type WithTheme = Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Given, Co, Lo, B, Su>;
    type WithCookies = Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Given, Lo, B, Su>;
    type WithLogger = Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Given, B, Su>;
    type WithBackChannelLogout =
        Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, WithBackChannelLogout, Su>;
    type WithClock = Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B, Su::WithClock>;
    type WithHttpClient =
        Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B, Su::WithHttpClient>;
    type WithMetadataLifetime =
        Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B, Su::WithMetadataLifetime>;
    type WithRateLimit =
        Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B, Su::WithRateLimit>;
    type WithClientAddress =
        Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B, Su::WithClientAddress>;
    type WithDiagnostics =
        Slots<D, Se, Si, P, A, St, E, C, J, Ca, Ev, Pa, Th, Co, Lo, B, Su::WithDiagnostics>;
}

/// [`Surroundings`] by name.
pub trait ToldSurroundings {
    /// The clock.
    type Clock;
    /// The HTTP client.
    type HttpClient;
    /// The lifetime of providers' metadata.
    type MetadataLifetime;
    /// The rate limit.
    type RateLimit;
    /// The source of a visitor's address.
    type ClientAddress;
    /// The diagnostics.
    type Diagnostics;

    /// After `clock`.
    type WithClock: ToldSurroundings;
    /// After `http_client`.
    type WithHttpClient: ToldSurroundings;
    /// After `provider_metadata_lifetime`.
    type WithMetadataLifetime: ToldSurroundings;
    /// After `rate_limit`.
    type WithRateLimit: ToldSurroundings;
    /// After `client_address`.
    type WithClientAddress: ToldSurroundings;
    /// After `diagnostics`.
    type WithDiagnostics: ToldSurroundings;
}

impl<Cl, Ht, Me, Ra, Ad, Di> ToldSurroundings for Surroundings<Cl, Ht, Me, Ra, Ad, Di> {
    type Clock = Cl;
    type HttpClient = Ht;
    type MetadataLifetime = Me;
    type RateLimit = Ra;
    type ClientAddress = Ad;
    type Diagnostics = Di;

    type WithClock = Surroundings<Given, Ht, Me, Ra, Ad, Di>;
    type WithHttpClient = Surroundings<Cl, Given, Me, Ra, Ad, Di>;
    type WithMetadataLifetime = Surroundings<Cl, Ht, Given, Ra, Ad, Di>;
    type WithRateLimit = Surroundings<Cl, Ht, Me, Given, Ad, Di>;
    type WithClientAddress = Surroundings<Cl, Ht, Me, Ra, Given, Di>;
    type WithDiagnostics = Surroundings<Cl, Ht, Me, Ra, Ad, Given>;
}
