//! The typed builder: settings in any order, checked together by `build()`, which erases their
//! types.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::Pages;
pub use super::check::{
    AccountsKept, AdapterSlot, EmailTokensKept, SessionStrategy, SessionsKept, UserSessionsKept,
};
use super::resolved::Config;
use super::settings::{MetadataLifetime, Settings, SiteSettings};
use super::slot::{
    Decides, FromProxy, Given, Needs, Now, Slot, Slots, Told, With, WithAdapter, WithCallbacks,
    WithProvider, WithProviders,
};
use super::stores::Stores;
use super::trusted_proxy::TrustedProxy;
use crate::adapter::UserStore;
use crate::crypto::secret::Secret;
use crate::error::ConfigError;
use crate::hooks::{Callbacks, Events};
use crate::log::{Diagnostics, Logger};
use crate::provider::{HasSender, Provider};
use crate::rate_limit::{RateLimit, erase_rate_limit};
use crate::rule::{
    AccountTokensFit, BackChannelLogoutFits, ClientAddressFits, CredentialsFit, EmailFits,
    JwtCallbackFits, ProviderGiven, SecretGiven, SessionControlFits, SessionsFit, SiteGiven, once,
};
use crate::runtime::clock::Clock;
use crate::setting;
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
pub struct AuthBuilder<T = Slots> {
    settings: Settings,
    told: T,
}

/// The adapter's slot, and so on: what the rules are about.
type Adapter<T> = Now<T, setting::adapter>;
type Strategy<T> = Now<T, setting::session>;
type Data<T> = <Now<T, setting::callbacks> as Decides>::Data;
type JwtCallback<T> = <Now<T, setting::callbacks> as Decides>::Jwt;
type EmailNeed<T> = <Now<T, setting::provider> as Needs>::Email;
type CredentialsNeed<T> = <Now<T, setting::provider> as Needs>::Credentials;

impl AuthBuilder {
    pub(crate) fn start() -> Self {
        Self { settings: Settings::default(), told: Slots::default() }
    }
}

impl<T: Told> AuthBuilder<T> {
    /// The secret that seals session tokens and check cookies and signs CSRF tokens.
    pub fn secret(mut self, secret: Secret) -> AuthBuilder<With<T, setting::secret>>
    where
        Now<T, setting::secret>: once::secret,
    {
        self.settings.secrets.insert(0, secret);
        self.with::<setting::secret, _>(Given)
    }

    /// A secret that was in use before: it opens what it once sealed and seals nothing any more.
    /// May be called several times.
    pub fn previous_secret(mut self, secret: Secret) -> Self {
        self.settings.previous_secrets.push(secret);
        self
    }

    /// The site's address. It always wins over what a request says.
    pub fn url(mut self, url: SiteUrl) -> AuthBuilder<With<T, setting::url>>
    where
        Now<T, setting::url>: once::url,
    {
        self.settings.site = SiteSettings::Fixed(url);
        self.with::<setting::url, _>(Given)
    }

    /// Takes the site's address from the headers of each request, which have to name one of the
    /// proxy's [hosts](TrustedProxy::hosts). Only behind a proxy that sets `X-Forwarded-Proto` itself,
    /// whatever the visitor sent. Say by [`client_address`](Self::client_address) where that proxy
    /// puts a visitor's address.
    pub fn trust_proxy(
        mut self,
        proxy: TrustedProxy,
    ) -> AuthBuilder<With<T, setting::url, FromProxy>>
    where
        Now<T, setting::url>: once::url,
    {
        self.settings.site = SiteSettings::Proxy(proxy);
        self.with::<setting::url, _>(FromProxy)
    }

    /// A way to sign in. May be called several times; the order is that of the sign-in page.
    pub fn provider<P: Provider>(mut self, provider: P) -> AuthBuilder<WithProvider<T, P::Kind>>
    where
        P::Kind: HasSender,
        Now<T, setting::provider>: Needs,
    {
        self.settings.providers.push(provider.into_definition().into());
        self.with::<setting::provider, _>(WithProviders(PhantomData))
    }

    /// Where users and accounts are kept. Makes database sessions the default.
    pub fn adapter<A: UserStore>(
        self,
        adapter: A,
    ) -> AuthBuilder<With<T, setting::adapter, WithAdapter<A>>>
    where
        Now<T, setting::adapter>: once::adapter,
    {
        self.with::<setting::adapter, _>(WithAdapter(Arc::new(adapter)))
    }

    /// Where sessions live: [`Jwt`](super::Jwt) or [`Database`](super::Database).
    pub fn session<S: SessionStrategy>(
        self,
        strategy: S,
    ) -> AuthBuilder<With<T, setting::session, S::Slot>>
    where
        Now<T, setting::session>: once::session,
    {
        self.with::<setting::session, _>(strategy.into_slot())
    }

    /// The source of the time. For tests; the operating system's clock by default.
    pub fn clock(mut self, clock: impl Clock) -> AuthBuilder<With<T, setting::clock>>
    where
        Now<T, setting::clock>: once::clock,
    {
        self.settings.clock = Some(Arc::new(clock));
        self.with::<setting::clock, _>(Given)
    }

    /// The client for calls to identity providers;
    /// [`DefaultHttpClient`](crate::DefaultHttpClient) by default.
    pub fn http_client(
        mut self,
        client: impl HttpClient,
    ) -> AuthBuilder<With<T, setting::http_client>>
    where
        Now<T, setting::http_client>: once::http_client,
    {
        self.settings.http_client = Some(Arc::new(client));
        self.with::<setting::http_client, _>(Given)
    }

    /// For how many seconds a provider's discovery document and keys are kept: an hour by
    /// default, 0 to fetch them at every use as NextAuth v4 does.
    pub fn provider_metadata_lifetime(
        mut self,
        seconds: u32,
    ) -> AuthBuilder<With<T, setting::provider_metadata_lifetime>>
    where
        Now<T, setting::provider_metadata_lifetime>: once::provider_metadata_lifetime,
    {
        self.settings.metadata_lifetime = MetadataLifetime(i64::from(seconds));
        self.with::<setting::provider_metadata_lifetime, _>(Given)
    }

    /// How often somebody may ask for a sign-in link, try credentials, or write a log line;
    /// [`Allowances`](crate::rate_limit::Allowances) by default.
    pub fn rate_limit(mut self, limit: impl RateLimit) -> AuthBuilder<With<T, setting::rate_limit>>
    where
        Now<T, setting::rate_limit>: once::rate_limit,
    {
        self.settings.rate_limit = Some(erase_rate_limit(limit));
        self.with::<setting::rate_limit, _>(Given)
    }

    /// Where a visitor's address stands, for the rate limit: the other end of the connection by
    /// default. To be named behind a reverse proxy, and required with
    /// [`trust_proxy`](Self::trust_proxy).
    pub fn client_address(
        mut self,
        source: ClientAddressSource,
    ) -> AuthBuilder<With<T, setting::client_address>>
    where
        Now<T, setting::client_address>: once::client_address,
    {
        self.settings.client_address = Some(source);
        self.with::<setting::client_address, _>(Given)
    }

    /// What the application decides. Sets the session data type.
    pub fn callbacks<D, J, C>(
        mut self,
        callbacks: Callbacks<D, J, C>,
    ) -> AuthBuilder<With<T, setting::callbacks, WithCallbacks<D, J>>>
    where
        Now<T, setting::callbacks>: once::callbacks,
    {
        self.settings.callbacks = callbacks.inner;
        self.with::<setting::callbacks, _>(WithCallbacks(PhantomData))
    }

    /// What the application is told.
    pub fn events<E>(mut self, events: Events<E>) -> AuthBuilder<With<T, setting::events>>
    where
        Now<T, setting::events>: once::events,
    {
        self.settings.events = events.inner;
        self.with::<setting::events, _>(Given)
    }

    /// The application's own pages.
    pub fn pages<P>(mut self, pages: Pages<P>) -> AuthBuilder<With<T, setting::pages>>
    where
        Now<T, setting::pages>: once::pages,
    {
        self.settings.pages = pages.inner;
        self.with::<setting::pages, _>(Given)
    }

    /// The look of the built-in pages.
    pub fn theme(mut self, theme: Theme) -> AuthBuilder<With<T, setting::theme>>
    where
        Now<T, setting::theme>: once::theme,
    {
        self.settings.theme = theme;
        self.with::<setting::theme, _>(Given)
    }

    /// Names and attributes of cookies.
    pub fn cookies(mut self, cookies: Cookies) -> AuthBuilder<With<T, setting::cookies>>
    where
        Now<T, setting::cookies>: once::cookies,
    {
        self.settings.cookies = cookies;
        self.with::<setting::cookies, _>(Given)
    }

    /// Where log lines go besides `tracing`.
    pub fn logger(mut self, logger: impl Logger) -> AuthBuilder<With<T, setting::logger>>
    where
        Now<T, setting::logger>: once::logger,
    {
        self.settings.logger = Some(Arc::new(logger));
        self.with::<setting::logger, _>(Given)
    }

    /// How much is said about failures, and to whom.
    pub fn diagnostics(
        mut self,
        diagnostics: Diagnostics,
    ) -> AuthBuilder<With<T, setting::diagnostics>>
    where
        Now<T, setting::diagnostics>: once::diagnostics,
    {
        self.settings.diagnostics = diagnostics;
        self.with::<setting::diagnostics, _>(Given)
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
    /// use typegate::provider::{OAuthClient, Oidc};
    /// use typegate::{Auth, ClientSecret, Secret};
    ///
    /// let auth = Auth::builder()
    ///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
    ///     .url("https://app.example.com".parse()?)
    ///     .adapter(MemoryAdapter::new()) // SqliteAdapter::connect("sqlite://auth.db").await?
    ///     .provider(
    ///         Oidc::builder()
    ///             .id("acme")
    ///             .name("Acme")
    ///             .issuer("https://id.acme.example")
    ///             .client(OAuthClient::new("client", ClientSecret::new("s3cr3t")))
    ///             .build(),
    ///     )
    ///     .back_channel_logout()
    ///     .build()?;
    /// # Ok::<(), typegate::ConfigError>(())
    /// ```
    pub fn back_channel_logout(self) -> AuthBuilder<With<T, setting::back_channel_logout>> {
        self.with::<setting::back_channel_logout, _>(Given)
    }

    /// Asks for the list of sessions and the means to revoke them:
    /// [`Auth::session_control`](crate::Auth::session_control) gives it.
    ///
    /// It needs sessions in the database of an adapter that is a
    /// [`UserSessionStore`](crate::adapter::UserSessionStore).
    pub fn session_control(self) -> AuthBuilder<With<T, setting::session_control>> {
        self.with::<setting::session_control, _>(Given)
    }

    /// Asks for the tokens of stored accounts, fresh whenever they are used:
    /// [`Auth::account_tokens`](crate::Auth::account_tokens) gives them.
    ///
    /// It needs an adapter that is an [`AccountStore`](crate::adapter::AccountStore). Sessions may
    /// be of either kind.
    pub fn account_tokens(self) -> AuthBuilder<With<T, setting::account_tokens>> {
        self.with::<setting::account_tokens, _>(Given)
    }

    /// Checks everything together and gives the configuration away as plain data.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for what types cannot see, all of it at once: two providers of one id, an
    /// endpoint without https, cookies that browsers refuse, a page that leads back to itself,
    /// back-channel logout without an OpenID Connect provider.
    pub fn build(self) -> Result<crate::Auth<Data<T>>, ConfigError>
    where
        Now<T, setting::secret>: SecretGiven,
        Now<T, setting::url>: SiteGiven,
        Now<T, setting::url>: ClientAddressFits<Now<T, setting::client_address>>,
        Now<T, setting::provider>: ProviderGiven + Needs,
        Now<T, setting::callbacks>: Decides,
        Strategy<T>: SessionsFit<Adapter<T>> + SessionsKept<Adapter<T>>,
        EmailNeed<T>: EmailFits<Adapter<T>> + EmailTokensKept<Adapter<T>>,
        CredentialsNeed<T>: CredentialsFit<Strategy<T>, Adapter<T>>,
        JwtCallback<T>: JwtCallbackFits<Strategy<T>, Adapter<T>>,
        Now<T, setting::session_control>: SessionControlFits<Strategy<T>, Adapter<T>>,
        Now<T, setting::session_control>: UserSessionsKept<Strategy<T>, Adapter<T>>,
        Now<T, setting::back_channel_logout>: BackChannelLogoutFits<Strategy<T>, Adapter<T>>,
        Now<T, setting::back_channel_logout>: UserSessionsKept<Strategy<T>, Adapter<T>>,
        Now<T, setting::account_tokens>: AccountTokensFit<Adapter<T>> + AccountsKept<Adapter<T>>,
        Adapter<T>: AdapterSlot,
    {
        let adapter: &Adapter<T> = self.now::<setting::adapter>();
        let stores = Stores {
            users: adapter.user_store().0,
            tokens: EmailNeed::<T>::tokens(adapter).0,
            sessions: self.now::<setting::session>().resolve(adapter).0,
            ended: Now::<T, setting::back_channel_logout>::user_sessions(adapter).0,
            controlled: Now::<T, setting::session_control>::user_sessions(adapter).0,
            accounts: Now::<T, setting::account_tokens>::accounts(adapter).0,
        };
        Config::resolve(self.settings, stores).map(crate::Auth::from_config)
    }

    fn now<S>(&self) -> &Now<T, S>
    where
        T: Slot<S>,
    {
        Slot::<S>::now(&self.told)
    }

    /// Only the one slot changes; the others are what they were.
    fn with<S, New>(self, new: New) -> AuthBuilder<With<T, S, New>>
    where
        T: Slot<S>,
    {
        AuthBuilder { settings: self.settings, told: Slot::<S>::with(self.told, new) }
    }
}

impl<T> fmt::Debug for AuthBuilder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthBuilder")
    }
}
