//! Where are a provider's endpoints, and which addresses are safe to use?

use url::Url;

use crate::error::ConfigError;

/// One endpoint's URL as it was written; parsed and checked by `build()`.
pub type Endpoint = String;

/// Where a provider's endpoints are.
#[derive(Clone, Debug)]
pub struct Endpoints(pub(crate) EndpointSource);

#[derive(Clone, Debug)]
pub(crate) enum EndpointSource {
    Discovered {
        issuer: String,
        document: Option<String>,
    },
    Fixed {
        authorization: String,
        token: String,
        user_info: Option<String>,
        pushed_authorization: Option<String>,
        issuer: Option<String>,
    },
}

impl Endpoints {
    /// OpenID Connect Discovery: the endpoints stand in the document below the issuer.
    #[must_use]
    pub fn discovered(issuer: impl Into<String>) -> Self {
        Self(EndpointSource::Discovered { issuer: issuer.into(), document: None })
    }

    /// Plain OAuth 2.0: the profile is what the userinfo endpoint answers.
    #[must_use]
    pub fn oauth2(
        authorization: impl Into<Endpoint>,
        token: impl Into<Endpoint>,
        user_info: impl Into<Endpoint>,
    ) -> Self {
        Self(EndpointSource::Fixed {
            authorization: authorization.into(),
            token: token.into(),
            user_info: Some(user_info.into()),
            pushed_authorization: None,
            issuer: None,
        })
    }

    /// The discovery document's own address, where it is not below the issuer.
    #[must_use]
    pub fn document(mut self, url: impl Into<Endpoint>) -> Self {
        if let EndpointSource::Discovered { document, .. } = &mut self.0 {
            *document = Some(url.into());
        }
        self
    }

    /// The issuer of a plain OAuth 2.0 provider, compared with an `iss` in the callback
    /// (RFC 9207).
    #[must_use]
    pub fn issuer(mut self, value: impl Into<String>) -> Self {
        match &mut self.0 {
            EndpointSource::Discovered { issuer, .. } => *issuer = value.into(),
            EndpointSource::Fixed { issuer, .. } => *issuer = Some(value.into()),
        }
        self
    }

    /// Where a plain OAuth 2.0 provider takes pushed authorization requests (RFC 9126); they are
    /// used with [`PushedAuthorization::Always`](super::PushedAuthorization).
    #[must_use]
    pub fn pushed_authorization(mut self, url: impl Into<Endpoint>) -> Self {
        if let EndpointSource::Fixed { pushed_authorization, .. } = &mut self.0 {
            *pushed_authorization = Some(url.into());
        }
        self
    }

    /// The issuer, as far as it is configured.
    pub(crate) fn expected_issuer(&self) -> Option<&str> {
        match &self.0 {
            EndpointSource::Discovered { issuer, .. } => Some(issuer),
            EndpointSource::Fixed { issuer, .. } => issuer.as_deref(),
        }
    }

    pub(crate) fn is_openid_connect(&self) -> bool {
        matches!(self.0, EndpointSource::Discovered { .. })
    }
}

/// An endpoint's URL must be https; http only for a loopback host (RFC 6749 section 3.1).
pub(crate) fn checked_url(provider: &str, what: &str, text: &str) -> Result<Url, ConfigError> {
    let refused = || {
        ConfigError::new(format!(
            "the {what} `{text}` of the provider `{provider}` is not an https URL \
             (http is accepted for loopback hosts only)"
        ))
    };
    let url = Url::parse(text).map_err(|error| refused().with_source(error))?;
    if is_protected(&url) { Ok(url) } else { Err(refused()) }
}

/// Whether nobody on the way can read or change what is sent there.
pub(crate) fn is_protected(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => true,
        "http" => is_loopback,
        _ => false,
    }
}
