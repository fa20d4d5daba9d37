//! Where are a provider's endpoints, and which keys does it sign with? Fixed values or OpenID
//! Connect Discovery, kept for a while.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::cache::{Asker, Cache};
use super::definition::{Endpoints, checked_url};
use super::single_flight::SingleFlight;
use super::{OAuthDefinition, TENANT, is_protected, is_tenant_id};
use crate::error::{BoxError, ConfigError, OAuthError};
use crate::jose::KeySet;
use crate::model::{JsonObject, TokenSet};
use crate::web::outbound::{ErasedHttpClient, get_json};

/// What is known of a provider's server (RFC 8414 section 2).
#[derive(Clone, Debug)]
pub(crate) struct ProviderMetadata {
    pub(crate) issuer: Option<String>,
    pub(crate) authorization_endpoint: Url,
    pub(crate) token_endpoint: Url,
    pub(crate) userinfo_endpoint: Option<Url>,
    /// RFC 9126 section 5.
    pub(crate) pushed_authorization_request_endpoint: Option<Url>,
    pub(crate) require_pushed_authorization_requests: bool,
    /// OpenID Connect RP-Initiated Logout 1.0 section 2.1.
    pub(crate) end_session_endpoint: Option<Url>,
    pub(crate) jwks_uri: Option<Url>,
    /// RFC 9207 section 3.
    pub(crate) authorization_response_iss_parameter_supported: bool,
    pub(crate) token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

impl ProviderMetadata {
    /// Nothing is known but one address, which serves for everything.
    #[cfg(test)]
    pub(crate) fn at(endpoint: Url) -> Self {
        Self {
            issuer: None,
            authorization_endpoint: endpoint.clone(),
            token_endpoint: endpoint,
            userinfo_endpoint: None,
            pushed_authorization_request_endpoint: None,
            require_pushed_authorization_requests: false,
            end_session_endpoint: None,
            jwks_uri: None,
            authorization_response_iss_parameter_supported: false,
            token_endpoint_auth_methods_supported: None,
        }
    }
}

/// A provider's server, whose metadata and keys are looked up when they are needed.
#[derive(Debug)]
pub(crate) struct Server {
    source: Source,
    lifetime: i64,
    keys: Cache<KeySet>,
    has_private_key: AtomicBool,
    told_of_private_key: AtomicBool,
    pub(super) refreshes: SingleFlight<TokenSet>,
}

#[derive(Debug)]
enum Source {
    Fixed(Arc<ProviderMetadata>),
    Discovered(Arc<Discovered>),
}

#[derive(Debug)]
struct Discovered {
    issuer: String,
    document: Url,
    declared: Declared,
    cache: Cache<ProviderMetadata>,
}

/// Addresses that were declared; they win over discovered ones.
#[derive(Debug)]
struct Declared {
    authorization_endpoint: Option<Url>,
    token_endpoint: Option<Url>,
    userinfo_endpoint: Option<Url>,
    pushed_authorization_request_endpoint: Option<Url>,
    end_session_endpoint: Option<Url>,
    jwks_uri: Option<Url>,
}

impl Declared {
    fn new(provider: &str, endpoints: &Endpoints) -> Result<Self, ConfigError> {
        let url = |what, text: &Option<String>| {
            text.as_ref().map(|text| checked_url(provider, what, text)).transpose()
        };
        Ok(Self {
            authorization_endpoint: url("authorization endpoint", &endpoints.authorization)?,
            token_endpoint: url("token endpoint", &endpoints.token)?,
            userinfo_endpoint: url("userinfo endpoint", &endpoints.user_info)?,
            pushed_authorization_request_endpoint: url(
                "pushed authorization request endpoint",
                &endpoints.pushed_authorization,
            )?,
            end_session_endpoint: url("end-session endpoint", &endpoints.end_session)?,
            jwks_uri: url("key set", &endpoints.key_set)?,
        })
    }
}

impl Server {
    /// Checks the addresses of a definition.
    pub(crate) fn new(definition: &OAuthDefinition, lifetime: i64) -> Result<Self, ConfigError> {
        let (id, endpoints) = (&definition.id, &definition.endpoints);
        let declared = Declared::new(id, endpoints)?;
        let issuer = endpoints.issuer.clone();
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
            })),
            (declared, Some(issuer)) => {
                checked_url(id, "issuer", &issuer.replace(TENANT, "common"))?;
                let document = endpoints.document_url().unwrap_or_default();
                let document = checked_url(id, "discovery document", &document)?;
                Source::Discovered(Arc::new(Discovered {
                    issuer,
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
            refreshes: SingleFlight::default(),
        })
    }

    /// Remembers that a private key is among the provider's.
    pub(super) fn saw_private_key(&self) {
        self.has_private_key.store(true, Ordering::Relaxed);
    }

    /// Whether a private key was seen of which nobody was told: true once.
    pub(super) fn tells_of_private_key(&self) -> bool {
        self.has_private_key.load(Ordering::Relaxed)
            && !self.told_of_private_key.swap(true, Ordering::Relaxed)
    }

    pub(crate) async fn metadata(
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
                discovered
                    .cache
                    .value(now, self.lifetime, fetch)
                    .await
                    .map_err(OAuthError::Discovery)
            }
        }
    }

    /// The provider's keys; fetched again if those at hand did not do for somebody.
    pub(crate) async fn keys(
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

/// Whether an issuer is that of one tenant, where the expected one has a placeholder.
fn is_of_tenant(issuer: &str, expected: &str) -> bool {
    let Some((before, after)) = expected.split_once(TENANT) else { return false };
    let tenant = issuer.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    tenant.is_some_and(is_tenant_id)
}

/// Takes a discovery document apart. Its issuer must be the configured one to the letter
/// (OpenID Connect Discovery section 4.3).
fn from_document(
    document: &JsonObject,
    expected: &str,
    declared: &Declared,
) -> Result<ProviderMetadata, BoxError> {
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    let issuer = text("issuer").ok_or("the discovery document names no issuer")?;
    if issuer != expected && !is_of_tenant(issuer, expected) {
        return Err(format!(
            "the discovery document is of the issuer `{}`, the configured one is `{expected}`",
            issuer.escape_debug()
        )
        .into());
    }
    let optional = |declared: &Option<Url>, name: &str| -> Result<Option<Url>, BoxError> {
        if declared.is_some() {
            return Ok(declared.clone());
        }
        let Some(text) = text(name) else { return Ok(None) };
        let url = Url::parse(text)?;
        if !is_protected(&url) {
            return Err(format!("the discovered `{name}` is not https").into());
        }
        Ok(Some(url))
    };
    let required = |declared: &Option<Url>, name: &str| -> Result<Url, BoxError> {
        optional(declared, name)?
            .ok_or_else(|| format!("the discovery document has no `{name}`").into())
    };
    let methods = document.get("token_endpoint_auth_methods_supported").and_then(Value::as_array);
    let methods = methods
        .map(|methods| methods.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect());
    let is_true = |name: &str| document.get(name) == Some(&Value::Bool(true));
    Ok(ProviderMetadata {
        issuer: Some(issuer.to_owned()),
        authorization_endpoint: required(
            &declared.authorization_endpoint,
            "authorization_endpoint",
        )?,
        token_endpoint: required(&declared.token_endpoint, "token_endpoint")?,
        userinfo_endpoint: optional(&declared.userinfo_endpoint, "userinfo_endpoint")?,
        pushed_authorization_request_endpoint: optional(
            &declared.pushed_authorization_request_endpoint,
            "pushed_authorization_request_endpoint",
        )?,
        require_pushed_authorization_requests: is_true("require_pushed_authorization_requests"),
        end_session_endpoint: optional(&declared.end_session_endpoint, "end_session_endpoint")?,
        jwks_uri: optional(&declared.jwks_uri, "jwks_uri")?,
        authorization_response_iss_parameter_supported: is_true(
            "authorization_response_iss_parameter_supported",
        ),
        token_endpoint_auth_methods_supported: methods,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_of_one_tenant_only_where_a_tenant_is_expected() {
        let many = "https://login.example/{tenantid}/v2.0";
        assert!(is_of_tenant("https://login.example/0aF-1/v2.0", many));
        assert!(!is_of_tenant("https://login.example//v2.0", many));
        assert!(!is_of_tenant("https://login.example/a/b/v2.0", many));
        assert!(!is_of_tenant("https://login.example/0aF-1/v2.0/", many));
        assert!(!is_of_tenant("https://other.example/0aF-1/v2.0", many));
        assert!(!is_of_tenant("https://login.example/v2.0", "https://login.example/v1.0"));
    }
}
