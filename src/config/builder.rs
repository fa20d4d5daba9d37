//! The typed builder: settings in any order, checked together by `build()`, which erases their
//! types.

use std::fmt;
use std::sync::Arc;

use super::Pages;
use super::at_run_time::{AtRunTime, Noted, RunTimeSettings};
pub use super::check::{
    AccountsKept, AdapterSlot, ChosenStrategy, EmailTokensKept, SessionStrategy, SessionsKept,
    SiteSlot, TakesAdapter, TakesStrategy, UserSessionsKept,
};
use super::resolved::Config;
use super::settings::{MetadataLifetime, Settings, SiteSettings};
use super::slot::{
    AtCompileTime, Decides, Given, KnownBuilder, Needs, Now, Slot, TakesCallbacks, TakesProvider,
    Told, With, WithAdapter, WithProvider,
};
use super::stores::Stores;
use super::trusted_proxy::TrustedProxy;
use crate::adapter::UserStore;
pub use crate::crypto::given_secret::IntoSecret;
use crate::error::{ConfigError, ConfigErrors};
use crate::hooks::{Callbacks, Events};
use crate::log::{Diagnostics, Logger};
use crate::provider::{Provider, ProviderList};
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

/// The configuration under construction, checked by types;
/// [`Auth::builder_at_run_time`](crate::Auth::builder_at_run_time) begins one that is checked when
/// the program runs, for an adapter, an e-mail provider or a strategy that is there under a condition.
///
/// Required: [`secret`](Self::secret), [`url`](Self::url) or [`trust_proxy`](Self::trust_proxy),
/// and at least one [`provider`](Self::provider). Everything else has NextAuth v4's default. The
/// calls work in any order; what is missing or cannot work together is a compile error of
/// [`build`](Self::build) that names the documented code and the line to add.
///
/// Each call returns a builder of another type, in which the call is recorded: write
/// `let builder = builder.secret(secret);`, or one chain. Start with `Auth::builder()` and end with
/// `build()`, which returns a type without it.
///
/// # A configuration in several functions
///
/// A builder that types check has a long type, and a signature with `impl Told` in it forgets what was
/// told. So let functions return the parts and the whole: a part of any kind is a value with a short
/// name, and so is the finished [`Auth`](crate::Auth). The builder that functions can take and return,
/// plainly `AuthBuilder`, is that of [`Auth::builder_at_run_time`](crate::Auth::builder_at_run_time);
/// after a `session` callback that shows an `AppSession`, `AuthBuilder<AtRunTime<AppSession>>`.
///
/// ```
/// use typegate::provider::{OAuthClient, Oidc};
/// use typegate::{Auth, ClientSecret, ConfigError, Jwt, Pages, Secret, SiteUrl};
///
/// fn pages() -> Pages {
///     Pages::new().sign_in("/login").into()
/// }
///
/// fn tenant(id: &str) -> Oidc {
///     Oidc::builder()
///         .id(id)
///         .name(id)
///         .issuer(format!("https://{id}.id.example"))
///         .client(OAuthClient::new("client", ClientSecret::new("s3cr3t")))
///         .build()
/// }
///
/// fn configure(secret: Secret, url: SiteUrl) -> Result<Auth, ConfigError> {
///     Auth::builder()
///         .secret(secret)
///         .url(url)
///         .pages(pages())
///         .session(Jwt::default().max_age(60 * 60))
///         .providers(["acme", "umbrella"].map(tenant)) // a list, an iterator, an `Option`
///         .build()
/// }
///
/// let secret = Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?;
/// assert!(configure(secret, "https://app.example.com".parse()?).is_ok());
/// # Ok::<(), ConfigError>(())
/// ```
#[must_use = "each call returns the builder that was told, and nothing is configured until `build()` \
              is called"]
pub struct AuthBuilder<T = AtRunTime> {
    settings: Settings,
    /// There if types know nothing.
    at_run_time: Option<Box<RunTimeSettings>>,
    told: T,
}

/// The adapter's slot, and so on: what the rules are about.
type Adapter<T> = Now<T, setting::adapter>;
type Strategy<T> = Now<T, setting::session>;
type Data<T> = <AuthBuilder<T> as KnownBuilder>::Data;
type JwtCallback<T> = <Now<T, setting::callbacks> as Decides>::Jwt;
type EmailNeed<T> = <Now<T, setting::provider> as Needs>::Email;
type CredentialsNeed<T> = <Now<T, setting::provider> as Needs>::Credentials;
/// The site's slot after a proxy was named.
type WithProxy<T> = <Now<T, setting::url> as SiteSlot>::WithProxy;
/// The strategy's slot after it was chosen.
type AfterSession<T, S> =
    <Now<T, setting::session> as TakesStrategy<<S as SessionStrategy>::Slot>>::After;

impl AuthBuilder<AtCompileTime> {
    pub(crate) fn start() -> Self {
        Self { settings: Settings::default(), at_run_time: None, told: AtCompileTime::default() }
    }
}

impl AuthBuilder {
    pub(crate) fn start_at_run_time() -> Self {
        Self {
            settings: Settings::default(),
            at_run_time: Some(Box::default()),
            told: AtRunTime::new(),
        }
    }
}

#[typegate_macros::__unquoted]
impl<T: Told> AuthBuilder<T>
where
    Self: KnownBuilder,
{
    /// The secret that seals session tokens and check cookies and signs CSRF tokens.
    pub fn secret(mut self, secret: impl IntoSecret) -> AuthBuilder<With<T, setting::secret>>
    where
        Now<T, setting::secret>: once::secret,
    {
        self.settings.secrets.insert(0, secret.into_secret());
        self.with::<setting::secret, _>(Given)
    }

    /// A secret that was in use before: it opens what it once sealed and seals nothing any more.
    /// May be called several times.
    pub fn previous_secret(mut self, secret: impl IntoSecret) -> Self {
        self.settings.previous_secrets.push(secret.into_secret());
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
    ) -> AuthBuilder<With<T, setting::url, WithProxy<T>>>
    where
        Now<T, setting::url>: once::url + SiteSlot,
    {
        self.settings.site = SiteSettings::Proxy(proxy);
        self.with::<setting::url, _>(Now::<T, setting::url>::with_proxy())
    }

    /// A way to sign in. May be called several times; the order is that of the sign-in page.
    pub fn provider<P: Provider>(mut self, provider: P) -> AuthBuilder<WithProvider<T, P::Kind>>
    where
        Now<T, setting::provider>: TakesProvider<P::Kind>,
    {
        self.settings.providers.push(provider.into_definition().into());
        self.with::<setting::provider, _>(Now::<T, setting::provider>::after())
    }

    /// Ways to sign in of one type: a list, an iterator, or an `Option` of one that is there under a
    /// condition. What they need is needed whether there are any: with an `Option<Email>`, an adapter.
    ///
    /// Providers of several types are OAuth definitions, which [`Provider::into_definition`] gives.
    /// Without any provider in the end, [`build`](Self::build) refuses.
    ///
    /// ```
    /// use typegate::provider::catalog::{GitHub, Google};
    /// use typegate::provider::{OAuthDefinition, Provider};
    /// use typegate::{Auth, Secret};
    ///
    /// let google = Some(Google::new("client id", "client secret".into())); // or `None`
    /// let others: Vec<OAuthDefinition> = vec![
    ///     GitHub::new("client id", "client secret".into()).into_definition(),
    /// ];
    /// let auth = Auth::builder()
    ///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
    ///     .url("https://app.example.com".parse()?)
    ///     .providers(google)
    ///     .providers(others)
    ///     .build()?;
    /// # Ok::<(), typegate::ConfigError>(())
    /// ```
    pub fn providers<L: ProviderList>(mut self, list: L) -> AuthBuilder<WithProvider<T, L::Kind>>
    where
        Now<T, setting::provider>: TakesProvider<L::Kind>,
    {
        self.settings.providers.extend(list.into_definitions());
        self.with::<setting::provider, _>(Now::<T, setting::provider>::after())
    }

    /// Where users and accounts are kept. Makes database sessions the default.
    pub fn adapter<A: UserStore>(
        mut self,
        adapter: A,
    ) -> AuthBuilder<With<T, setting::adapter, WithAdapter<A>>>
    where
        Now<T, setting::adapter>: once::adapter,
        Now<T, setting::adapter>: TakesAdapter<A>,
    {
        let erased = Now::<T, setting::adapter>::erased(&adapter);
        if let (Some(at_run_time), Some(erased)) = (&mut self.at_run_time, erased) {
            at_run_time.adapter::<A>(erased);
        }
        self.with::<setting::adapter, _>(WithAdapter::new(adapter))
    }

    /// Where sessions live: [`Jwt`](super::Jwt) or [`Database`](super::Database).
    pub fn session<S: SessionStrategy>(
        mut self,
        strategy: S,
    ) -> AuthBuilder<With<T, setting::session, AfterSession<T, S>>>
    where
        Now<T, setting::session>: once::session,
        Now<T, setting::session>: TakesStrategy<S::Slot>,
    {
        let strategy = strategy.into_slot();
        if let Some(at_run_time) = &mut self.at_run_time {
            at_run_time.strategy(S::chosen(&strategy));
        }
        self.with::<setting::session, _>(Now::<T, setting::session>::after(strategy))
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
    ) -> AuthBuilder<T::After<D, J>>
    where
        T: TakesCallbacks,
        Now<T, setting::callbacks>: once::callbacks,
    {
        self.settings.callbacks = callbacks.inner;
        self.note::<setting::callbacks>();
        let Self { settings, at_run_time, told } = self;
        AuthBuilder { settings, at_run_time, told: told.after::<D, J>() }
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
    /// back-channel logout without an OpenID Connect provider, a list without a provider. At run time,
    /// every rule that is violated as well.
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
        if let Some(told) = self.at_run_time {
            let (stores, refused) = told.resolve(&self.settings);
            return Config::resolve(self.settings, stores, refused).map(crate::Auth::from_config);
        }
        let adapter: &Adapter<T> = Slot::<setting::adapter>::now(&self.told);
        let stores = Stores {
            users: adapter.user_store().0,
            tokens: EmailNeed::<T>::tokens(adapter).0,
            sessions: Slot::<setting::session>::now(&self.told).resolve(adapter).0,
            ended: Now::<T, setting::back_channel_logout>::user_sessions(adapter).0,
            controlled: Now::<T, setting::session_control>::user_sessions(adapter).0,
            accounts: Now::<T, setting::account_tokens>::accounts(adapter).0,
        };
        let refused = ConfigErrors::default();
        Config::resolve(self.settings, stores, refused).map(crate::Auth::from_config)
    }

    /// Only the one slot changes; the others are what they were.
    fn with<S: Noted, New>(mut self, new: New) -> AuthBuilder<With<T, S, New>>
    where
        T: Slot<S>,
    {
        self.note::<S>();
        let Self { settings, at_run_time, told } = self;
        AuthBuilder { settings, at_run_time, told: Slot::<S>::with(told, new) }
    }

    fn note<S: Noted>(&mut self) {
        if let Some(at_run_time) = &mut self.at_run_time {
            at_run_time.note(S::CALL);
        }
    }
}

impl<T> fmt::Debug for AuthBuilder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthBuilder")
    }
}
