//! Any identity provider that speaks OpenID Connect.

use super::{
    EmailVouching, Endpoints, OAuthClient, OAuthDefinition, OAuthKind, ProfileMapper, Provider,
    StandardClaims,
};
use crate::oauth::definition::oauth_options;
use crate::rule::parts;
use crate::theme::ButtonStyle;

/// Sign in with an OpenID Connect provider that publishes a discovery document.
///
/// It is asked for `openid profile email`; PKCE, state and nonce are all on. Register the callback
/// URL `https://<your site>/api/auth/callback/<id>`.
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
///     .build()
///     .scope("openid profile email groups")
///     .fetch_user_info(true);
/// ```
#[derive(Clone, Debug)]
pub struct Oidc(OAuthDefinition);

parts! {
    /// Builds an [`Oidc`]; no part is left out or given twice.
    pub struct OidcBuilder: OidcSlots, OidcTold makes Oidc = Oidc(
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
    required {
        /// A segment of the provider's addresses and part of stored accounts: never change it.
        id [id IdGiven]: |oidc, id: impl Into<String>| oidc.0.common.id = id.into();
        /// The name people read.
        name [name NameGiven]: |oidc, name: impl Into<String>| oidc.0.common.name = name.into();
        /// The issuer to the letter, below which the discovery document is.
        issuer [issuer IssuerGiven]: |oidc, issuer: impl Into<String>|
            oidc.0.endpoints.issuer = Some(issuer.into());
        /// This application at the provider.
        client [client ClientGiven]: |oidc, client: impl Into<OAuthClient>| oidc.0.client = client.into();
    }
    optional {}
}

/// A setter for each option of the record.
macro_rules! setters {
    (options {$(
        $(#[$docs:meta])*
        $option:ident: $type:ty = $default:expr, $argument:ident: $argument_type:ty => $value:expr;
    )*}) => {$(
        $(#[$docs])*
        #[must_use]
        pub fn $option(mut self, $argument: $argument_type) -> Self {
            self.0.$option = $value;
            self
        }
    )*};
}

impl Oidc {
    /// Starts a provider. Id, name, issuer and client are required.
    pub fn builder() -> OidcBuilder {
        OidcBuilder::start()
    }

    oauth_options! { setters {} }

    /// Replaces the client.
    #[must_use]
    pub fn client(mut self, client: impl Into<OAuthClient>) -> Self {
        self.0.client = client.into();
        self
    }

    /// Adds a parameter to the authorization request, or replaces it.
    #[must_use]
    pub fn authorization_parameter(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        self.0.set_authorization_parameter(name.into(), value.into());
        self
    }

    /// Changes where the endpoints are.
    #[must_use]
    pub fn endpoints(mut self, change: impl FnOnce(Endpoints) -> Endpoints) -> Self {
        self.0.endpoints = change(self.0.endpoints);
        self
    }

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
    #[must_use]
    pub fn post_logout_redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.0.post_logout_redirect_uri = Some(uri.into());
        self
    }

    /// Whether the provider vouches for the addresses it gives; by default for those of which it
    /// says `email_verified`.
    #[must_use]
    pub fn email_vouching(mut self, vouching: EmailVouching) -> Self {
        self.0.common.email_vouching = vouching;
        self
    }

    /// Links a new account to an existing user with the same address, if the provider
    /// [vouches](EmailVouching) for the address. Whoever has the address there then signs in as
    /// that user; a sign-in with an address that is not vouched for is refused with
    /// `OAuthAccountNotLinked`, as without this.
    #[must_use]
    pub fn dangerously_link_by_email(mut self) -> Self {
        self.0.common.dangerously_link_by_email = true;
        self
    }

    /// The look of the button.
    #[must_use]
    pub fn style(mut self, style: ButtonStyle) -> Self {
        self.0.common.style = Some(style);
        self
    }
}

impl Provider for Oidc {
    type Kind = OAuthKind;

    fn into_definition(self) -> OAuthDefinition {
        self.0
    }
}
