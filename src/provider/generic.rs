//! Any identity provider that speaks OpenID Connect.

use super::{
    Endpoints, IntoPart, OAuthClient, OAuthDefinition, OAuthKind, ProfileMapper, Provider,
    StandardClaims, oauth_option,
};
use crate::oauth::definition::{oauth_options, record};

/// Sign in with an OpenID Connect provider that publishes a discovery document.
///
/// It is asked for `openid profile email`; PKCE, state and nonce are all on. Register the callback
/// URL `https://<your site>/api/auth/callback/<id>`. What its [builder](Self::builder) is not told can
/// be changed afterwards by [`Adjust`](super::Adjust), as with every provider.
///
/// ```
/// use typegate::ClientSecret;
/// use typegate::provider::{OAuthClient, Oidc};
///
/// let provider = Oidc::builder()
///     .id("acme")
///     .name("Acme")
///     .issuer("https://id.acme.example")
///     .client(OAuthClient::new("client id", ClientSecret::new("client secret")))
///     .scope("openid profile email groups")
///     .fetch_user_info(true)
///     .build();
/// ```
#[derive(Clone, Debug)]
pub struct Oidc(OAuthDefinition);

oauth_options! { record { @builder
    /// Builds an [`Oidc`]; no part is left out or given twice.
    OidcBuilder: OidcSlots, OidcTold makes Oidc = Oidc(
        OAuthDefinition::builder()
            .id("")
            .name("")
            .client(OAuthClient::public(""))
            .endpoints(Endpoints::discovered(""))
            .profile(ProfileMapper::of::<StandardClaims>())
            .build(),
    );
    /// The provider. The issuer is checked by the configuration's `build()`.
    build
    with oidc, record oidc.0,
    required {
        /// The issuer to the letter, below which the discovery document is.
        issuer [issuer IssuerGiven]: issuer: impl Into<String> =>
            oidc.0.endpoints.issuer = Some(issuer.into());
        /// This application at the provider.
        client [client ClientGiven]: client: impl IntoPart<OAuthClient> =>
            oidc.0.client = client.into_part();
    }
    optional in oauth_option
    openid_connect {
        /// Whoever signs out here signs out at the provider as well (OpenID Connect RP-Initiated
        /// Logout 1.0), which then sends the browser to `uri`; register it there. What the provider
        /// needs for it is kept in a sealed cookie beside the session's.
        ///
        /// Other providers have it by [`Adjust`](super::Adjust), and those without an end-session
        /// endpoint, such as GitHub, do not:
        ///
        /// ```compile_fail,E0277
        /// use typegate::ClientSecret;
        /// use typegate::provider::catalog::GitHub;
        /// use typegate::provider::Adjust as _;
        ///
        /// GitHub::new("id", ClientSecret::new("secret")).post_logout_redirect_uri("https://app.example.com/goodbye");
        /// ```
        post_logout_redirect_uri: Option<String> = None, uri: impl Into<String> => Some(uri.into());
    }
} }

impl Oidc {
    /// Starts a provider. Id, name, issuer and client are required.
    pub fn builder() -> OidcBuilder {
        OidcBuilder::start()
    }
}

impl<T> OidcBuilder<T> {
    /// Changes where the endpoints are, beside what the discovery document says.
    ///
    /// ```
    /// use typegate::ClientSecret;
    /// use typegate::provider::{OAuthClient, Oidc};
    ///
    /// let provider = Oidc::builder()
    ///     .id("acme")
    ///     .name("Acme")
    ///     .issuer("https://id.acme.example")
    ///     .client(OAuthClient::new("client id", ClientSecret::new("client secret")))
    ///     .endpoints(|acme| acme.token_endpoint("https://internal.acme.example/token"))
    ///     .build();
    /// ```
    pub fn endpoints(mut self, change: impl FnOnce(Endpoints) -> Endpoints) -> Self {
        self.made.0.endpoints = change(self.made.0.endpoints);
        self
    }
}

impl Provider for Oidc {
    type Kind = OAuthKind;

    fn into_definition(self) -> OAuthDefinition {
        self.0
    }
}
