//! The authorization server: the metadata and the JWK set of a provider, fetched when they are
//! needed and kept for a while.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::cache::{Asker, Cache, Cached, FetchError};
use super::definition::{checked_issuer, checked_url};
use super::issuer::ExpectedIssuer;
use super::metadata::{Declared, ProviderMetadata, from_document};
use super::{About, Freshness, IssuerComparison, OAuthDefinition, Remarks};
use crate::error::{BoxError, ConfigError, OAuthError};
use crate::jose::KeySet;
use crate::model::JsonObject;
use crate::web::outbound::{AnswerError, ErasedHttpClient, get_json};

/// The metadata and the keys of one provider.
#[derive(Debug)]
pub(super) struct Server {
    source: Source,
    lifetime: i64,
    keys: Cache<KeySet>,
    pub(super) remarks: Remarks,
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
        let transport = definition.transport();
        let declared = Declared::new(id, transport, endpoints)?;
        let issuer = endpoints.issuer.clone();
        if let Some(issuer) = &issuer {
            checked_issuer(id, transport, issuer)?;
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
                    transport: _,
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
                id_token_signing_alg_values_supported: Vec::new(),
            })),
            (declared, Some(issuer)) => {
                let document = endpoints.document_url().unwrap_or_default();
                let document = checked_url(id, transport, "discovery document", &document)?;
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
        Ok(Self { source, lifetime, keys: Cache::default(), remarks: Remarks::default() })
    }

    fn look_at_slash(&self, expected: &ExpectedIssuer, metadata: &ProviderMetadata) {
        let issuer = metadata.issuer.as_ref().filter(|issuer| **issuer != expected.configured);
        if let (Some(issuer), IssuerComparison::IgnoringFinalSlash) = (issuer, expected.comparison)
        {
            let configured = &expected.configured;
            let text = format!(
                "the provider's issuer is `{issuer}`, the configured one is `{configured}`: taken as one"
            );
            self.remarks.add_once(About::IssuerSlash, text);
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
                    let answer = answer(&*client, document).await?;
                    from_document(&answer, issuer, declared).map_err(FetchError::Refused)
                };
                let cached = discovered.cache.value(now, self.lifetime, fetch).await;
                let cached = cached.map_err(OAuthError::Discovery)?;
                self.remark_on(&cached, "the discovery document");
                self.look_at_slash(&discovered.issuer, &cached.value);
                Ok(cached.value)
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
    ) -> Result<Cached<KeySet>, OAuthError> {
        let url = metadata.jwks_uri.as_ref().ok_or(OAuthError::MissingEndpoint("jwks_uri"))?;
        let (client, url) = (Arc::clone(client), url.clone());
        let fetch = async move {
            let set = Value::Object(answer(&*client, &url).await?);
            let no_set = || FetchError::Refused(BoxError::from("the answer is not a JWK set"));
            KeySet::from_json(&set).ok_or_else(no_set)
        };
        let keys = match renew {
            Some(asker) if self.lifetime > 0 => self.keys.renewed(now, asker, fetch).await,
            _ => self.keys.value(now, self.lifetime, fetch).await,
        };
        let keys = keys.map_err(OAuthError::KeySet)?;
        self.remark_on(&keys, "the key set");
        // Whoever reads a private key can sign with it, so it is not among them.
        if keys.value.has_private_parts() {
            let text = "the provider publishes a key with its private part, which is left out";
            self.remarks.add_once(About::PrivateKey, text);
        }
        Ok(keys)
    }

    fn remark_on<T>(&self, cached: &Cached<T>, what: &str) {
        if let Freshness::Stale(reason) = &cached.freshness {
            let text = format!("{what} could not be fetched again, and the last good one is used");
            self.remarks.add(About::Outage, format!("{text}: {reason}"));
        }
    }
}

/// A JSON object. One that says a member twice is an answer, and refused; whatever is no such
/// object is an outage, such as the page of a proxy.
async fn answer(client: &dyn ErasedHttpClient, url: &Url) -> Result<JsonObject, FetchError> {
    get_json(client, url).await.map_err(|error| match error.downcast_ref() {
        Some(AnswerError::Repeated) => FetchError::Refused(error),
        _ => FetchError::Outage(error),
    })
}
