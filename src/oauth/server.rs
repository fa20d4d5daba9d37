//! The authorization server: the metadata and the JWK set of a provider, fetched when they are
//! needed and kept for a while.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::cache::{Asker, Cache};
use super::definition::{checked_issuer, checked_url};
use super::issuer::ExpectedIssuer;
use super::metadata::{Declared, ProviderMetadata, from_document};
use super::{IssuerComparison, OAuthDefinition};
use crate::error::{BoxError, ConfigError, OAuthError};
use crate::jose::KeySet;
use crate::web::outbound::{ErasedHttpClient, get_json};

/// The metadata and the keys of one provider.
#[derive(Debug)]
pub(super) struct Server {
    source: Source,
    lifetime: i64,
    keys: Cache<KeySet>,
    has_private_key: AtomicBool,
    told_of_private_key: AtomicBool,
    other_slash: OnceLock<String>,
    told_of_other_slash: AtomicBool,
}

#[derive(Debug)]
enum Source {
    Fixed(Arc<ProviderMetadata>),
    Discovered(Arc<Discovered>),
}

#[derive(Debug)]
struct Discovered {
    issuer: ExpectedIssuer,
    document: Url,
    declared: Declared,
    cache: Cache<ProviderMetadata>,
}

impl Server {
    /// Fails if an endpoint of the definition is not an address that may be used.
    pub(super) fn new(definition: &OAuthDefinition, lifetime: i64) -> Result<Self, ConfigError> {
        let (id, endpoints) = (&definition.common.id, &definition.endpoints);
        let declared = Declared::new(id, endpoints)?;
        let issuer = endpoints.issuer.clone();
        if let Some(issuer) = &issuer {
            checked_issuer(id, issuer)?;
        }
        let source = match (declared, issuer) {
            (
                Declared {
                    authorization_endpoint: Some(authorization_endpoint),
                    token_endpoint: Some(token_endpoint),
                    userinfo_endpoint,
                    pushed_authorization_request_endpoint,
                    end_session_endpoint,
                    jwks_uri,
                },
                issuer,
            ) if endpoints.is_complete() => Source::Fixed(Arc::new(ProviderMetadata {
                issuer,
                authorization_endpoint,
                token_endpoint,
                userinfo_endpoint,
                pushed_authorization_request_endpoint,
                require_pushed_authorization_requests: false,
                end_session_endpoint,
                jwks_uri,
                authorization_response_iss_parameter_supported: false,
                token_endpoint_auth_methods_supported: None,
                #[cfg(feature = "oauth2")]
                further_endpoints: super::FurtherEndpoints::default(),
            })),
            (declared, Some(issuer)) => {
                let document = endpoints.document_url().unwrap_or_default();
                let document = checked_url(id, "discovery document", &document)?;
                Source::Discovered(Arc::new(Discovered {
                    issuer: ExpectedIssuer {
                        configured: issuer,
                        comparison: definition.issuer_comparison,
                    },
                    document,
                    declared,
                    cache: Cache::default(),
                }))
            }
            (_, None) => {
                return Err(ConfigError::new(format!(
                    "the provider `{id}` has neither an issuer nor all of its endpoints"
                )));
            }
        };
        Ok(Self {
            source,
            lifetime,
            keys: Cache::default(),
            has_private_key: AtomicBool::new(false),
            told_of_private_key: AtomicBool::new(false),
            other_slash: OnceLock::new(),
            told_of_other_slash: AtomicBool::new(false),
        })
    }

    /// Remembers that a private key is among the published ones.
    pub(super) fn saw_private_key(&self) {
        self.has_private_key.store(true, Ordering::Relaxed);
    }

    /// Whether a private key was seen that nobody has reported yet; true only once.
    pub(super) fn tells_of_private_key(&self) -> bool {
        self.has_private_key.load(Ordering::Relaxed)
            && !self.told_of_private_key.swap(true, Ordering::Relaxed)
    }

    /// The provider's own issuer, if it differs from the configured one in the slash at the end and
    /// nobody has reported it yet; only once.
    pub(super) fn tells_of_other_slash(&self) -> Option<&str> {
        let issuer = self.other_slash.get()?;
        let is_told = self.told_of_other_slash.swap(true, Ordering::Relaxed);
        (!is_told).then_some(issuer)
    }

    fn look_at_slash(&self, expected: &ExpectedIssuer, metadata: &ProviderMetadata) {
        let issuer = metadata.issuer.as_ref().filter(|issuer| **issuer != expected.configured);
        if let (Some(issuer), IssuerComparison::IgnoringFinalSlash) = (issuer, expected.comparison)
        {
            self.other_slash.get_or_init(|| issuer.clone());
        }
    }

    pub(super) async fn metadata(
        &self,
        client: &Arc<dyn ErasedHttpClient>,
        now: Timestamp,
    ) -> Result<Arc<ProviderMetadata>, OAuthError> {
        match &self.source {
            Source::Fixed(metadata) => Ok(Arc::clone(metadata)),
            Source::Discovered(discovered) => {
                let (client, provider) = (Arc::clone(client), Arc::clone(discovered));
                let fetch = async move {
                    let Discovered { issuer, document, declared, .. } = &*provider;
                    from_document(&get_json(&*client, document).await?, issuer, declared)
                };
                let metadata = discovered.cache.value(now, self.lifetime, fetch).await;
                let metadata = metadata.map_err(OAuthError::Discovery)?;
                self.look_at_slash(&discovered.issuer, &metadata);
                Ok(metadata)
            }
        }
    }

    /// The provider's keys; fetched again if those at hand did not do for somebody.
    pub(super) async fn keys(
        &self,
        client: &Arc<dyn ErasedHttpClient>,
        metadata: &ProviderMetadata,
        now: Timestamp,
        renew: Option<Asker>,
    ) -> Result<Arc<KeySet>, OAuthError> {
        let url = metadata.jwks_uri.as_ref().ok_or(OAuthError::MissingEndpoint("jwks_uri"))?;
        let (client, url) = (Arc::clone(client), url.clone());
        let fetch = async move {
            let set = Value::Object(get_json(&*client, &url).await?);
            KeySet::from_json(&set).ok_or_else(|| BoxError::from("the answer is not a JWK set"))
        };
        let keys = match renew {
            Some(asker) => self.keys.renewed(now, asker, fetch).await,
            None => self.keys.value(now, self.lifetime, fetch).await,
        };
        keys.map_err(OAuthError::KeySet)
    }
}
