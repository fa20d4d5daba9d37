//! The definition of an OAuth 1.0a provider (RFC 5849).

use url::Url;

use super::signature::{SignatureMethod, Signer};
use crate::crypto::secret::ClientSecret;
use crate::error::ConfigError;
use crate::oauth::definition::record;
use crate::oauth::{IntoClientId, Transport, checked_url};

record! {
    /// Everything the flows know of one OAuth 1.0a provider (RFC 5849), made by
    /// [`builder`](Self::builder).
    ///
    /// The application registers the callback URL `https://<your site>/api/auth/callback/<id>`. The
    /// account keeps `oauth_token` and `oauth_token_secret`, and the profile function finds them in
    /// its [`TokenSet`](crate::TokenSet).
    ///
    /// ```
    /// use typegate::provider::{
    ///     OAuth1Client, OAuth1Definition, OAuth1Endpoints, OAuth1Kind, ProfileMapper, Provider,
    /// };
    /// use typegate::{Auth, ClientSecret, Profile, Secret};
    ///
    /// struct Trails {
    ///     key: String,
    ///     secret: ClientSecret,
    /// }
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Walker {
    ///     id: String,
    ///     display_name: Option<String>,
    /// }
    ///
    /// impl Provider for Trails {
    ///     type Kind = OAuth1Kind;
    ///
    ///     fn into_definition(self) -> OAuth1Definition {
    ///         OAuth1Definition::builder()
    ///             .id("trails")
    ///             .name("Trails")
    ///             .client(OAuth1Client::new(self.key, self.secret))
    ///             .endpoints(OAuth1Endpoints {
    ///                 request_token_url: "https://trails.example/oauth/request_token".into(),
    ///                 authorization_url: "https://trails.example/oauth/authorize".into(),
    ///                 access_token_url: "https://trails.example/oauth/access_token".into(),
    ///                 profile_url: "https://trails.example/api/me.json".into(),
    ///             })
    ///             .profile(ProfileMapper::new(|walker: Walker, tokens| {
    ///                 assert!(tokens.text("oauth_token").is_some());
    ///                 Ok(Profile::new(walker.id).name(walker.display_name))
    ///             }))
    ///             .build()
    ///     }
    /// }
    ///
    /// // It needs neither an adapter nor a choice of where sessions live.
    /// let auth = Auth::builder()
    ///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
    ///     .url("https://app.example.com".parse()?)
    ///     .provider(Trails { key: "key".into(), secret: "s3cr3t".into() })
    ///     .build();
    /// assert!(auth.is_ok());
    /// # Ok::<(), typegate::ConfigError>(())
    /// ```
    OAuth1Definition { OAuth1DefinitionBuilder, OAuth1DefinitionSlots, OAuth1DefinitionTold, oauth1_option of "provider::OAuth1DefinitionBuilder" }
    required {
        /// This application at the provider.
        client [oauth1_client OAuth1ClientGiven]: OAuth1Client = OAuth1Client::new("", ClientSecret::new(""));
        /// Where the endpoints are.
        endpoints [oauth1_endpoints OAuth1EndpointsGiven]: OAuth1Endpoints = OAuth1Endpoints::blank();
    }
    options {
        /// How requests are signed; HMAC-SHA1 by default.
        signature: SignatureMethod = SignatureMethod::default(), method: SignatureMethod => method;
        /// The text of `oauth_version`; `1.0A` by default, which NextAuth's providers send. A server
        /// that keeps to RFC 5849 section 3.1 takes `1.0` only.
        version: String = "1.0A".to_owned(), version: impl Into<String> => version.into();
    }
}

/// This application at an OAuth 1.0a provider: the consumer key and its secret.
#[derive(Clone, Debug)]
pub struct OAuth1Client {
    pub(crate) key: String,
    pub(crate) secret: ClientSecret,
}

#[typegate_macros::__unquoted]
impl OAuth1Client {
    /// Takes what names this application at the provider (`oauth_consumer_key`), and what proves
    /// it.
    #[must_use]
    pub fn new(key: impl IntoClientId, secret: ClientSecret) -> Self {
        Self { key: key.into_client_id(), secret }
    }
}

/// Where the endpoints of an OAuth 1.0a provider are. They must be https, or http on a loopback
/// host; their queries are kept, and signed where the request is.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "the four of RFC 5849, written as a value")]
pub struct OAuth1Endpoints {
    /// Where a request token is had (RFC 5849 section 2.1).
    pub request_token_url: String,
    /// Where people are sent (RFC 5849 section 2.2).
    pub authorization_url: String,
    /// Where the request token is exchanged (RFC 5849 section 2.3).
    pub access_token_url: String,
    /// Where the provider tells who somebody is, as a JSON object.
    pub profile_url: String,
}

impl OAuth1Endpoints {
    /// None that is an address: `build()` of a configuration refuses them.
    pub(crate) fn blank() -> Self {
        Self {
            request_token_url: String::new(),
            authorization_url: String::new(),
            access_token_url: String::new(),
            profile_url: String::new(),
        }
    }
}

impl OAuth1Definition {
    /// What signs requests, without a token or with one and its secret.
    pub(crate) fn signer<'a>(&'a self, token: Option<(&'a str, &'a str)>) -> Signer<'a> {
        Signer {
            method: self.signature,
            version: &self.version,
            client_key: &self.client.key,
            client_secret: &self.client.secret,
            token,
        }
    }
}

/// The addresses of a definition, checked.
#[derive(Clone, Debug)]
pub(crate) struct OAuth1Server {
    pub(crate) request_token_url: Url,
    pub(crate) authorization_url: Url,
    pub(crate) access_token_url: Url,
    pub(crate) profile_url: Url,
}

impl OAuth1Server {
    /// Checks the addresses. What is accepted is protected enough for PLAINTEXT too (RFC 5849
    /// section 3.4.4).
    pub(crate) fn new(definition: &OAuth1Definition) -> Result<Self, ConfigError> {
        let endpoints = &definition.endpoints;
        let url =
            |what, text: &str| checked_url(&definition.common.id, Transport::Protected, what, text);
        Ok(Self {
            request_token_url: url("request token URL", &endpoints.request_token_url)?,
            authorization_url: url("authorization URL", &endpoints.authorization_url)?,
            access_token_url: url("access token URL", &endpoints.access_token_url)?,
            profile_url: url("profile URL", &endpoints.profile_url)?,
        })
    }
}
