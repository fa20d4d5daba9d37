//! Any identity provider that speaks OpenID Connect.

use super::{
    Check, Client, EmailVouching, Endpoints, OAuthDefinition, OAuthKind, ProfileMapper, Provider,
    PushedAuthorization, ResponseMode, StandardClaims,
};
use crate::crypto::secret::ClientSecret;
use crate::jose::SignatureAlgorithm;
use crate::theme::ButtonStyle;

/// Sign in with an OpenID Connect provider that publishes a discovery document.
///
/// PKCE, state and nonce are all on. Register the callback URL
/// `https://<your site>/api/auth/callback/<id>`.
///
/// ```
/// use typegate::provider::Oidc;
///
/// let provider = Oidc::new("acme", "Acme", "https://id.acme.example", "client", "s3cr3t")
///     .scope("openid email profile groups")
///     .fetch_user_info(true);
/// ```
#[derive(Clone, Debug)]
pub struct Oidc {
    id: String,
    name: String,
    client: Client,
    endpoints: Endpoints,
    scope: String,
    checks: Vec<Check>,
    algorithm: SignatureAlgorithm,
    fetch_user_info: bool,
    response_mode: ResponseMode,
    pushed_authorization: PushedAuthorization,
    authorization_parameters: Vec<(String, String)>,
    federated_sign_out: Option<String>,
    email_vouching: EmailVouching,
    dangerously_link_by_email: bool,
    style: Option<ButtonStyle>,
}

impl Oidc {
    /// Takes the id to be used in addresses and stored accounts, the name people read, the
    /// issuer, and the client that the provider registered.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<ClientSecret>,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            client: Client::new(client_id, client_secret),
            endpoints: Endpoints::discovered(issuer),
            scope: "openid email profile".into(),
            checks: vec![Check::Pkce, Check::State, Check::Nonce],
            algorithm: SignatureAlgorithm::Rs256,
            fetch_user_info: false,
            response_mode: ResponseMode::Query,
            pushed_authorization: PushedAuthorization::WhenRequired,
            authorization_parameters: Vec::new(),
            federated_sign_out: None,
            email_vouching: EmailVouching::default(),
            dangerously_link_by_email: false,
            style: None,
        }
    }

    /// What is asked for; `openid email profile` by default.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = scope.into();
        self
    }

    /// The protections, for a provider that refuses one of them.
    #[must_use]
    pub fn checks(mut self, checks: impl Into<Vec<Check>>) -> Self {
        self.checks = checks.into();
        self
    }

    /// The client, for a public one or a certain client authentication.
    #[must_use]
    pub fn client(mut self, client: impl Into<Client>) -> Self {
        self.client = client.into();
        self
    }

    /// The algorithm of the ID tokens; RS256 by default.
    #[must_use]
    pub fn id_token_algorithm(mut self, algorithm: SignatureAlgorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// Whether the userinfo endpoint is asked for what the ID token does not say. Many providers
    /// put name and address there only.
    #[must_use]
    pub fn fetch_user_info(mut self, fetch: bool) -> Self {
        self.fetch_user_info = fetch;
        self
    }

    /// How the answer comes back; in the query by default.
    #[must_use]
    pub fn response_mode(mut self, mode: ResponseMode) -> Self {
        self.response_mode = mode;
        self
    }

    /// Whether the authorization request is pushed; by default where the provider requires it.
    #[must_use]
    pub fn pushed_authorization(mut self, pushed: PushedAuthorization) -> Self {
        self.pushed_authorization = pushed;
        self
    }

    /// A further parameter of the authorization request. `max_age` and `acr_values` are more than
    /// wishes: an ID token that does not keep to them is refused (OpenID Connect Core section
    /// 3.1.3.7, steps 12 and 13). A name that the flow sets itself is a `ConfigError` of
    /// `build()`.
    #[must_use]
    pub fn authorization_parameter(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        self.authorization_parameters.push((name.into(), value.into()));
        self
    }

    /// Whoever signs out here signs out at the provider as well (OpenID Connect RP-Initiated
    /// Logout 1.0), which then sends the browser to `address`; register it there. What the
    /// provider needs for it is kept in a sealed cookie beside the session's.
    ///
    /// Other providers have it by [`Adjust`](super::Adjust), and those without an end-session
    /// endpoint, such as GitHub, do not:
    ///
    /// ```compile_fail,E0277
    /// use typegate::provider::{Adjust as _, GitHub};
    ///
    /// GitHub::new("id", "secret").federated_sign_out("https://app.example.com/goodbye");
    /// ```
    #[must_use]
    pub fn federated_sign_out(mut self, address: impl Into<String>) -> Self {
        self.federated_sign_out = Some(address.into());
        self
    }

    /// Whether the provider vouches for the addresses it gives; by default for those of which it
    /// says `email_verified`.
    #[must_use]
    pub fn email_vouching(mut self, vouching: EmailVouching) -> Self {
        self.email_vouching = vouching;
        self
    }

    /// Links a new account to an existing user with the same address, if the provider
    /// [vouches](EmailVouching) for the address. Whoever has the address there then signs in as
    /// that user; a sign-in with an address that is not vouched for is refused with
    /// `OAuthAccountNotLinked`, as without this.
    #[must_use]
    pub fn dangerously_link_by_email(mut self) -> Self {
        self.dangerously_link_by_email = true;
        self
    }

    /// The look of the button.
    #[must_use]
    pub fn style(mut self, style: ButtonStyle) -> Self {
        self.style = Some(style);
        self
    }
}

impl Provider for Oidc {
    type Kind = OAuthKind;

    fn into_definition(self) -> OAuthDefinition {
        let mut definition = OAuthDefinition::builder()
            .id(self.id)
            .name(self.name)
            .client(self.client)
            .endpoints(self.endpoints)
            .scope(self.scope)
            .checks(self.checks)
            .id_token_algorithm(self.algorithm)
            .fetch_user_info(self.fetch_user_info)
            .response_mode(self.response_mode)
            .pushed_authorization(self.pushed_authorization)
            .authorization_parameters(self.authorization_parameters)
            .email_vouching(self.email_vouching)
            .dangerously_link_by_email(self.dangerously_link_by_email)
            .profile(ProfileMapper::of::<StandardClaims>())
            .build();
        definition.federated_sign_out = self.federated_sign_out;
        definition.style = self.style;
        definition
    }
}
