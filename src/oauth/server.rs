//! The authorization server: the metadata and the JWK set of a provider, fetched when they are
//! needed and kept for a while.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::cache::{Asker, Cache, Cached, FetchError};
use super::definition::{Transport, checked_issuer, checked_url};
use super::issuer::ExpectedIssuer;
use super::metadata::{Declared, ProviderMetadata, from_document};
use super::{About, Freshness, IssuerComparison, OAuthDefinition, Remarks};
use crate::error::{BoxError, ConfigError, OAuthError};
use crate::jose::KeySet;
use crate::model::JsonObject;
use crate::web::outbound::{AnswerError, ErasedHttpClient, get_json};

const NO_DOCUMENT: &str = "no discovery document is there: see `issuer`, below which it is looked for; \
                           `discovery_document` names one that is elsewhere";
const NO_KEYS: &str = "no key set is there: see `jwks_uri`, in the discovery document or as it is \
                       declared";
const NOT_DISCOVERED: &str = "; nothing is discovered where `authorization_endpoint`, `token_endpoint` \
                              and `jwks_uri` are declared";

/// The metadata and the keys of one provider.
#[derive(Debug)]
pub(super) struct Server {
    source: Source,
    lifetime: i64,
    /// With the address that they come from: the keys of another one are nobody's.
    keys: Mutex<Option<(Url, Arc<Cache<KeySet>>)>>,
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
    /// What counts for the addresses in the document.
    transport: Transport,
    cache: Cache<ProviderMetadata>,
}

impl Server {
    /// Fails if an endpoint of the definition is not an address that may be used, or if one is missing
    /// that nothing discovers.
    pub(super) fn new(definition: &OAuthDefinition, lifetime: i64) -> Result<Self, ConfigError> {
        let (id, endpoints) = (&definition.common.id, &definition.endpoints);
        let transport = definition.transport();
        let issuer = endpoints.issuer.clone();
        if let Some(issuer) = &issuer {
            checked_issuer(id, transport, issuer)?;
        }
        let declared = Declared::new(definition)?;
        let source = match issuer {
            issuer if endpoints.is_complete() => {
                let metadata = ProviderMetadata::declared(issuer, &declared, transport);
                let lacks = |lack: BoxError| {
                    let undiscovered = match endpoints.is_openid_connect() {
                        true => NOT_DISCOVERED,
                        false => "",
                    };
                    ConfigError::new(format!("the provider `{id}` {lack}{undiscovered}"))
                };
                Source::Fixed(Arc::new(metadata.map_err(lacks)?))
            }
            Some(issuer) => {
                let document = endpoints.document_url().unwrap_or_default();
                let document = checked_url(id, transport, "discovery document", &document)?;
                let transport = transport.of_document(&document);
                Source::Discovered(Arc::new(Discovered {
                    issuer: ExpectedIssuer {
                        configured: issuer,
                        comparison: definition.issuer_comparison,
                    },
                    document,
                    declared,
                    transport,
                    cache: Cache::default(),
                }))
            }
            None => {
                return Err(ConfigError::new(format!(
                    "the provider `{id}` has neither an issuer nor all of its endpoints"
                )));
            }
        };
        Ok(Self { source, lifetime, keys: Mutex::default(), remarks: Remarks::default() })
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
                    let Discovered { issuer, document, declared, transport, .. } = &*provider;
                    let answer = answer(&*client, document, NO_DOCUMENT).await?;
                    from_document(&answer, issuer, declared, *transport)
                        .map_err(FetchError::Refused)
                };
                let cached = Box::pin(discovered.cache.value(now, self.lifetime, fetch)).await;
                let cached = cached.map_err(OAuthError::Discovery)?;
                self.remark_on(&cached, "the discovery document");
                self.look_at_slash(&discovered.issuer, &cached.value);
                for endpoint in &cached.value.unusable {
                    self.remarks.add_once(About::Endpoint, endpoint.counts_as_missing());
                }
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
        let cache = self.keys_of(url);
        let (client, url) = (Arc::clone(client), url.clone());
        let fetch = async move {
            let set = Value::Object(answer(&*client, &url, NO_KEYS).await?);
            let no_set = || FetchError::Refused(BoxError::from("the answer is not a JWK set"));
            KeySet::from_json(&set).ok_or_else(no_set)
        };
        let keys = match renew {
            Some(asker) if self.lifetime > 0 => Box::pin(cache.renewed(now, asker, fetch)).await,
            _ => Box::pin(cache.value(now, self.lifetime, fetch)).await,
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

    /// The cache of the keys that are published there. A provider that moves them starts anew.
    fn keys_of(&self, url: &Url) -> Arc<Cache<KeySet>> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        match &*keys {
            Some((known, cache)) if known == url => Arc::clone(cache),
            _ => {
                let cache = Arc::new(Cache::default());
                *keys = Some((url.clone(), Arc::clone(&cache)));
                cache
            }
        }
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
async fn answer(
    client: &dyn ErasedHttpClient,
    url: &Url,
    missing: &'static str,
) -> Result<JsonObject, FetchError> {
    get_json(client, url).await.map_err(|failed| {
        let failed = failed.advised(|answer| {
            let is_missing = matches!(answer, AnswerError::Status { status: 404 | 410, .. });
            is_missing.then(|| missing.to_owned())
        });
        match failed.answer() {
            Some(AnswerError::Repeated) => FetchError::Refused(failed.into()),
            _ => FetchError::Outage(failed.into()),
        }
    })
}
