//! Provider metadata (RFC 8414 section 2, OpenID Connect Discovery 1.0 section 3): endpoints and
//! abilities, declared in a definition or read from a discovery document.

use serde_json::Value;
use url::Url;

#[cfg(feature = "oauth2")]
use super::FurtherEndpoints;
use super::definition::Transport;
use super::discovered_endpoint::{UnusableEndpoint, read};
use super::issuer::ExpectedIssuer;
use super::{OAuthDefinition, PushedAuthorization};
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
    /// Endpoints that are not needed, are there and cannot be used.
    pub(super) unusable: Vec<UnusableEndpoint>,
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
            unusable: Vec::new(),
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
    /// By RFC 8414's names.
    addresses: Vec<(&'static str, Url)>,
    /// What has to be there, declared or discovered.
    needs: Vec<Need>,
    /// What has to be there if nothing is discovered. A document without it stops no sign-in.
    wants: Option<Need>,
}

/// An endpoint that something cannot do without.
#[derive(Clone, Debug)]
struct Need {
    name: &'static str,
    /// What asks for it, as a message goes on.
    why: &'static str,
}

impl Declared {
    pub(super) fn new(definition: &OAuthDefinition) -> Result<Self, ConfigError> {
        let (provider, transport) = (&*definition.common.id, definition.transport());
        let addresses = definition.endpoints.declared();
        let addresses =
            addresses.map(|address| Ok((address.name, address.checked(provider, transport)?)));
        let addresses = addresses.collect::<Result<_, ConfigError>>()?;
        let is_told_of_logouts = definition.endpoints.is_openid_connect()
            && definition.post_logout_redirect_uri.is_some();
        let wants = is_told_of_logouts.then_some(Need {
            name: "end_session_endpoint",
            why: "`post_logout_redirect_uri` is sent there",
        });
        Ok(Self { addresses, needs: needs(definition), wants })
    }

    fn get(&self, name: &str) -> Option<&Url> {
        self.addresses.iter().find(|(declared, _)| *declared == name).map(|(_, url)| url)
    }
}

/// What a sign-in as it is described cannot do without beside the two endpoints of every flow, so that
/// it fails before it begins.
fn needs(definition: &OAuthDefinition) -> Vec<Need> {
    let is_openid_connect = definition.endpoints.is_openid_connect();
    let asks_for_user_info = !is_openid_connect || definition.fetch_user_info;
    let is_by_secret = definition.id_token_algorithm == Some(SignatureAlgorithm::Hs256);
    let is_signed = asks_for_user_info && definition.user_info_endpoint.signed.is_some();
    let is_pushed = definition.pushed_authorization == PushedAuthorization::Always;
    let by_user_info = match is_openid_connect {
        true => "`fetch_user_info` asks it",
        false => "plain OAuth 2.0 asks it who somebody is",
    };
    let by_keys = match is_signed {
        true => "its userinfo answer is signed",
        false => "its ID tokens are signed",
    };
    let all = [
        (asks_for_user_info, "userinfo_endpoint", by_user_info),
        (is_openid_connect && !is_by_secret || is_signed, "jwks_uri", by_keys),
        (is_pushed, PUSHED, "`pushed_authorization` is `always`"),
    ];
    let all = all.into_iter().filter(|(is_needed, ..)| *is_needed);
    all.map(|(_, name, why)| Need { name, why }).collect()
}

const PUSHED: &str = "pushed_authorization_request_endpoint";

/// Reads a discovery document, whose issuer must be the expected one (OpenID Connect Discovery 1.0
/// section 4.3).
pub(super) fn from_document(
    document: &JsonObject,
    expected: &ExpectedIssuer,
    declared: &Declared,
    transport: Transport,
) -> Result<ProviderMetadata, BoxError> {
    let issuer = expected.of_document(document)?;
    let mut needs: Vec<&str> = declared.needs.iter().map(|need| need.name).collect();
    if is_true(document, "require_pushed_authorization_requests") {
        needs.push(PUSHED);
    }
    let lacks = |name: &str| {
        format!(
            "the discovery document has no `{name}`: see that it is the provider's, or declare the \
             endpoint"
        )
    };
    ProviderMetadata::of(Some(issuer.to_owned()), document, declared, transport, &needs, lacks)
}

fn is_true(document: &JsonObject, name: &str) -> bool {
    document.get(name) == Some(&Value::Bool(true))
}

impl ProviderMetadata {
    /// What is declared, where nothing is discovered. The error is the rest of a sentence about the
    /// provider.
    pub(super) fn declared(
        issuer: Option<String>,
        declared: &Declared,
        transport: Transport,
    ) -> Result<Self, BoxError> {
        let all: Vec<&Need> = declared.needs.iter().chain(&declared.wants).collect();
        let needs: Vec<&str> = all.iter().map(|need| need.name).collect();
        let lacks = |name: &str| {
            let why = all.iter().find(|need| need.name == name);
            let why = why.map_or("every sign-in needs it", |need| need.why);
            format!("has no `{name}`, and {why}: declare it")
        };
        Self::of(issuer, &JsonObject::new(), declared, transport, &needs, lacks)
    }

    /// What is declared, and for the rest what a document says.
    fn of(
        issuer: Option<String>,
        document: &JsonObject,
        declared: &Declared,
        transport: Transport,
        needs: &[&str],
        lacks: impl Fn(&str) -> String,
    ) -> Result<Self, BoxError> {
        let find = |name: &'static str| match declared.get(name) {
            Some(url) => Ok(Some(url.clone())),
            None => read(document.get(name), name, transport),
        };
        let needed = |name: &'static str| match find(name) {
            Ok(url) => url.ok_or_else(|| BoxError::from(lacks(name))),
            Err(UnusableEndpoint { member, reason }) => {
                Err(format!("the discovery document's `{member}` {reason}").into())
            }
        };
        let mut unusable = Vec::new();
        let mut endpoint = |name: &'static str| {
            if needs.contains(&name) {
                return needed(name).map(Some);
            }
            // Nobody is refused for an address that nobody asks.
            Ok(find(name).unwrap_or_else(|endpoint| {
                unusable.push(endpoint);
                None
            }))
        };
        let authorization_endpoint = needed("authorization_endpoint")?;
        let token_endpoint = needed("token_endpoint")?;
        let userinfo_endpoint = endpoint("userinfo_endpoint")?;
        let pushed_authorization_request_endpoint = endpoint(PUSHED)?;
        let end_session_endpoint = endpoint("end_session_endpoint")?;
        let jwks_uri = endpoint("jwks_uri")?;
        let methods =
            document.get("token_endpoint_auth_methods_supported").and_then(Value::as_array);
        let methods = methods.map(|methods| {
            methods.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
        });
        let algorithms = document.get("id_token_signing_alg_values_supported");
        let algorithms = algorithms.and_then(Value::as_array).into_iter().flatten();
        let algorithms = algorithms
            .filter_map(|name| SignatureAlgorithm::of_name(name.as_str()?))
            .filter(|algorithm| algorithm.is_asymmetric());
        Ok(Self {
            issuer,
            authorization_endpoint,
            token_endpoint,
            userinfo_endpoint,
            pushed_authorization_request_endpoint,
            require_pushed_authorization_requests: is_true(
                document,
                "require_pushed_authorization_requests",
            ),
            end_session_endpoint,
            jwks_uri,
            unusable,
            authorization_response_iss_parameter_supported: is_true(
                document,
                "authorization_response_iss_parameter_supported",
            ),
            token_endpoint_auth_methods_supported: methods,
            #[cfg(feature = "oauth2")]
            further_endpoints: FurtherEndpoints::of(document, transport),
            id_token_signing_alg_values_supported: algorithms.collect(),
        })
    }
}
