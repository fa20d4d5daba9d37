//! A client of the crate `oauth2` for a configured provider: the flows that are no sign-in, over the
//! same HTTP client.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use oauth2::basic::BasicClient;
use oauth2::{
    AsyncHttpClient, AuthType, ClientId, ClientSecret, DeviceAuthorizationUrl, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IntrospectionUrl, RevocationUrl,
    TokenUrl,
};
use url::Url;

use crate::config::{Auth, Provider};
use crate::error::{BoxError, ErrorCode, OAuth2ClientError, debug_as_display};
use crate::oauth::{RegisteredAuthentication, Transport};
use crate::web::outbound::{ErasedHttpClient, FailedRequest, address};

/// The client of the crate [`oauth2`] that [`Auth::oauth2_client`] makes.
///
/// The token endpoint is there. Those of device authorization, introspection and revocation are
/// there if the provider's discovery document names them; otherwise the calls that need one are
/// [`ConfigurationError::MissingUrl`](oauth2::ConfigurationError), and for plain OAuth 2.0 the
/// application sets them itself:
///
/// ```
/// use typegate::oauth2::RevocationUrl;
/// # use typegate::provider::catalog::GitLab;
/// # use typegate::{Auth, BoxError, Secret};
/// # async fn test() -> Result<(), BoxError> {
/// # let auth = Auth::builder()
/// #     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
/// #     .url("https://app.example.com".parse()?)
/// #     .provider(GitLab::new("client id", "client secret".into()))
/// #     .build()?;
/// let gitlab = auth.oauth2_client("gitlab").await?;
/// assert!(gitlab.client.revocation_url().is_none());
/// let url = RevocationUrl::new("https://gitlab.com/oauth/revoke".to_owned())?;
/// let client = gitlab.client.set_revocation_url(url);
/// # assert_eq!(client.revocation_url().url().path(), "/oauth/revoke");
/// # Ok(())
/// # }
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # runtime.block_on(test()).unwrap();
/// ```
///
/// The authorization endpoint is not set, so there is nothing to send people to: they sign in by the
/// auth routes, which check what comes back.
///
/// ```compile_fail,E0599
/// use typegate::ProviderClient;
/// use typegate::oauth2::CsrfToken;
///
/// fn sign_in(client: &ProviderClient) {
///     client.authorize_url(CsrfToken::new_random);
/// }
/// ```
pub type ProviderClient =
    BasicClient<EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet, EndpointMaybeSet, EndpointSet>;

/// A provider's client, and what sends its requests; made by [`Auth::oauth2_client`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OAuth2Client {
    /// Makes the requests: the methods are those of [`oauth2::Client`].
    pub client: ProviderClient,
    /// Sends them: to be given to `request_async`.
    pub http_client: OAuth2HttpClient,
}

/// Sends the requests of the crate [`oauth2`] through the configured
/// [`HttpClient`](crate::HttpClient), with its deadlines and limits, its proxies and its
/// certificates.
///
/// What is neither https nor on this machine is not sent, unless the provider may be asked by http
/// (`dangerously_allow_http`).
#[derive(Clone)]
pub struct OAuth2HttpClient {
    client: Arc<dyn ErasedHttpClient>,
    transport: Transport,
}

/// Why a request of the crate [`oauth2`] has no answer.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum OAuth2HttpError {
    /// The address is not https (http is accepted for loopback hosts only), so nothing was sent.
    #[error("{request} was not sent: it is not https (http is accepted for loopback hosts only)")]
    NotHttps {
        /// The method and the address, without the values of its parameters.
        request: String,
    },
    /// The HTTP client failed. The cause names the method and the address, without the values of its
    /// parameters and without what was sent.
    #[error("the provider did not answer")]
    NoAnswer(#[source] BoxError),
}

debug_as_display!(OAuth2HttpError);

impl<D> Auth<D> {
    /// A client of the crate [`oauth2`] for the provider with that id: client credentials, device
    /// code, introspection, revocation and whatever else is no sign-in. Behind the feature
    /// `oauth2`.
    ///
    /// It is the client that signs people in: the same id and secret, the same authentication
    /// (`client_secret_basic`, `client_secret_post` or `none`), the same token endpoint. Where the
    /// endpoints are discovered, the document is fetched or the one at hand is used; an endpoint in
    /// it that cannot be used counts as missing, which the log says (`DOUBTFUL_SETTING`).
    ///
    /// ```
    /// use typegate::oauth2::TokenResponse as _;
    /// use typegate::testing::IdentityProvider;
    /// use typegate::{Auth, BoxError, Secret};
    ///
    /// # async fn test() -> Result<(), BoxError> {
    /// let idp = IdentityProvider::new();
    /// let auth = Auth::builder()
    ///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
    ///     .url("https://app.example.com".parse()?)
    ///     .provider(idp.oidc("acme"))
    ///     .http_client(idp.clone())
    ///     .build()?;
    ///
    /// let acme = auth.oauth2_client("acme").await?;
    /// let request = acme.client.exchange_client_credentials();
    /// let tokens = request.request_async(&acme.http_client).await?;
    /// assert!(tokens.refresh_token().is_none());
    /// let revocation = acme.client.revoke_token(tokens.access_token().into())?;
    /// revocation.request_async(&acme.http_client).await?;
    /// # Ok(())
    /// # }
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # runtime.block_on(test()).unwrap();
    /// ```
    ///
    /// What is to be known of the crate:
    ///
    /// - It reads the answers, by its own rules. Those by which typegate reads a sign-in's do not
    ///   hold here.
    /// - Its client holds the secret as a plain `String`, which is not wiped, and a
    ///   [generated secret](crate::provider::GeneratedSecret) ends after half a day at the earliest:
    ///   ask for a client when there is something to do, and let go of it.
    /// - The `Debug` of [`RequestTokenError::Parse`](oauth2::RequestTokenError::Parse) prints the
    ///   whole answer, tokens included, and its cause may quote a member: log its `Display` only.
    /// - Its types stand in signatures here, so its next major version is a breaking change of this
    ///   feature.
    ///
    /// # Errors
    ///
    /// [`OAuth2ClientError`] if there is no such provider or it speaks no OAuth 2.0, if it differs
    /// from RFC 6749 in a way that the crate cannot express, or if its endpoints cannot be
    /// discovered.
    pub async fn oauth2_client(&self, provider: &str) -> Result<OAuth2Client, OAuth2ClientError> {
        let found = self.config.provider(provider);
        let not_oauth2 =
            |kind| Err(OAuth2ClientError::NotOAuth2 { provider: provider.to_owned(), kind });
        let registration = match found {
            Some(Provider::OAuth(relying_party)) => relying_party.registration().await?,
            Some(Provider::OAuth1(_)) => return not_oauth2("OAuth 1.0a"),
            Some(Provider::Email(_)) => return not_oauth2("e-mail"),
            Some(Provider::Credentials(_)) => return not_oauth2("credentials"),
            None => {
                return Err(OAuth2ClientError::UnknownProvider { provider: provider.to_owned() });
            }
        };
        let endpoints = registration.further_endpoints;
        for endpoint in endpoints.unusable {
            let message = endpoint.counts_as_missing();
            self.config.log.note(ErrorCode::DoubtfulSetting, Some(provider), &message);
        }
        let client = BasicClient::new(ClientId::new(registration.client_id));
        let with_secret = |client: BasicClient, secret: &str| {
            client.set_client_secret(ClientSecret::new(secret.to_owned()))
        };
        let client = match registration.authentication {
            RegisteredAuthentication::Basic(secret) => with_secret(client, secret.expose()),
            RegisteredAuthentication::Post(secret) => {
                with_secret(client, secret.expose()).set_auth_type(AuthType::RequestBody)
            }
            RegisteredAuthentication::None => client.set_auth_type(AuthType::RequestBody),
        };
        let client = client
            .set_token_uri(TokenUrl::from_url(registration.token_endpoint))
            .set_device_authorization_url_option(
                endpoints.device_authorization_endpoint.map(DeviceAuthorizationUrl::from_url),
            )
            .set_introspection_url_option(
                endpoints.introspection_endpoint.map(IntrospectionUrl::from_url),
            )
            .set_revocation_url_option(endpoints.revocation_endpoint.map(RevocationUrl::from_url));
        let http_client = OAuth2HttpClient {
            client: Arc::clone(&self.config.http_client),
            transport: registration.transport,
        };
        Ok(OAuth2Client { client, http_client })
    }
}

impl<'c> AsyncHttpClient<'c> for OAuth2HttpClient {
    type Error = OAuth2HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, OAuth2HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            // Of the endpoints, some may be the application's own, which no configuration checked.
            let url = Url::parse(&request.uri().to_string());
            let request = request.map(Bytes::from);
            let (method, uri) = (request.method().clone(), request.uri().clone());
            let body = request.body().clone();
            let failed = |reason: BoxError| {
                let sent = sent_in(&body);
                let sent: Vec<&str> = sent.iter().map(String::as_str).collect();
                let failed = FailedRequest::new(method.clone(), &uri, &sent, reason);
                OAuth2HttpError::NoAnswer(failed.into())
            };
            let url = url.map_err(|error| failed(error.into()))?;
            if !self.transport.takes(&url) {
                let request = format!("{method} {}", address(&uri, &[]));
                return Err(OAuth2HttpError::NotHttps { request });
            }
            let answer = self.client.send(request).await;
            Ok(answer.map_err(failed)?.map(Vec::from))
        })
    }
}

/// What a form tells the provider and no message repeats.
fn sent_in(form: &[u8]) -> Vec<String> {
    let is_public = |name: &str| matches!(name, "grant_type" | "scope" | "token_type_hint");
    let pairs = form_urlencoded::parse(form).filter(|(name, _)| !is_public(name));
    pairs.map(|(_, value)| value.into_owned()).collect()
}

impl fmt::Debug for OAuth2HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OAuth2HttpClient")
    }
}
