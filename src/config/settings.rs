//! Settings: what the builder was told, and the configuration file, before it is checked.

use std::sync::Arc;

use super::pages::PageAddresses;
use crate::crypto::secret::Secret;
use crate::error::ConfigError;
use crate::hooks::{ErasedCallbacks, ErasedEvents};
use crate::log::{Diagnostics, Logger};
use crate::provider::ProviderDefinition;
use crate::rate_limit::ErasedRateLimit;
use crate::runtime::clock::Clock;
use crate::theme::Theme;
use crate::web::client_address::ClientAddressSource;
use crate::web::cookie::Cookies;
use crate::web::outbound::ErasedHttpClient;
use crate::web::site::{DEFAULT_PATH, SiteUrl};

/// An hour, in seconds.
const METADATA_LIFETIME: i64 = 60 * 60;

/// A reverse proxy that sets `X-Forwarded-Host` and `X-Forwarded-Proto` itself, whatever a
/// visitor sent.
///
/// ```
/// use typegate::TrustedProxy;
///
/// let proxy = TrustedProxy::new().path("/auth");
/// ```
#[derive(Clone, Debug)]
pub struct TrustedProxy {
    path: String,
}

impl Default for TrustedProxy {
    fn default() -> Self {
        Self { path: DEFAULT_PATH.into() }
    }
}

impl TrustedProxy {
    /// The auth routes are under `/api/auth`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Where the auth routes are.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    pub(super) fn as_path(&self) -> &str {
        &self.path
    }

    /// The path without a slash at its end, if it is one.
    pub(crate) fn checked_path(path: &str) -> Result<String, ConfigError> {
        let site = format!("https://localhost{path}").parse::<SiteUrl>().ok();
        site.filter(|_| path.starts_with('/'))
            .map(|site| site.path().to_owned())
            .ok_or_else(|| ConfigError::new(format!("`{path}` is not a path such as /api/auth")))
    }
}

/// What the builder was told.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) secrets: Vec<Secret>,
    pub(crate) previous_secrets: Vec<Secret>,
    pub(crate) site: SiteSettings,
    pub(crate) providers: Vec<ProviderDefinition>,
    pub(crate) pages: PageAddresses,
    pub(crate) theme: Theme,
    pub(crate) cookies: Cookies,
    pub(crate) callbacks: ErasedCallbacks,
    pub(crate) events: ErasedEvents,
    pub(crate) logger: Option<Arc<dyn Logger>>,
    pub(crate) diagnostics: Diagnostics,
    pub(crate) clock: Option<Arc<dyn Clock>>,
    pub(crate) http_client: Option<Arc<dyn ErasedHttpClient>>,
    pub(crate) metadata_lifetime: MetadataLifetime,
    pub(crate) rate_limit: Option<ErasedRateLimit>,
    pub(crate) client_address: Option<ClientAddressSource>,
}

/// An hour unless told otherwise.
pub(crate) struct MetadataLifetime(pub(crate) i64);

impl Default for MetadataLifetime {
    fn default() -> Self {
        Self(METADATA_LIFETIME)
    }
}

#[derive(Default)]
pub(crate) enum SiteSettings {
    #[default]
    Missing,
    Fixed(SiteUrl),
    Proxy(TrustedProxy),
}
