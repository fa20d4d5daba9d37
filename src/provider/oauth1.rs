//! What has to be known of an OAuth 1.0a provider.

use typed_builder::TypedBuilder;
use url::Url;

use super::oauth::{Endpoint, ProfileMapper, checked_url};
use crate::error::ConfigError;
use crate::oauth1_signature::{SignatureMethod, Signer};
use crate::secret::ClientSecret;
use crate::theme::ButtonStyle;

/// Everything the flows know of one OAuth 1.0a provider (RFC 5849). Parts without a default cannot
/// be left out.
///
/// The application registers the callback URL `https://<your site>/api/auth/callback/<id>`. The
/// account keeps `oauth_token` and `oauth_token_secret`, and the profile function finds them in
/// its [`TokenSet`](crate::TokenSet).
///
/// All four URLs must be https, or http on a loopback host; their queries are kept, and signed
/// where the request is.
///
/// ```
/// use typegate::provider::{OAuth1Definition, OAuth1Kind, ProfileMapper, Provider};
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
///             .client_key(self.key)
///             .client_secret(self.secret)
///             .request_token_url("https://trails.example/oauth/request_token")
///             .authorization_url("https://trails.example/oauth/authorize")
///             .access_token_url("https://trails.example/oauth/access_token")
///             .profile_url("https://trails.example/api/me.json")
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
#[derive(Clone, Debug, TypedBuilder)]
#[non_exhaustive]
pub struct OAuth1Definition {
    /// A segment of the provider's addresses and part of stored accounts: never change it.
    #[builder(setter(into))]
    pub(crate) id: String,
    /// The name people read.
    #[builder(setter(into))]
    pub(crate) name: String,
    /// What names this application at the provider (`oauth_consumer_key`).
    #[builder(setter(into))]
    pub(crate) client_key: String,
    /// What proves it.
    #[builder(setter(into))]
    pub(crate) client_secret: ClientSecret,
    /// Where a request token is had (RFC 5849 section 2.1).
    #[builder(setter(into))]
    pub(crate) request_token_url: Endpoint,
    /// Where people are sent (RFC 5849 section 2.2).
    #[builder(setter(into))]
    pub(crate) authorization_url: Endpoint,
    /// Where the request token is exchanged (RFC 5849 section 2.3).
    #[builder(setter(into))]
    pub(crate) access_token_url: Endpoint,
    /// Where the provider tells who somebody is, as a JSON object.
    #[builder(setter(into))]
    pub(crate) profile_url: Endpoint,
    /// How requests are signed; HMAC-SHA1 by default.
    #[builder(default)]
    pub(crate) signature: SignatureMethod,
    /// The text of `oauth_version`; `1.0A` by default, which NextAuth's providers send. A server
    /// that keeps to RFC 5849 section 3.1 takes `1.0` only.
    #[builder(default = "1.0A".into(), setter(into))]
    pub(crate) version: String,
    /// What the provider says, mapped.
    pub(crate) profile: ProfileMapper,
    /// The look of the button.
    #[builder(default, setter(strip_option))]
    pub(crate) style: Option<ButtonStyle>,
    /// Whether a new account is linked to an existing user with the same address. Whoever can
    /// make an account with somebody's address at this provider then signs in as them.
    #[builder(default)]
    pub(crate) dangerously_link_by_email: bool,
}

impl OAuth1Definition {
    /// What signs requests, without a token or with one and its secret.
    pub(crate) fn signer<'a>(&'a self, token: Option<(&'a str, &'a str)>) -> Signer<'a> {
        Signer {
            method: self.signature,
            version: &self.version,
            client_key: &self.client_key,
            client_secret: &self.client_secret,
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
        let url = |what, text: &str| checked_url(&definition.id, what, text);
        Ok(Self {
            request_token_url: url("request token URL", &definition.request_token_url)?,
            authorization_url: url("authorization URL", &definition.authorization_url)?,
            access_token_url: url("access token URL", &definition.access_token_url)?,
            profile_url: url("profile URL", &definition.profile_url)?,
        })
    }
}
