//! The typed builder: the decisions in any order, checked at `build()`, erased afterwards.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::Pages;
use super::resolved::{Config, MetadataLifetime, Settings, SiteSettings, TrustedProxy};
use super::rule::{
    AdapterOnce, AdapterSlot, BackChannelLogoutFits, CallbacksOnce, ClientAddressFits,
    ClientAddressOnce, ClockOnce, CookiesOnce, CredentialsFit, DiagnosticsOnce, EmailFits,
    EmailTokensKept, EventsOnce, HttpClientOnce, JwtCallbackFits, LoggerOnce, MetadataLifetimeOnce,
    PagesOnce, ProviderGiven, RateLimitOnce, SecretGiven, SecretOnce, SessionStrategy,
    SessionsEndable, SessionsFit, SessionsKept, SessionsListable, SessionsListed, SiteGiven,
    SiteOnce, StrategyOnce, ThemeOnce,
};
use super::slot::{NoAdapter, Slots, Told, WithAdapter};
use super::strategy::DefaultStrategy;
use crate::adapter::UserStore;
use crate::crypto::secret::Secret;
use crate::error::ConfigError;
use crate::hooks::{Callbacks, Events};
use crate::log::{Diagnostics, Logger};
use crate::provider::Provider;
use crate::rate_limit::{RateLimit, erase_rate_limit};
use crate::runtime::clock::Clock;
use crate::theme::Theme;
use crate::web::client_address::ClientAddressSource;
use crate::web::cookie::Cookies;
use crate::web::outbound::HttpClient;
use crate::web::site::SiteUrl;

/// The configuration under construction.
///
/// Required: [`secret`](Self::secret), [`url`](Self::url) or [`trust_proxy`](Self::trust_proxy),
/// and at least one [`provider`](Self::provider). Everything else has NextAuth v4's default. The
/// calls work in any order; what is missing or cannot work together is a compile error of
/// [`build`](Self::build) that names the documented code and the line to add.
///
/// The type parameter records what was told. Programs never write it: start with
/// `Auth::builder()` and end with `build()`, which returns a type without it.
#[must_use = "nothing is configured until `build()` is called"]
pub struct AuthBuilder<T: Told = Slots> {
    settings: Settings,
    adapter: T::Adapter,
    strategy: T::Strategy,
    types: PhantomData<fn() -> T>,
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

impl<T: Told> AuthBuilder<T> {
    /// The secret that seals session tokens and check cookies and signs CSRF tokens.
    pub fn secret(mut self, secret: Secret) -> AuthBuilder<T::WithSecret>
    where
        T::Secret: SecretOnce,
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
    pub fn url(mut self, url: SiteUrl) -> AuthBuilder<T::WithSite>
    where
        T::Site: SiteOnce,
    {
        self.settings.site = SiteSettings::Fixed(url);
        self.retyped()
    }

    /// Takes the site's address from the headers of each request. Only behind a proxy that sets
    /// `X-Forwarded-Host` and `X-Forwarded-Proto` itself, whatever the visitor sent. Say by
    /// [`client_address`](Self::client_address) where that proxy puts a visitor's address.
    pub fn trust_proxy(mut self, proxy: TrustedProxy) -> AuthBuilder<T::WithTrustedProxy>
    where
        T::Site: SiteOnce,
    {
        self.settings.site = SiteSettings::Proxy(proxy);
        self.retyped()
    }

    /// A way to sign in. May be called several times; the order is that of the sign-in page.
    pub fn provider<P: Provider>(mut self, provider: P) -> AuthBuilder<T::WithProvider<P::Kind>> {
        self.settings.providers.push(provider.into_definition().into());
        self.retyped()
    }

    /// Where users and accounts are kept. Makes database sessions the default.
    pub fn adapter<A: UserStore>(self, adapter: A) -> AuthBuilder<T::WithAdapter<A>>
    where
        T::Adapter: AdapterOnce,
    {
        AuthBuilder {
            settings: self.settings,
            adapter: WithAdapter(Arc::new(adapter)),
            strategy: self.strategy,
            types: PhantomData,
        }
    }

    /// Where sessions live: [`Jwt`](super::Jwt) or [`Database`](super::Database).
    pub fn session<S: SessionStrategy>(self, strategy: S) -> AuthBuilder<T::WithStrategy<S::Slot>>
    where
        T::Strategy: StrategyOnce,
    {
        AuthBuilder {
            settings: self.settings,
            adapter: self.adapter,
            strategy: strategy.into_slot(),
            types: PhantomData,
        }
    }

    /// The source of the time. For tests; the operating system's clock by default.
    pub fn clock(mut self, clock: impl Clock) -> AuthBuilder<T::WithClock>
    where
        T::Clock: ClockOnce,
    {
        self.settings.clock = Some(Arc::new(clock));
        self.retyped()
    }

    /// The client for calls to identity providers;
    /// [`DefaultHttpClient`](crate::DefaultHttpClient) by default.
    pub fn http_client(mut self, client: impl HttpClient) -> AuthBuilder<T::WithHttpClient>
    where
        T::HttpClient: HttpClientOnce,
    {
        self.settings.http_client = Some(Arc::new(client));
        self.retyped()
    }

    /// For how many seconds a provider's discovery document and keys are kept: an hour by
    /// default, 0 to fetch them at every use as NextAuth v4 does.
    pub fn provider_metadata_lifetime(
        mut self,
        seconds: u32,
    ) -> AuthBuilder<T::WithMetadataLifetime>
    where
        T::MetadataLifetime: MetadataLifetimeOnce,
    {
        self.settings.metadata_lifetime = MetadataLifetime(i64::from(seconds));
        self.retyped()
    }

    /// How often somebody may ask for a sign-in link, try credentials, or write a log line;
    /// [`Allowances`](crate::rate_limit::Allowances) by default.
    pub fn rate_limit(mut self, limit: impl RateLimit) -> AuthBuilder<T::WithRateLimit>
    where
        T::RateLimit: RateLimitOnce,
    {
        self.settings.rate_limit = Some(erase_rate_limit(limit));
        self.retyped()
    }

    /// Where a visitor's address stands, for the rate limit: the other end of the connection by
    /// default. To be named behind a reverse proxy, and required with
    /// [`trust_proxy`](Self::trust_proxy).
    pub fn client_address(
        mut self,
        source: ClientAddressSource,
    ) -> AuthBuilder<T::WithClientAddress>
    where
        T::ClientAddress: ClientAddressOnce,
    {
        self.settings.client_address = Some(source);
        self.retyped()
    }

    /// What the application decides. Sets the session data type.
    pub fn callbacks<D, J>(
        mut self,
        callbacks: Callbacks<D, J>,
    ) -> AuthBuilder<T::WithCallbacks<D, J>>
    where
        T::Callbacks: CallbacksOnce,
    {
        self.settings.callbacks = callbacks.inner;
        self.retyped()
    }

    /// What the application is told.
    pub fn events(mut self, events: Events) -> AuthBuilder<T::WithEvents>
    where
        T::Events: EventsOnce,
    {
        self.settings.events = events;
        self.retyped()
    }

    /// The application's own pages.
    pub fn pages(mut self, pages: Pages) -> AuthBuilder<T::WithPages>
    where
        T::Pages: PagesOnce,
    {
        self.settings.pages = pages;
        self.retyped()
    }

    /// The look of the built-in pages.
    pub fn theme(mut self, theme: Theme) -> AuthBuilder<T::WithTheme>
    where
        T::Theme: ThemeOnce,
    {
        self.settings.theme = theme;
        self.retyped()
    }

    /// Names and attributes of cookies.
    pub fn cookies(mut self, cookies: Cookies) -> AuthBuilder<T::WithCookies>
    where
        T::Cookies: CookiesOnce,
    {
        self.settings.cookies = cookies;
        self.retyped()
    }

    /// Where log lines go besides `tracing`.
    pub fn logger(mut self, logger: impl Logger) -> AuthBuilder<T::WithLogger>
    where
        T::Logger: LoggerOnce,
    {
        self.settings.logger = Some(Arc::new(logger));
        self.retyped()
    }

    /// How much is said about failures, and to whom.
    pub fn diagnostics(mut self, diagnostics: Diagnostics) -> AuthBuilder<T::WithDiagnostics>
    where
        T::Diagnostics: DiagnosticsOnce,
    {
        self.settings.diagnostics = diagnostics;
        self.retyped()
    }

    /// Lets OpenID Connect providers end sessions: whoever signs out there, or is signed out there
    /// by an administrator, is signed out here (OpenID Connect Back-Channel Logout 1.0).
    ///
    /// Register `https://<your site>/api/auth/backchannel-logout/<id>` as the provider's
    /// `backchannel_logout_uri`, with `backchannel_logout_session_required` false. *All* sessions
    /// of the person end, at every process that shares the database and by whatever provider they
    /// began: the tables say neither.
    ///
    /// It needs sessions in the database of an adapter that is a
    /// [`UserSessionStore`](crate::adapter::UserSessionStore), and a provider with an issuer. The
    /// person is looked up by the `sub` of the token, so the profile's id has to be the `sub`, as
    /// it is unless a provider maps another member.
    ///
    /// ```
    /// use typegate::adapter::MemoryAdapter;
    /// use typegate::provider::{Client, Oidc};
    /// use typegate::{Auth, Secret};
    ///
    /// let auth = Auth::builder()
    ///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
    ///     .url("https://app.example.com".parse()?)
    ///     .adapter(MemoryAdapter::new()) // SqliteAdapter::connect("sqlite://auth.db").await?
    ///     .provider(Oidc::builder().id("acme").name("Acme").issuer("https://id.acme.example").client(Client::new("client", "s3cr3t")).build())
    ///     .back_channel_logout()
    ///     .build()?;
    /// # Ok::<(), typegate::ConfigError>(())
    /// ```
    pub fn back_channel_logout(self) -> AuthBuilder<T::WithBackChannelLogout> {
        self.retyped()
    }

    /// Checks everything together and gives the configuration away as plain data.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for what types cannot see, all of it at once: two providers of one id, an
    /// endpoint without https, cookies that browsers refuse, a page that leads back to itself,
    /// back-channel logout without an OpenID Connect provider.
    pub fn build(self) -> Result<crate::Auth<T::Data>, ConfigError>
    where
        T::Secret: SecretGiven,
        T::Site: SiteGiven + ClientAddressFits<T::ClientAddress>,
        T::Provider: ProviderGiven,
        T::Strategy: SessionsFit<T::Adapter> + SessionsKept<T::Adapter>,
        T::EmailNeed: EmailFits<T::Adapter> + EmailTokensKept<T::Adapter>,
        T::CredentialsNeed: CredentialsFit<T::Strategy, T::Adapter>,
        T::JwtCallback: JwtCallbackFits<T::Strategy, T::Adapter>,
        T::BackChannelLogout: BackChannelLogoutFits<T::Strategy, T::Adapter>,
        T::BackChannelLogout: SessionsEndable<T::Strategy, T::Adapter>,
        T::Adapter: AdapterSlot,
    {
        let users = self.adapter.user_store().0;
        let tokens = T::EmailNeed::tokens(&self.adapter).0;
        let sessions = self.strategy.resolve(&self.adapter).0;
        let ended = T::BackChannelLogout::ended(&self.adapter).0;
        Config::resolve(self.settings, users, tokens, sessions, ended).map(crate::Auth::from_config)
    }

    /// As [`build`](Self::build), with the means to list and revoke sessions: for a configuration
    /// whose sessions live in the database of an adapter that is a
    /// [`UserSessionStore`](crate::adapter::UserSessionStore).
    ///
    /// # Errors
    ///
    /// Those of [`build`](Self::build).
    pub fn build_with_session_control(
        self,
    ) -> Result<(crate::Auth<T::Data>, crate::SessionControl), ConfigError>
    where
        T::Secret: SecretGiven,
        T::Site: SiteGiven + ClientAddressFits<T::ClientAddress>,
        T::Provider: ProviderGiven,
        T::Strategy: SessionsFit<T::Adapter> + SessionsListable<T::Adapter>,
        T::Strategy: SessionsListed<T::Adapter>,
        T::EmailNeed: EmailFits<T::Adapter> + EmailTokensKept<T::Adapter>,
        T::CredentialsNeed: CredentialsFit<T::Strategy, T::Adapter>,
        T::JwtCallback: JwtCallbackFits<T::Strategy, T::Adapter>,
        T::BackChannelLogout: BackChannelLogoutFits<T::Strategy, T::Adapter>,
        T::BackChannelLogout: SessionsEndable<T::Strategy, T::Adapter>,
        T::Adapter: AdapterSlot,
    {
        let listed = T::Strategy::listed(&self.adapter).0;
        let store = listed.ok_or_else(|| ConfigError::new("no sessions are stored"))?;
        let auth = self.build()?;
        let control = crate::SessionControl { config: Arc::clone(&auth.config), store };
        Ok((auth, control))
    }

    fn retyped<U>(self) -> AuthBuilder<U>
    where
        U: Told<Adapter = T::Adapter, Strategy = T::Strategy>,
    {
        AuthBuilder {
            settings: self.settings,
            adapter: self.adapter,
            strategy: self.strategy,
            types: PhantomData,
        }
    }
}

impl<T: Told> fmt::Debug for AuthBuilder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthBuilder")
    }
}
