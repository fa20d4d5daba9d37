//! Settings: what the builder was told, and the configuration file, before it is checked.

use std::sync::Arc;

use super::pages::PageAddresses;
use super::trusted_proxy::TrustedProxy;
use crate::crypto::secret::Secret;
use crate::hooks::{ErasedCallbacks, ErasedEvents};
use crate::log::{Diagnostics, Logger};
use crate::provider::ProviderDefinition;
use crate::rate_limit::ErasedRateLimit;
use crate::runtime::clock::Clock;
use crate::theme::Theme;
use crate::web::client_address::ClientAddressSource;
use crate::web::cookie::Cookies;
use crate::web::outbound::ErasedHttpClient;
use crate::web::site::SiteUrl;

/// An hour, in seconds.
const METADATA_LIFETIME: i64 = 60 * 60;

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
