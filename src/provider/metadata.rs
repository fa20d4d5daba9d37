//! Where are a provider's endpoints, and which keys does it sign with? Fixed values or OpenID
//! Connect Discovery, kept for a while.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::cache::Cache;
use super::oauth::{EndpointSource, checked_url};
use super::single_flight::SingleFlight;
use super::{OAuthDefinition, is_protected};
use crate::error::{BoxError, ConfigError, OAuthError};
use crate::jwt::KeySet;
use crate::model::{JsonObject, TokenSet};
use crate::outbound::{ErasedHttpClient, get_json};

const DISCOVERY_SUFFIX: &str = "/.well-known/openid-configuration";

/// What is known of a provider's server (RFC 8414 section 2).
#[derive(Clone, Debug)]
pub(crate) struct ProviderMetadata {
    pub(crate) issuer: Option<String>,
    pub(crate) authorization_endpoint: Url,
    pub(crate) token_endpoint: Url,
    pub(crate) user_info_endpoint: Option<Url>,
    /// RFC 9126 section 5.
    pub(crate) pushed_authorization_endpoint: Option<Url>,
    pub(crate) requires_pushed_authorization: bool,
    /// OpenID Connect RP-Initiated Logout 1.0 section 2.1.
    pub(crate) end_session_endpoint: Option<Url>,
    pub(crate) key_set_url: Option<Url>,
    /// RFC 9207 section 3.
    pub(crate) sends_issuer: bool,
    pub(crate) token_endpoint_auth_methods: Option<Vec<String>>,
}

impl ProviderMetadata {
    /// Nothing is known but one address, which serves for everything.
    #[cfg(test)]
    pub(crate) fn at(endpoint: Url) -> Self {
        Self {
            issuer: None,
            authorization_endpoint: endpoint.clone(),
            token_endpoint: endpoint,
            user_info_endpoint: None,
            pushed_authorization_endpoint: None,
            requires_pushed_authorization: false,
            end_session_endpoint: None,
            key_set_url: None,
            sends_issuer: false,
            token_endpoint_auth_methods: None,
        }
    }
}

/// A provider's server, whose metadata and keys are looked up when they are needed.
#[derive(Debug)]
pub(crate) struct Server {
    source: Source,
    lifetime: i64,
    keys: Cache<KeySet>,
    pub(crate) refreshes: SingleFlight<TokenSet>,
}

#[derive(Debug)]
enum Source {
    Fixed(Arc<ProviderMetadata>),
    Discovered(Box<Discovered>),
}

#[derive(Debug)]
struct Discovered {
    issuer: String,
    document: Url,
    cache: Cache<ProviderMetadata>,
}

impl Server {
    /// Checks the addresses of a definition.
    pub(crate) fn new(definition: &OAuthDefinition, lifetime: i64) -> Result<Self, ConfigError> {
        let url = |what, text: &str| checked_url(&definition.id, what, text);
        let optional =
            |what, text: &Option<String>| text.as_ref().map(|text| url(what, text)).transpose();
        let source = match &definition.endpoints.0 {
            EndpointSource::Discovered { issuer, document } => {
                url("issuer", issuer)?;
                let below = format!("{}{DISCOVERY_SUFFIX}", issuer.trim_end_matches('/'));
                let document = document.as_deref().unwrap_or(&below);
                Source::Discovered(Box::new(Discovered {
                    issuer: issuer.clone(),
                    document: url("discovery document", document)?,
                    cache: Cache::default(),
                }))
            }
            EndpointSource::Fixed {
                authorization,
                token,
                user_info,
                pushed_authorization,
                issuer,
            } => {
                Source::Fixed(Arc::new(ProviderMetadata {
                    issuer: issuer.clone(),
                    authorization_endpoint: url("authorization endpoint", authorization)?,
                    token_endpoint: url("token endpoint", token)?,
                    user_info_endpoint: optional("userinfo endpoint", user_info)?,
                    pushed_authorization_endpoint: optional(
                        "pushed authorization request endpoint",
                        pushed_authorization,
                    )?,
                    requires_pushed_authorization: false,
                    end_session_endpoint: None,
                    // Plain OAuth 2.0 has no ID tokens to verify.
                    key_set_url: None,
                    sends_issuer: false,
                    token_endpoint_auth_methods: None,
                }))
            }
        };
        Ok(Self { source, lifetime, keys: Cache::default(), refreshes: SingleFlight::default() })
    }

    pub(crate) async fn metadata(
        &self,
        client: &dyn ErasedHttpClient,
        now: Timestamp,
    ) -> Result<Arc<ProviderMetadata>, OAuthError> {
        match &self.source {
            Source::Fixed(metadata) => Ok(Arc::clone(metadata)),
            Source::Discovered(discovered) => {
                let Discovered { issuer, document, cache } = &**discovered;
                let fetch = async { from_document(&get_json(client, document).await?, issuer) };
                cache.value(now, self.lifetime, fetch).await.map_err(OAuthError::Discovery)
            }
        }
    }

    /// The provider's keys; fetched again if `renew` says that those at hand did not do.
    pub(crate) async fn keys(
        &self,
        client: &dyn ErasedHttpClient,
        metadata: &ProviderMetadata,
        now: Timestamp,
        renew: bool,
    ) -> Result<Arc<KeySet>, OAuthError> {
        let url = metadata.key_set_url.as_ref().ok_or(OAuthError::MissingEndpoint("jwks_uri"))?;
        let fetch = async {
            let set = Value::Object(get_json(client, url).await?);
            KeySet::from_json(&set).ok_or_else(|| BoxError::from("the answer is not a JWK set"))
        };
        let keys = if renew {
            self.keys.renewed(now, fetch).await
        } else {
            self.keys.value(now, self.lifetime, fetch).await
        };
        keys.map_err(OAuthError::KeySet)
    }
}

/// Takes a discovery document apart. Its issuer must be the configured one to the letter
/// (OpenID Connect Discovery section 4.3).
fn from_document(document: &JsonObject, expected: &str) -> Result<ProviderMetadata, BoxError> {
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    let issuer = text("issuer").ok_or("the discovery document names no issuer")?;
    if issuer != expected {
        return Err(format!(
            "the discovery document is of the issuer `{}`, the configured one is `{expected}`",
            issuer.escape_debug()
        )
        .into());
    }
    let optional = |name: &str| -> Result<Option<Url>, BoxError> {
        let Some(text) = text(name) else { return Ok(None) };
        let url = Url::parse(text)?;
        if !is_protected(&url) {
            return Err(format!("the discovered `{name}` is not https").into());
        }
        Ok(Some(url))
    };
    let required = |name: &str| -> Result<Url, BoxError> {
        optional(name)?.ok_or_else(|| format!("the discovery document has no `{name}`").into())
    };
    let methods = document.get("token_endpoint_auth_methods_supported").and_then(Value::as_array);
    let methods = methods
        .map(|methods| methods.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect());
    let is_true = |name: &str| document.get(name) == Some(&Value::Bool(true));
    Ok(ProviderMetadata {
        issuer: Some(issuer.to_owned()),
        authorization_endpoint: required("authorization_endpoint")?,
        token_endpoint: required("token_endpoint")?,
        user_info_endpoint: optional("userinfo_endpoint")?,
        pushed_authorization_endpoint: optional("pushed_authorization_request_endpoint")?,
        requires_pushed_authorization: is_true("require_pushed_authorization_requests"),
        end_session_endpoint: optional("end_session_endpoint")?,
        key_set_url: optional("jwks_uri")?,
        sends_issuer: is_true("authorization_response_iss_parameter_supported"),
        token_endpoint_auth_methods: methods,
    })
}
