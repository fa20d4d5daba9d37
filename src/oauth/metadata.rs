//! Provider metadata (RFC 8414 section 2, OpenID Connect Discovery 1.0 section 3): endpoints and
//! abilities, declared in a definition or read from a discovery document.

use serde_json::Value;
use url::Url;

#[cfg(feature = "oauth2")]
use super::FurtherEndpoints;
use super::definition::{Endpoints, Transport, checked_url};
use super::issuer::ExpectedIssuer;
use crate::error::{BoxError, ConfigError};
use crate::jose::SignatureAlgorithm;
use crate::model::JsonObject;

/// What is known of a provider's authorization server, by RFC 8414's names.
#[derive(Clone, Debug)]
pub(super) struct ProviderMetadata {
    pub(super) issuer: Option<String>,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) userinfo_endpoint: Option<Url>,
    /// RFC 9126 section 5.
    pub(super) pushed_authorization_request_endpoint: Option<Url>,
    pub(super) require_pushed_authorization_requests: bool,
    /// OpenID Connect RP-Initiated Logout 1.0 section 2.1.
    pub(super) end_session_endpoint: Option<Url>,
    pub(super) jwks_uri: Option<Url>,
    /// RFC 9207 section 3.
    pub(super) authorization_response_iss_parameter_supported: bool,
    pub(super) token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[cfg(feature = "oauth2")]
    pub(super) further_endpoints: FurtherEndpoints,
    /// Those of them that typegate takes from anybody who publishes keys: neither `none` nor an HMAC.
    pub(super) id_token_signing_alg_values_supported: Vec<SignatureAlgorithm>,
}

impl ProviderMetadata {
    /// Metadata that name one address for everything.
    #[cfg(test)]
    pub(super) fn at(endpoint: Url) -> Self {
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
            #[cfg(feature = "oauth2")]
            further_endpoints: FurtherEndpoints::default(),
            id_token_signing_alg_values_supported: Vec::new(),
        }
    }
}

/// The addresses of a definition, which win over discovered ones.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) authorization_endpoint: Option<Url>,
    pub(super) token_endpoint: Option<Url>,
    pub(super) userinfo_endpoint: Option<Url>,
    pub(super) pushed_authorization_request_endpoint: Option<Url>,
    pub(super) end_session_endpoint: Option<Url>,
    pub(super) jwks_uri: Option<Url>,
    /// What counts for those that are discovered, too.
    pub(super) transport: Transport,
}

impl Declared {
    pub(super) fn new(
        provider: &str,
        transport: Transport,
        endpoints: &Endpoints,
    ) -> Result<Self, ConfigError> {
        let template = |what, text: &Option<String>| {
            text.as_ref().map(|text| checked_url(provider, transport, what, text)).transpose()
        };
        let url = |what, text: &Option<String>| match text {
            // A browser would be sent to `%7Btenant%7D`.
            Some(text) if text.contains(['{', '}']) => Err(ConfigError::new(format!(
                "the {what} `{text}` of the provider `{provider}` holds a placeholder, and nothing is \
                 put in its place here: write the address as it is"
            ))),
            text => template(what, text),
        };
        Ok(Self {
            transport,
            authorization_endpoint: url(
                "authorization endpoint",
                &endpoints.authorization_endpoint,
            )?,
            token_endpoint: url("token endpoint", &endpoints.token_endpoint)?,
            userinfo_endpoint: template("userinfo endpoint", &endpoints.userinfo_endpoint)?,
            pushed_authorization_request_endpoint: url(
                "pushed authorization request endpoint",
                &endpoints.pushed_authorization_request_endpoint,
            )?,
            end_session_endpoint: url("end-session endpoint", &endpoints.end_session_endpoint)?,
            jwks_uri: url("key set", &endpoints.jwks_uri)?,
        })
    }
}

/// Reads a discovery document, whose issuer must be the expected one (OpenID Connect Discovery 1.0
/// section 4.3).
pub(super) fn from_document(
    document: &JsonObject,
    expected: &ExpectedIssuer,
    declared: &Declared,
) -> Result<ProviderMetadata, BoxError> {
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    let issuer = expected.of_document(document)?;
    let transport = declared.transport;
    let optional = |declared: &Option<Url>, name: &str| -> Result<Option<Url>, BoxError> {
        if declared.is_some() {
            return Ok(declared.clone());
        }
        let Some(text) = text(name) else { return Ok(None) };
        let url = Url::parse(text)?;
        if !transport.takes(&url) {
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
    let algorithms = document.get("id_token_signing_alg_values_supported");
    let algorithms = algorithms.and_then(Value::as_array).into_iter().flatten();
    let algorithms = algorithms
        .filter_map(|name| SignatureAlgorithm::of_name(name.as_str()?))
        .filter(|algorithm| algorithm.is_asymmetric());
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
        #[cfg(feature = "oauth2")]
        further_endpoints: FurtherEndpoints::of(document, transport),
        id_token_signing_alg_values_supported: algorithms.collect(),
    })
}
