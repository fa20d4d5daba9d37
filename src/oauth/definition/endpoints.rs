//! The endpoints of a provider: where they are, under the names that its metadata give them
//! (RFC 8414 section 2), and which addresses are safe to use.

use url::Url;

use crate::error::ConfigError;
use crate::rule::parts;
use crate::web::site::is_loopback;

/// Where a provider's endpoints are: declared, discovered, or some of each.
///
/// ```
/// use typegate::provider::Endpoints;
///
/// // OpenID Connect, everything discovered.
/// let discovered = Endpoints::discovered("https://id.acme.example");
/// // OpenID Connect, the token endpoint declared and the others discovered.
/// let mixed = Endpoints::discovered("https://id.acme.example")
///     .token_endpoint("https://id.acme.example/oauth/token?version=2");
/// // OpenID Connect without discovery: the keys of the ID tokens have to be declared too.
/// let declared = Endpoints::discovered("https://id.acme.example")
///     .authorization_endpoint("https://id.acme.example/authorize")
///     .token_endpoint("https://id.acme.example/token")
///     .jwks_uri("https://id.acme.example/jwks");
/// ```
#[derive(Clone, Debug)]
pub struct Endpoints {
    pub(crate) protocol: Protocol,
    pub(crate) issuer: Option<String>,
    pub(crate) discovery_document: Option<String>,
    pub(crate) authorization_endpoint: Option<String>,
    pub(crate) token_endpoint: Option<String>,
    pub(crate) userinfo_endpoint: Option<String>,
    pub(crate) pushed_authorization_request_endpoint: Option<String>,
    pub(crate) end_session_endpoint: Option<String>,
    pub(crate) jwks_uri: Option<String>,
    pub(crate) tenant_claim: Option<String>,
}

parts! {
    /// Builds the endpoints of plain OAuth 2.0; none is left out or given twice.
    pub struct OAuth2EndpointsBuilder: OAuth2EndpointsSlots, OAuth2EndpointsTold makes Endpoints =
        Endpoints::plain();
    /// The endpoints. URLs are checked by the configuration's `build()`.
    build
    required {
        /// Where people are sent (RFC 6749 section 3.1).
        authorization_endpoint [authorization_endpoint AuthorizationEndpointGiven]: |endpoints, url: impl Into<String>|
            endpoints.authorization_endpoint = Some(url.into());
        /// Where codes are exchanged (RFC 6749 section 3.2).
        token_endpoint [token_endpoint TokenEndpointGiven]: |endpoints, url: impl Into<String>|
            endpoints.token_endpoint = Some(url.into());
        /// Where the provider tells who somebody is. Its path may hold `{access_token}` and
        /// `{tokens.NAME}`, see [`UserInfoEndpoint`](super::UserInfoEndpoint).
        userinfo_endpoint [userinfo_endpoint UserInfoEndpointGiven]: |endpoints, url: impl Into<String>|
            endpoints.userinfo_endpoint = Some(url.into());
    }
    optional {}
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Protocol {
    OAuth2,
    OpenIdConnect,
}

/// What stands in the issuer in the place of a tenant's id, in Microsoft's discovery documents.
pub(crate) const TENANT: &str = "{tenantid}";

const DISCOVERY_SUFFIX: &str = "/.well-known/openid-configuration";

/// Nothing that could add a path of its own to the issuer.
pub(crate) fn is_tenant_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

impl Endpoints {
    /// OpenID Connect of which nothing is known yet.
    pub(crate) fn openid_connect() -> Self {
        Self::of(Protocol::OpenIdConnect)
    }

    /// OAuth 2.0 of which nothing is known yet.
    pub(crate) fn plain() -> Self {
        Self::of(Protocol::OAuth2)
    }

    fn of(protocol: Protocol) -> Self {
        Self {
            protocol,
            issuer: None,
            discovery_document: None,
            authorization_endpoint: None,
            token_endpoint: None,
            userinfo_endpoint: None,
            pushed_authorization_request_endpoint: None,
            end_session_endpoint: None,
            jwks_uri: None,
            tenant_claim: None,
        }
    }

    /// OpenID Connect: what is not declared stands in the discovery document below the issuer.
    #[must_use]
    pub fn discovered(issuer: impl Into<String>) -> Self {
        Self::openid_connect().issuer(issuer)
    }

    /// Plain OAuth 2.0: the profile is what the userinfo endpoint answers. All three endpoints are
    /// required.
    ///
    /// ```
    /// use typegate::provider::Endpoints;
    ///
    /// let endpoints = Endpoints::oauth2()
    ///     .authorization_endpoint("https://acme.example/authorize")
    ///     .token_endpoint("https://acme.example/token")
    ///     .userinfo_endpoint("https://acme.example/me")
    ///     .build();
    /// ```
    pub fn oauth2() -> OAuth2EndpointsBuilder {
        OAuth2EndpointsBuilder::start()
    }

    /// The discovery document's own address, where it is not below the issuer.
    #[must_use]
    pub fn discovery_document(mut self, url: impl Into<String>) -> Self {
        self.discovery_document = Some(url.into());
        self
    }

    /// The issuer of a plain OAuth 2.0 provider, compared with an `iss` in the callback
    /// (RFC 9207).
    #[must_use]
    pub fn issuer(mut self, value: impl Into<String>) -> Self {
        self.issuer = Some(value.into());
        self
    }

    /// The authorization endpoint, instead of the discovered one.
    #[must_use]
    pub fn authorization_endpoint(mut self, url: impl Into<String>) -> Self {
        self.authorization_endpoint = Some(url.into());
        self
    }

    /// The token endpoint, instead of the discovered one.
    #[must_use]
    pub fn token_endpoint(mut self, url: impl Into<String>) -> Self {
        self.token_endpoint = Some(url.into());
        self
    }

    /// The userinfo endpoint, instead of the discovered one. Its path may hold `{access_token}`
    /// and `{tokens.NAME}`, see [`UserInfoEndpoint`](super::UserInfoEndpoint).
    #[must_use]
    pub fn userinfo_endpoint(mut self, url: impl Into<String>) -> Self {
        self.userinfo_endpoint = Some(url.into());
        self
    }

    /// Where the keys of ID tokens are (`jwks_uri`), instead of the discovered place.
    #[must_use]
    pub fn jwks_uri(mut self, url: impl Into<String>) -> Self {
        self.jwks_uri = Some(url.into());
        self
    }

    /// One discovery document serves many tenants: the issuer holds `{tenantid}`, and an ID
    /// token's issuer is the one that its claim of that name makes of it. A tenant's own document has
    /// the tenant's id there, and only that tenant's tokens are taken.
    ///
    /// Whoever owns a tenant can sign in, so look at the claim in the `signIn` callback where not
    /// every tenant is welcome.
    #[must_use]
    pub fn tenant_claim(mut self, name: impl Into<String>) -> Self {
        self.tenant_claim = Some(name.into());
        self
    }

    /// Where pushed authorization requests go (RFC 9126), instead of the discovered place; they are
    /// used with [`PushedAuthorization::Always`](super::PushedAuthorization).
    #[must_use]
    pub fn pushed_authorization_request_endpoint(mut self, url: impl Into<String>) -> Self {
        self.pushed_authorization_request_endpoint = Some(url.into());
        self
    }

    /// Where somebody signs out of an OpenID Connect provider (`end_session_endpoint`), instead of
    /// the discovered place.
    #[must_use]
    pub fn end_session_endpoint(mut self, url: impl Into<String>) -> Self {
        self.end_session_endpoint = Some(url.into());
        self
    }

    pub(crate) fn is_openid_connect(&self) -> bool {
        self.protocol == Protocol::OpenIdConnect
    }

    /// Where the discovery document is, if there is something to discover.
    pub(crate) fn document_url(&self) -> Option<String> {
        let issuer = self.issuer.as_ref().filter(|_| !self.is_complete())?;
        let tenant_free = issuer.replace(TENANT, "common");
        let below = || format!("{}{DISCOVERY_SUFFIX}", tenant_free.trim_end_matches('/'));
        Some(self.discovery_document.clone().unwrap_or_else(below))
    }

    /// Whether anything is left to be discovered.
    pub(crate) fn is_complete(&self) -> bool {
        self.authorization_endpoint.is_some()
            && self.token_endpoint.is_some()
            && (self.jwks_uri.is_some() || !self.is_openid_connect())
    }
}

/// An issuer's URL must be https and that of no document: everything is found below it.
pub(crate) fn checked_issuer(
    provider: &str,
    transport: Transport,
    text: &str,
) -> Result<Url, ConfigError> {
    let url = checked_url(provider, transport, "issuer", &text.replace(TENANT, "common"))?;
    let Some((before, behind)) = text.split_once("/.well-known/") else { return Ok(url) };
    // RFC 8414 section 3.1 puts the issuer's path behind, OpenID Connect Discovery before.
    let path = behind.split(['?', '#']).next().unwrap_or_default().split_once('/');
    let path = path.map(|(_, path)| path).filter(|path| !path.is_empty());
    let issuer = path.map_or_else(|| before.to_owned(), |path| format!("{before}/{path}"));
    Err(ConfigError::new(format!(
        "the issuer `{text}` of the provider `{provider}` is the address of its discovery document: \
         the issuer is what that says of itself, most likely `{issuer}`; a document that is not below \
         its issuer is named by `discovery_document`"
    )))
}

/// An endpoint's URL must be https; http only for a loopback host (RFC 6749 section 3.1), or where
/// the application takes the danger.
pub(crate) fn checked_url(
    provider: &str,
    transport: Transport,
    what: &str,
    text: &str,
) -> Result<Url, ConfigError> {
    let refused = || {
        ConfigError::new(format!(
            "the {what} `{text}` of the provider `{provider}` is not an https URL \
             (http is accepted for loopback hosts only, and in development by \
             `dangerously_allow_http`)"
        ))
    };
    let url = Url::parse(text).map_err(|error| refused().with_source(error))?;
    if transport.takes(&url) { Ok(url) } else { Err(refused()) }
}

/// By what a provider may be asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Transport {
    /// https, and http on this machine.
    Protected,
    /// http as well.
    Any,
}

impl Transport {
    /// Whether nobody on the way can read or change what is sent there, or may.
    pub(crate) fn takes(self, url: &Url) -> bool {
        match url.scheme() {
            "https" => true,
            "http" => self == Self::Any || is_loopback(url),
            _ => false,
        }
    }
}
