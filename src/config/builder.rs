//! The typed builder: the decisions in any order, checked at `build()`, erased afterwards.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::Pages;
use super::resolved::{Config, MetadataLifetime, Settings, SiteSettings, TrustedProxy};
use super::rule::{
    AdapterOnce, AdapterSlot, CallbacksOnce, CookiesOnce, CredentialsFit, EmailFits, EventsOnce,
    JwtCallbackFits, LoggerOnce, PagesOnce, ProviderGiven, SecretGiven, SecretOnce, SessionsFit,
    SiteGiven, SiteOnce, StrategyOnce, ThemeOnce,
};
use super::slot::{Given, NoAdapter, NoCredentials, NoEmail, NoJwtCallback, NotGiven, WithAdapter};
use super::strategy::DefaultStrategy;
use crate::adapter::UserStore;
use crate::clock::Clock;
use crate::cookie::Cookies;
use crate::error::ConfigError;
use crate::hooks::{Callbacks, Events};
use crate::log::Logger;
use crate::model::DefaultSession;
use crate::outbound::HttpClient;
use crate::provider::sealed::Kind;
use crate::provider::{Provider, ProviderKind};
use crate::secret::Secret;
use crate::site::SiteUrl;
use crate::theme::Theme;

/// The configuration under construction.
///
/// Required: [`secret`](Self::secret), [`url`](Self::url) or [`trust_proxy`](Self::trust_proxy),
/// and at least one [`provider`](Self::provider). Everything else has NextAuth v4's default. The
/// calls work in any order; what is missing or cannot work together is a compile error of
/// [`build`](Self::build) that names the documented code and the line to add.
///
/// The type parameters record what was told. Programs never write them: start with
/// `Auth::builder()` and end with `build()`, which returns a type without them.
#[must_use = "nothing is configured until `build()` is called"]
#[expect(clippy::type_complexity, reason = "the builder's type records what was told")]
pub struct AuthBuilder<
    Data = DefaultSession,
    SecretSlot = NotGiven,
    SiteSlot = NotGiven,
    ProviderSlot = NotGiven,
    Adapter = NoAdapter,
    Strategy = DefaultStrategy,
    EmailNeed = NoEmail,
    CredentialsNeed = NoCredentials,
    JwtCallback = NoJwtCallback,
    Once = (NotGiven, NotGiven, NotGiven, NotGiven, NotGiven, NotGiven),
> {
    settings: Settings,
    adapter: Adapter,
    strategy: Strategy,
    types: PhantomData<
        fn() -> (
            Data,
            SecretSlot,
            SiteSlot,
            ProviderSlot,
            EmailNeed,
            CredentialsNeed,
            JwtCallback,
            Once,
        ),
    >,
}

impl AuthBuilder {
    pub(crate) fn start() -> Self {
        Self {
            settings: Settings::default(),
            adapter: NoAdapter,
            strategy: DefaultStrategy,
            types: PhantomData,
        }
    }
}

impl<
    Data,
    SecretSlot,
    SiteSlot,
    ProviderSlot,
    Adapter,
    Strategy,
    EmailNeed,
    Need,
    JwtCallback,
    Once,
>
    AuthBuilder<
        Data,
        SecretSlot,
        SiteSlot,
        ProviderSlot,
        Adapter,
        Strategy,
        EmailNeed,
        Need,
        JwtCallback,
        Once,
    >
{
    /// The secret that seals session tokens and check cookies and signs CSRF tokens.
    pub fn secret(
        mut self,
        secret: Secret,
    ) -> AuthBuilder<
        Data,
        Given,
        SiteSlot,
        ProviderSlot,
        Adapter,
        Strategy,
        EmailNeed,
        Need,
        JwtCallback,
        Once,
    >
    where
        SecretSlot: SecretOnce,
    {
        self.settings.secrets.insert(0, secret);
        self.retyped()
    }

    /// A secret that was in use before: it opens what it once sealed and seals nothing any more.
    /// May be called several times.
    pub fn previous_secret(mut self, secret: Secret) -> Self {
        self.settings.previous_secrets.push(secret);
        self
    }

    /// The site's address. It always wins over what a request says.
    pub fn url(
        mut self,
        url: SiteUrl,
    ) -> AuthBuilder<
        Data,
        SecretSlot,
        Given,
        ProviderSlot,
        Adapter,
        Strategy,
        EmailNeed,
        Need,
        JwtCallback,
        Once,
    >
    where
        SiteSlot: SiteOnce,
    {
        self.settings.site = SiteSettings::Fixed(url);
        self.retyped()
    }

    /// Takes the site's address from the headers of each request. Only behind a proxy that sets
    /// `X-Forwarded-Host` and `X-Forwarded-Proto` itself, whatever the visitor sent.
    pub fn trust_proxy(
        mut self,
        proxy: TrustedProxy,
    ) -> AuthBuilder<
        Data,
        SecretSlot,
        Given,
        ProviderSlot,
        Adapter,
        Strategy,
        EmailNeed,
        Need,
        JwtCallback,
        Once,
    >
    where
        SiteSlot: SiteOnce,
    {
        self.settings.site = SiteSettings::Proxy(proxy);
        self.retyped()
    }

    /// A way to sign in. May be called several times; the order is that of the sign-in page.
    #[expect(clippy::type_complexity, reason = "the builder's type records what was told")]
    pub fn provider<P: Provider>(
        mut self,
        provider: P,
    ) -> AuthBuilder<
        Data,
        SecretSlot,
        SiteSlot,
        Given,
        Adapter,
        Strategy,
        <P::Kind as Kind>::Email<EmailNeed>,
        <P::Kind as Kind>::Credentials<Need>,
        JwtCallback,
        Once,
    >
    where
        P::Kind: ProviderKind,
    {
        self.settings.providers.push(provider.into_definition().into());
        self.retyped()
    }

    /// Where users and accounts are kept. Makes database sessions the default.
    pub fn adapter<A: UserStore>(
        self,
        adapter: A,
    ) -> AuthBuilder<
        Data,
        SecretSlot,
        SiteSlot,
        ProviderSlot,
        WithAdapter<A>,
        Strategy,
        EmailNeed,
        Need,
        JwtCallback,
        Once,
    >
    where
        Adapter: AdapterOnce,
    {
        AuthBuilder {
            settings: self.settings,
            adapter: WithAdapter(Arc::new(adapter)),
            strategy: self.strategy,
            types: PhantomData,
        }
    }

    /// Where sessions live: [`Jwt`](super::Jwt) or [`Database`](super::Database).
    pub fn session<S>(
        self,
        strategy: S,
    ) -> AuthBuilder<
        Data,
        SecretSlot,
        SiteSlot,
        ProviderSlot,
        Adapter,
        S,
        EmailNeed,
        Need,
        JwtCallback,
        Once,
    >
    where
        Strategy: StrategyOnce,
    {
        AuthBuilder { settings: self.settings, adapter: self.adapter, strategy, types: PhantomData }
    }

    /// The source of the time. For tests; the operating system's clock by default.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.settings.clock = Some(Arc::new(clock));
        self
    }

    /// The client for calls to identity providers; `reqwest` by default.
    pub fn http_client(mut self, client: impl HttpClient) -> Self {
        self.settings.http_client = Some(Arc::new(client));
        self
    }

    /// For how many seconds a provider's discovery document and keys are kept: an hour by
    /// default, 0 to fetch them at every use as NextAuth v4 does.
    pub fn provider_metadata_lifetime(mut self, seconds: u32) -> Self {
        self.settings.metadata_lifetime = MetadataLifetime(i64::from(seconds));
        self
    }

    fn retyped<D, Se, Si, P, E, N, J, O>(
        self,
    ) -> AuthBuilder<D, Se, Si, P, Adapter, Strategy, E, N, J, O> {
        AuthBuilder {
            settings: self.settings,
            adapter: self.adapter,
            strategy: self.strategy,
            types: PhantomData,
        }
    }

    /// Checks everything together and gives the configuration away as plain data.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for what types cannot see: two providers of one id, an endpoint without
    /// https, a cookie name that browsers refuse.
    pub fn build(self) -> Result<crate::Auth<Data>, ConfigError>
    where
        SecretSlot: SecretGiven,
        SiteSlot: SiteGiven,
        ProviderSlot: ProviderGiven,
        Strategy: SessionsFit<Adapter>,
        EmailNeed: EmailFits<Adapter>,
        Need: CredentialsFit<Strategy, Adapter>,
        JwtCallback: JwtCallbackFits<Strategy, Adapter>,
        Adapter: AdapterSlot,
    {
        let users = self.adapter.user_store().0;
        let tokens = EmailNeed::tokens(&self.adapter).0;
        let sessions = self.strategy.resolve(&self.adapter).0;
        Config::resolve(self.settings, users, tokens, sessions).map(crate::Auth::from_config)
    }
}

impl<
    Data,
    SecretSlot,
    SiteSlot,
    ProviderSlot,
    Adapter,
    Strategy,
    EmailNeed,
    Need,
    JwtCallback,
    Callback,
    Event,
    Page,
    Colour,
    Cookie,
    Log,
>
    AuthBuilder<
        Data,
        SecretSlot,
        SiteSlot,
        ProviderSlot,
        Adapter,
        Strategy,
        EmailNeed,
        Need,
        JwtCallback,
        (Callback, Event, Page, Colour, Cookie, Log),
    >
{
    /// What the application decides. Sets the session data type.
    #[expect(clippy::type_complexity, reason = "the builder's type records what was told")]
    pub fn callbacks<D, J>(
        mut self,
        callbacks: Callbacks<D, J>,
    ) -> AuthBuilder<
        D,
        SecretSlot,
        SiteSlot,
        ProviderSlot,
        Adapter,
        Strategy,
        EmailNeed,
        Need,
        J,
        (Given, Event, Page, Colour, Cookie, Log),
    >
    where
        Callback: CallbacksOnce,
    {
        self.settings.callbacks = callbacks.inner;
        self.retyped()
    }

    /// What the application is told.
    #[expect(clippy::type_complexity, reason = "the builder's type records what was told")]
    pub fn events(
        mut self,
        events: Events,
    ) -> AuthBuilder<
        Data,
        SecretSlot,
        SiteSlot,
        ProviderSlot,
        Adapter,
        Strategy,
        EmailNeed,
        Need,
        JwtCallback,
        (Callback, Given, Page, Colour, Cookie, Log),
    >
    where
        Event: EventsOnce,
    {
        self.settings.events = events;
        self.retyped()
    }

    /// The application's own pages.
    #[expect(clippy::type_complexity, reason = "the builder's type records what was told")]
    pub fn pages(
        mut self,
        pages: Pages,
    ) -> AuthBuilder<
        Data,
        SecretSlot,
        SiteSlot,
        ProviderSlot,
        Adapter,
        Strategy,
        EmailNeed,
        Need,
        JwtCallback,
        (Callback, Event, Given, Colour, Cookie, Log),
    >
    where
        Page: PagesOnce,
    {
        self.settings.pages = pages;
        self.retyped()
    }

    /// The look of the built-in pages.
    #[expect(clippy::type_complexity, reason = "the builder's type records what was told")]
    pub fn theme(
        mut self,
        theme: Theme,
    ) -> AuthBuilder<
        Data,
        SecretSlot,
        SiteSlot,
        ProviderSlot,
        Adapter,
        Strategy,
        EmailNeed,
        Need,
        JwtCallback,
        (Callback, Event, Page, Given, Cookie, Log),
    >
    where
        Colour: ThemeOnce,
    {
        self.settings.theme = theme;
        self.retyped()
    }

    /// Names and attributes of cookies.
    #[expect(clippy::type_complexity, reason = "the builder's type records what was told")]
    pub fn cookies(
        mut self,
        cookies: Cookies,
    ) -> AuthBuilder<
        Data,
        SecretSlot,
        SiteSlot,
        ProviderSlot,
        Adapter,
        Strategy,
        EmailNeed,
        Need,
        JwtCallback,
        (Callback, Event, Page, Colour, Given, Log),
    >
    where
        Cookie: CookiesOnce,
    {
        self.settings.cookies = cookies;
        self.retyped()
    }

    /// Where log lines go besides `tracing`.
    #[expect(clippy::type_complexity, reason = "the builder's type records what was told")]
    pub fn logger(
        mut self,
        logger: impl Logger,
    ) -> AuthBuilder<
        Data,
        SecretSlot,
        SiteSlot,
        ProviderSlot,
        Adapter,
        Strategy,
        EmailNeed,
        Need,
        JwtCallback,
        (Callback, Event, Page, Colour, Cookie, Given),
    >
    where
        Log: LoggerOnce,
    {
        self.settings.logger = Some(Arc::new(logger));
        self.retyped()
    }
}

impl<
    Data,
    SecretSlot,
    SiteSlot,
    ProviderSlot,
    Adapter,
    Strategy,
    EmailNeed,
    Need,
    JwtCallback,
    Once,
> fmt::Debug
    for AuthBuilder<
        Data,
        SecretSlot,
        SiteSlot,
        ProviderSlot,
        Adapter,
        Strategy,
        EmailNeed,
        Need,
        JwtCallback,
        Once,
    >
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthBuilder")
    }
}
