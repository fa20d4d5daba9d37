//! The resolved configuration: plain data for the flows, checked for what types cannot see.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::back_channel_logout::BackChannelLogout;
use super::check::refusal;
use super::cookie_kit::CookieKit;
use super::host_check::HostCheck;
use super::pages::{LocatedPages, PageSite};
use super::provider::{
    Provider, check_provider, check_site, has_callback, is_logout_sender, repeated_id,
};
use super::settings::{Settings, SiteSettings};
use super::site_source::SiteSource;
use super::stores::Stores;
use super::strategy::{Database, Jwt};
use crate::adapter::{
    ErasedAccountStore, ErasedSessionStore, ErasedUserSessionStore, ErasedVerificationTokenStore,
    Users,
};
use crate::crypto::secret::Secret;
use crate::error::{ConfigError, ConfigErrors, ErrorCode};
use crate::hooks::{ErasedCallbacks, ErasedEvents};
use crate::log::{FirstTimes, Log};
use crate::provider::ProviderDefinition;
use crate::rate_limit::{Allowances, LimitFunctions, erase_rate_limit};
use crate::rule::Rule;
use crate::runtime::clock::{Clock, SystemClock};
use crate::session::{SessionCodec, SessionLifetime};
use crate::theme::Theme;
use crate::web::client_address::ClientAddressSource;
use crate::web::cookie::{self, Circumstances};
use crate::web::outbound::{DefaultHttpClient, ErasedHttpClient};
use crate::web::site::{DEFAULT_PATH, SiteUrl};

/// Where sessions live.
pub(crate) enum Sessions {
    Jwt(Box<Jwt>),
    Database(Database, Arc<dyn ErasedSessionStore>),
}

impl Sessions {
    /// Whether a session lasts at all.
    fn check(&self) -> Result<(), ConfigError> {
        let (maximum_age, lifetime) = match self {
            Self::Jwt(strategy) => (strategy.maximum_age, strategy.codec.lifetime),
            Self::Database(strategy, _) => (strategy.maximum_age, SessionLifetime::default()),
        };
        let mut refused = ConfigErrors::default();
        if maximum_age == 0 {
            refused.extend([over_at_once("max_age")]);
        }
        if lifetime.is_nothing() {
            refused.extend([over_at_once("absolute_max_age")]);
        }
        refused.or(())
    }

    /// Ages that work, and hardly do what is meant by them.
    fn doubtful(&self) -> Option<String> {
        let Self::Database(Database { maximum_age, update_age, .. }, _) = self else { return None };
        (update_age >= maximum_age).then(|| {
            format!(
                "a session ends {maximum_age} seconds after the sign-in however busy it is, because \
                 its end would be moved after {update_age}: write an `update_age` below `max_age`"
            )
        })
    }

    fn codec(&self) -> SessionCodec {
        match self {
            Self::Jwt(strategy) => strategy.codec.clone(),
            Self::Database(..) => SessionCodec::default(),
        }
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jwt(_) => "Jwt",
            Self::Database(..) => "Database",
        })
    }
}

/// What is said of an age at which nobody stays signed in.
pub(crate) fn over_at_once(setting: &str) -> ConfigError {
    ConfigError::new(format!(
        "`{setting}` is 0 seconds, so each session would end when it begins: write how long it lasts"
    ))
}

/// Everything the flows read.
pub(crate) struct Config {
    pub(crate) secrets: Vec<Secret>,
    pub(crate) site: SiteSource,
    /// There if the site is what a request says.
    pub(crate) host_check: Option<HostCheck>,
    pub(crate) providers: Vec<Provider>,
    pub(crate) sessions: Sessions,
    pub(crate) users: Option<Users>,
    pub(crate) tokens: Option<Arc<dyn ErasedVerificationTokenStore>>,
    /// There if providers end sessions.
    pub(crate) back_channel_logout: Option<BackChannelLogout>,
    /// There if the application asked for session control.
    pub(crate) controlled_sessions: Option<Arc<dyn ErasedUserSessionStore>>,
    /// There if the application asked for the tokens of accounts.
    pub(crate) accounts: Option<Arc<dyn ErasedAccountStore>>,
    pub(crate) pages: LocatedPages,
    pub(crate) theme: Theme,
    pub(crate) callbacks: ErasedCallbacks,
    pub(crate) events: ErasedEvents,
    pub(crate) log: Log,
    /// Whether pages may explain errors to the developer.
    pub(crate) explains_errors: bool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) http_client: Arc<dyn ErasedHttpClient>,
    pub(crate) rate_limit: Option<LimitFunctions>,
    pub(crate) client_address: ClientAddressSource,
    pub(crate) warned: Warned,
}

/// What the log has said, once is enough, of attempts that cannot be counted as they should, and of
/// prefixes for whose sake paths miss the auth routes.
#[derive(Default)]
pub(crate) struct Warned {
    pub(crate) no_client: AtomicBool,
    pub(crate) not_a_proxy: AtomicBool,
    pub(crate) nothing_named: AtomicBool,
    pub(crate) no_account: AtomicBool,
    pub(crate) removed_prefixes: FirstTimes,
    pub(crate) kept_prefixes: FirstTimes,
    pub(crate) added_prefixes: FirstTimes,
    pub(crate) nested_prefixes: FirstTimes,
}

impl Config {
    /// `refused` is what was found wrong already.
    pub(crate) fn resolve(
        settings: Settings,
        stores: Stores,
        mut refused: ConfigErrors,
    ) -> Result<Self, ConfigError> {
        let Stores { users, tokens, sessions, ended, controlled, accounts } = stores;
        let mut secrets = settings.secrets;
        secrets.extend(settings.previous_secrets);
        if secrets.is_empty() {
            refused.extend([refusal(Rule::SECRET_GIVEN, "")]);
        }
        if settings.providers.is_empty() {
            refused.extend([refusal(Rule::PROVIDER_GIVEN, "")]);
        }
        let url = match &settings.site {
            SiteSettings::Fixed(url) => Some(url),
            SiteSettings::Proxy(_) | SiteSettings::Missing => None,
        };
        for (index, definition) in settings.providers.iter().enumerate() {
            let earlier = settings.providers.iter().take(index).map(ProviderDefinition::id);
            if let Some(cause) = repeated_id(earlier, definition.id()) {
                let message = format!("{cause}: give one of them another id");
                refused.extend([ConfigError::new(message)]);
            }
        }
        let rate_limit = refused
            .keep(settings.rate_limit.unwrap_or_else(|| erase_rate_limit(Allowances::default())));
        let has_callbacks = settings.providers.iter().any(has_callback);
        for definition in &settings.providers {
            if let Some(url) = url {
                refused.keep(check_site(definition, url));
            }
            refused.keep(check_provider(definition));
        }
        if ended.is_some()
            && !settings.providers.is_empty()
            && !settings.providers.iter().any(is_logout_sender)
        {
            refused.extend([refusal(Rule::LOGOUT_SENDER_GIVEN, "")]);
        }
        refused.keep(sessions.check());
        let (proxy, base_path) = match &settings.site {
            SiteSettings::Fixed(url) => (None, Some(url.path().to_owned())),
            SiteSettings::Proxy(proxy) => (refused.keep(proxy.resolve()), proxy.browser_path()),
            SiteSettings::Missing => {
                refused.extend([refusal(Rule::SITE_GIVEN, "")]);
                (None, None)
            }
        };
        let client_address = settings.client_address.unwrap_or_default();
        refused.keep(client_address.check());
        let networks = match &settings.site {
            SiteSettings::Proxy(proxy) => proxy.networks(),
            _ => None,
        };
        let client_address = match networks {
            Some(networks) => client_address.received_from(networks),
            None => client_address,
        };
        let codec = sessions.codec();
        // What is no path has been refused; the rest is looked at all the same.
        let path = base_path.unwrap_or_else(|| DEFAULT_PATH.to_owned());
        let circumstances = Circumstances {
            site: url,
            base_path: &path,
            has_callbacks,
            second_session: codec.second_session(),
        };
        refused.extend(cookie::refused(&settings.cookies, &circumstances));
        let (pages, errors) = settings.pages.locate(&PageSite { url, base_path: &path });
        refused.extend(errors.into_iter().map(|(_, error)| error));
        let doubtful = url.map(|url| {
            let mut doubtful = settings.pages.doubtful(url);
            doubtful.extend(url.doubtful().map(ToOwned::to_owned));
            doubtful.extend(settings.cookies.doubtful(url));
            doubtful
        });
        let host_check = url.is_none().then(|| HostCheck::new(&settings.cookies, &settings.pages));
        let mut kit =
            |https| CookieKit::new(&settings.cookies, https, &secrets, &codec, &mut refused);
        let site = match settings.site {
            SiteSettings::Fixed(url) => {
                kit(url.is_https()).map(|kit| SiteSource::Fixed(Box::new((url, kit))))
            }
            SiteSettings::Proxy(_) | SiteSettings::Missing => {
                match (proxy, kit(false), kit(true)) {
                    (Some(proxy), Some(http), Some(https)) => {
                        let (proxy, http) = (Box::new(proxy), Box::new(http));
                        Some(SiteSource::Proxy { proxy, http, https: Box::new(https) })
                    }
                    _ => None,
                }
            }
        };
        let http_client = match settings.http_client {
            Some(client) => Some(client),
            None => refused.keep(match DefaultHttpClient::new() {
                Ok(client) => Ok(Arc::new(client) as Arc<dyn ErasedHttpClient>),
                Err(error) => {
                    Err(ConfigError::new("the HTTP client cannot be set up").with_source(error))
                }
            }),
        };
        let (Some(site), Some(http_client), true) = (site, http_client, refused.is_empty()) else {
            return Err(refused.into_error());
        };
        let clock = settings.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let lifetime = settings.metadata_lifetime.0;
        let providers = settings.providers.into_iter();
        let providers: Vec<Provider> = providers
            .map(|definition| Provider::new(definition, lifetime, &http_client, &clock))
            .collect::<Result<_, _>>()?;
        let log = Log::new(settings.logger, Arc::clone(&clock), &settings.diagnostics);
        let explains_errors = settings.diagnostics.explain_errors && cfg!(debug_assertions);
        if settings.diagnostics.explain_errors {
            log.note(ErrorCode::DebugEnabled, None, "pages explain errors on this machine");
        }
        let mut unused = settings.pages.unused(tokens.is_some(), users.is_some());
        unused.extend(settings.events.unused(users.is_some()));
        for doubtful in doubtful.into_iter().flatten().chain(unused).chain(sessions.doubtful()) {
            log.note(ErrorCode::DoubtfulSetting, None, &doubtful);
        }
        crate::runtime::metric::describe();
        if has_callbacks {
            log.announce(&format!("callbacks will be built as {}", site.announced()));
        }
        for provider in providers.iter().filter(|provider| provider.allows_http()) {
            let danger = "`dangerously_allow_http` lets everybody between here and the provider read \
                          tokens and sign in as anybody: remove it where people sign in";
            log.note(ErrorCode::DoubtfulSetting, Some(provider.id()), danger);
        }
        for (id, beta) in providers.iter().filter_map(Provider::beta) {
            log.note(ErrorCode::TwitterOAuth2Beta, Some(id), beta);
        }
        Ok(Self {
            secrets,
            site,
            host_check,
            providers,
            sessions,
            users: users.map(Users::new),
            tokens,
            back_channel_logout: ended.map(BackChannelLogout::new),
            controlled_sessions: controlled,
            accounts,
            pages,
            theme: settings.theme,
            callbacks: settings.callbacks,
            events: settings.events,
            log,
            explains_errors,
            clock,
            http_client,
            rate_limit: rate_limit.flatten(),
            client_address,
            warned: Warned::default(),
        })
    }

    /// Says what does not work on the host of a request, once.
    pub(crate) fn check_host(&self, site: &SiteUrl) {
        let check = self.host_check.as_ref();
        if let Some(complaint) = check.and_then(|check| check.complaint(site, &self.providers)) {
            self.log.note(ErrorCode::DoubtfulSetting, None, &complaint);
        }
    }

    pub(crate) fn provider(&self, id: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.id() == id)
    }

    /// Whether somebody can prove an address that another user has: by a link, or by a provider.
    pub(crate) fn hands_addresses_over(&self) -> bool {
        self.tokens.is_some() || self.providers.iter().any(Provider::links_by_email)
    }

    /// After how many seconds without use a session ends.
    pub(crate) fn session_maximum_age(&self) -> i64 {
        match &self.sessions {
            Sessions::Jwt(strategy) => strategy.maximum_age,
            Sessions::Database(strategy, _) => strategy.maximum_age,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("site", &self.site.mount().browser())
            .field("providers", &self.providers.iter().map(Provider::id).collect::<Vec<_>>())
            .field("sessions", &self.sessions)
            .finish_non_exhaustive()
    }
}
