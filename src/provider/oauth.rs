//! What has to be known of an OAuth 2.0 or OpenID Connect provider.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;
use typed_builder::TypedBuilder;
use url::Url;

use crate::error::{BoxError, CallbackError, ConfigError};
use crate::jwt::SignatureAlgorithm;
use crate::model::{Profile, TokenSet};
use crate::outbound::ErasedHttpClient;
use crate::secret::ClientSecret;
use crate::theme::ButtonStyle;

/// A protection of the authorization-code flow. PKCE is always S256.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Check {
    /// RFC 7636: the code is worth nothing to whoever did not start the sign-in.
    Pkce,
    /// RFC 6749 section 10.12: the callback belongs to this browser.
    State,
    /// OpenID Connect Core section 15.5.2: the ID token belongs to this sign-in.
    Nonce,
}

/// How the client proves itself at the token endpoint.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// `client_secret_basic`, or with discovery whatever of basic and post the provider
    /// announces.
    #[default]
    Automatic,
    /// Id and secret in the `Authorization` header, each form-encoded (RFC 6749 section 2.3.1).
    Basic,
    /// Id and secret in the form.
    Post,
    /// A public client: the id in the form, no secret.
    None,
}

/// This application at the provider.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) id: String,
    pub(crate) secret: Option<ClientSecret>,
    pub(crate) authentication: ClientAuthentication,
}

impl Client {
    /// A client with a secret.
    #[must_use]
    pub fn new(id: impl Into<String>, secret: impl Into<ClientSecret>) -> Self {
        Self {
            id: id.into(),
            secret: Some(secret.into()),
            authentication: ClientAuthentication::Automatic,
        }
    }

    /// A client without a secret. Use it with [`Check::Pkce`].
    #[must_use]
    pub fn public(id: impl Into<String>) -> Self {
        Self { id: id.into(), secret: None, authentication: ClientAuthentication::None }
    }

    /// Fixes how the client proves itself.
    #[must_use]
    pub fn authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.authentication = authentication;
        self
    }
}

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

    pub(crate) fn is_openid_connect(&self) -> bool {
        matches!(self.0, EndpointSource::Discovered { .. })
    }
}

type MapProfile = dyn Fn(&Value, &TokenSet) -> Result<Profile, CallbackError> + Send + Sync;

/// Turns what a provider says about a person into a [`Profile`].
#[derive(Clone)]
pub struct ProfileMapper(Arc<MapProfile>);

impl ProfileMapper {
    /// Takes a function from the provider's own type. An answer that is not of that type is
    /// `OAUTH_PARSE_PROFILE_ERROR`.
    #[must_use]
    pub fn new<T, F>(map: F) -> Self
    where
        T: DeserializeOwned,
        F: Fn(T, &TokenSet) -> Result<Profile, CallbackError> + Send + Sync + 'static,
    {
        Self(Arc::new(move |raw, tokens| {
            map(T::deserialize(raw).map_err(CallbackError::new)?, tokens)
        }))
    }

    pub(crate) fn map(&self, raw: &Value, tokens: &TokenSet) -> Result<Profile, CallbackError> {
        (self.0)(raw, tokens)
    }
}

impl fmt::Debug for ProfileMapper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProfileMapper")
    }
}

type RawProfile<'a> = Pin<Box<dyn Future<Output = Result<Value, BoxError>> + Send + 'a>>;
type CompleteProfile = dyn for<'a> Fn(UserInfoRequest<'a>) -> RawProfile<'a> + Send + Sync;

/// A provider's own way to complete what the userinfo endpoint answered.
#[derive(Clone)]
pub struct UserInfoHook(Arc<CompleteProfile>);

impl UserInfoHook {
    /// Takes a function that returns the completed answer.
    #[must_use]
    pub fn new<F>(complete: F) -> Self
    where
        F: for<'a> Fn(UserInfoRequest<'a>) -> RawProfile<'a> + Send + Sync + 'static,
    {
        Self(Arc::new(complete))
    }

    pub(crate) fn complete<'a>(&self, request: UserInfoRequest<'a>) -> RawProfile<'a> {
        (self.0)(request)
    }
}

impl fmt::Debug for UserInfoHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserInfoHook")
    }
}

/// What a [`UserInfoHook`] works with.
#[non_exhaustive]
pub struct UserInfoRequest<'a> {
    /// What the userinfo endpoint answered, or the ID token's claims.
    pub raw: Value,
    /// The tokens.
    pub tokens: &'a TokenSet,
    pub(crate) client: &'a dyn ErasedHttpClient,
}

impl UserInfoRequest<'_> {
    /// Sends a request through the configured HTTP client.
    ///
    /// # Errors
    ///
    /// What the client says.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        self.client.send(request).await
    }
}

impl fmt::Debug for UserInfoRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserInfoRequest")
    }
}

/// Everything the flows know of one provider. Parts without a default cannot be left out.
///
/// See [`Provider`](super::Provider) for an example.
#[derive(Clone, Debug, TypedBuilder)]
#[non_exhaustive]
pub struct OAuthDefinition {
    /// A segment of the provider's addresses and part of stored accounts: never change it.
    #[builder(setter(into))]
    pub(crate) id: String,
    /// The name people read.
    #[builder(setter(into))]
    pub(crate) name: String,
    /// This application at the provider.
    pub(crate) client: Client,
    /// Where the endpoints are.
    pub(crate) endpoints: Endpoints,
    /// What is asked for, separated by spaces; `openid` by default, as in v4.
    #[builder(default = "openid".into(), setter(into))]
    pub(crate) scope: String,
    /// The protections, PKCE and state by default.
    #[builder(default = vec![Check::Pkce, Check::State], setter(into))]
    pub(crate) checks: Vec<Check>,
    /// What the provider says, mapped.
    pub(crate) profile: ProfileMapper,
    /// The algorithm of ID tokens; RS256 by default.
    #[builder(default)]
    pub(crate) id_token_algorithm: SignatureAlgorithm,
    /// Whether the userinfo endpoint is asked for what the ID token does not say. Plain OAuth 2.0
    /// always asks.
    #[builder(default)]
    pub(crate) fetch_user_info: bool,
    /// A way to complete the answer.
    #[builder(default, setter(strip_option))]
    pub(crate) user_info_hook: Option<UserInfoHook>,
    /// Whether a new account is linked to an existing user with the same address. Whoever can
    /// make an account with somebody's address at this provider then signs in as them.
    #[builder(default)]
    pub(crate) dangerously_link_by_email: bool,
    /// The look of the button.
    #[builder(default, setter(strip_option))]
    pub(crate) style: Option<ButtonStyle>,
    /// Further parameters of the authorization request. Names that the flow sets itself are a
    /// `ConfigError` of `build()`.
    #[builder(default, setter(into))]
    pub(crate) authorization_parameters: Vec<(String, String)>,
}

impl OAuthDefinition {
    pub(crate) fn has(&self, check: Check) -> bool {
        self.checks.contains(&check)
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
