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

    /// The addresses that are declared.
    pub(crate) fn declared(&self) -> impl Iterator<Item = DeclaredAddress<'_>> {
        let plain = checked_url as CheckAddress;
        let all = [
            (
                "authorization_endpoint",
                "authorization endpoint",
                plain,
                &self.authorization_endpoint,
            ),
            ("token_endpoint", "token endpoint", plain, &self.token_endpoint),
            ("userinfo_endpoint", "userinfo endpoint", checked_template, &self.userinfo_endpoint),
            (
                "pushed_authorization_request_endpoint",
                "pushed authorization request endpoint",
                plain,
                &self.pushed_authorization_request_endpoint,
            ),
            ("end_session_endpoint", "end-session endpoint", plain, &self.end_session_endpoint),
            ("jwks_uri", "key set", plain, &self.jwks_uri),
        ];
        all.into_iter().filter_map(|(name, what, check, text)| {
            Some(DeclaredAddress { name, what, check, text: text.as_deref()? })
        })
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

/// An address that a definition declares.
pub(crate) struct DeclaredAddress<'a> {
    /// RFC 8414's.
    pub(crate) name: &'static str,
    /// As messages call it.
    what: &'static str,
    check: CheckAddress,
    text: &'a str,
}

type CheckAddress = fn(&str, Transport, &str, &str) -> Result<Url, ConfigError>;

impl DeclaredAddress<'_> {
    pub(crate) fn checked(&self, provider: &str, transport: Transport) -> Result<Url, ConfigError> {
        (self.check)(provider, transport, self.what, self.text)
    }
}

/// An issuer's URL must be https and that of no document: everything is found below it.
pub(crate) fn checked_issuer(
    provider: &str,
    transport: Transport,
    text: &str,
) -> Result<Url, ConfigError> {
    let tenant_free = text.replace(TENANT, "common");
    if tenant_free.contains(['{', '}']) {
        return Err(ConfigError::new(format!(
            "the issuer `{text}` of the provider `{provider}` holds a placeholder, and nothing is put \
             in its place: write the issuer as it is; where one document serves many tenants, write \
             `{TENANT}` and set `tenant_claim`"
        )));
    }
    let url = checked_url(provider, transport, "issuer", &tenant_free)?;
    let Some((before, behind)) = text.split_once("/.well-known/") else {
        // OpenID Connect Core 1.0 section 2.
        return match text.split_once(['?', '#']) {
            None => Ok(url),
            Some((issuer, _)) => Err(ConfigError::new(format!(
                "the issuer `{text}` of the provider `{provider}` has a query or a fragment, and no \
                 issuer has: write `{issuer}`; if the discovery document's address has one, name \
                 that by `discovery_document`"
            ))),
        };
    };
    // RFC 8414 section 3.1 puts the issuer's path behind, OpenID Connect Discovery before.
    let path = behind.split(['?', '#']).next().unwrap_or_default().split_once('/');
    let path = path.map(|(_, path)| path).filter(|path| !path.is_empty());
    let issuer = path.map_or_else(|| before.to_owned(), |path| format!("{before}/{path}"));
    Err(ConfigError::new(format!(
        "the issuer `{text}` of the provider `{provider}` is the address of its discovery document: \
         the issuer is what the document says it is, most likely `{issuer}`; a document that is not \
         below its issuer is named by `discovery_document`"
    )))
}

/// The URL of what is asked as it stands: no placeholder is left in it.
pub(crate) fn checked_url(
    provider: &str,
    transport: Transport,
    what: &str,
    text: &str,
) -> Result<Url, ConfigError> {
    // A browser would be sent to `%7Btenant%7D`.
    if text.contains(['{', '}']) {
        return Err(ConfigError::new(format!(
            "the {what} `{text}` of the provider `{provider}` holds a placeholder, and nothing is \
             put in its place here: write the address as it is"
        )));
    }
    checked_template(provider, transport, what, text)
}

/// An endpoint's URL must be https; http only for a loopback host (RFC 6749 section 3.1), or where
/// the application takes the danger.
fn checked_template(
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
    let url = Url::parse(text).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => refused(),
        error => ConfigError::new(format!(
            "the {what} `{text}` of the provider `{provider}` is no URL ({error}); where it begins with \
             a setting, write a `/` behind that"
        )),
    })?;
    if transport.takes(&url) { Ok(url) } else { Err(refused()) }
}

/// By what a provider may be asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Transport {
    /// https, and http on this machine.
    Protected,
    /// http as well.
    Any,
    /// https only.
    Encrypted,
}

impl Transport {
    /// Whether nobody on the way can read or change what is sent there, or may.
    pub(crate) fn takes(self, url: &Url) -> bool {
        match url.scheme() {
            "https" => true,
            "http" => match self {
                Self::Any => true,
                Self::Protected => is_loopback(url),
                Self::Encrypted => false,
            },
            _ => false,
        }
    }

    /// What counts for the addresses in a document from there. One that came by https is a
    /// provider's, and no provider is on this machine and by http (RFC 8414 section 2, OpenID Connect
    /// Discovery 1.0 section 3).
    pub(crate) fn of_document(self, document: &Url) -> Self {
        match self {
            Self::Protected if document.scheme() == "https" => Self::Encrypted,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_the_address_of_no_document_and_has_no_query() {
        let checked = |text| checked_issuer("acme", Transport::Protected, text);
        assert!(checked("https://id.acme.example/realms/acme/").is_ok());
        assert!(checked("https://id.acme.example/{tenantid}/v2.0").is_ok());
        for (text, likely) in [
            ("https://id.acme.example/?realm=acme", "write `https://id.acme.example/`;"),
            ("https://id.acme.example#login", "write `https://id.acme.example`;"),
            ("https://id.acme.example/.well-known/x?y", "likely `https://id.acme.example`;"),
        ] {
            let error = checked(text).unwrap_err().to_string();
            assert!(error.contains(likely), "{error}");
        }
    }
}
