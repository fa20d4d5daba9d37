//! The parts of an OAuth 2.0 or OpenID Connect definition, and their defaults.

use super::required::sealed::{CommonParts, Parts};
use super::required::{Definition, DefinitionBuilder};
use super::{
    Check, Client, Endpoints, OAuthDefinition, ProfileMapper, PushedAuthorization, ResponseMode,
    Scope, TokenEndpoint, UserInfoEndpoint, UserInfoHook,
};
use crate::jose::SignatureAlgorithm;
use crate::oauth::EmailVouching;

impl OAuthDefinition {
    /// Starts a definition. Id, name, client, endpoints and profile are required.
    pub fn builder() -> DefinitionBuilder<Self> {
        DefinitionBuilder::of(Self {
            id: String::new(),
            name: String::new(),
            client: Client::public("").into(),
            endpoints: Endpoints::plain(),
            token_endpoint: TokenEndpoint::default(),
            user_info_endpoint: UserInfoEndpoint::default(),
            scope: "openid".into(),
            response_mode: ResponseMode::default(),
            pushed_authorization: PushedAuthorization::default(),
            checks: vec![Check::Pkce, Check::State],
            profile: ProfileMapper::blank(),
            id_token_algorithm: SignatureAlgorithm::default(),
            fetch_user_info: false,
            user_info_hook: None,
            email_vouching: EmailVouching::default(),
            dangerously_link_by_email: false,
            federated_sign_out: None,
            style: None,
            beta: None,
            authorization_parameters: Vec::new(),
        })
    }
}

impl Definition for OAuthDefinition {
    type Client = Client;
    type Endpoints = Endpoints;
}

impl Parts for OAuthDefinition {
    fn parts(&mut self) -> CommonParts<'_, Self> {
        CommonParts {
            id: &mut self.id,
            name: &mut self.name,
            client: &mut self.client,
            endpoints: &mut self.endpoints,
            profile: &mut self.profile,
            style: &mut self.style,
            email_vouching: &mut self.email_vouching,
            dangerously_link_by_email: &mut self.dangerously_link_by_email,
        }
    }
}

impl<I, N, C, E, P> DefinitionBuilder<OAuthDefinition, I, N, C, E, P> {
    /// How the token request differs from the standard.
    pub fn token_endpoint(mut self, endpoint: TokenEndpoint) -> Self {
        self.definition.token_endpoint = endpoint;
        self
    }

    /// How the userinfo request differs from the standard.
    pub fn user_info_endpoint(mut self, endpoint: UserInfoEndpoint) -> Self {
        self.definition.user_info_endpoint = endpoint;
        self
    }

    /// What is asked for, separated by spaces; `openid` by default, as in v4.
    pub fn scope(mut self, scope: impl Into<Scope>) -> Self {
        self.definition.scope = scope.into();
        self
    }

    /// How the answer comes back; in the query by default.
    pub fn response_mode(mut self, mode: ResponseMode) -> Self {
        self.definition.response_mode = mode;
        self
    }

    /// Whether the authorization request is pushed; by default where the provider requires it.
    pub fn pushed_authorization(mut self, pushed: PushedAuthorization) -> Self {
        self.definition.pushed_authorization = pushed;
        self
    }

    /// The protections, PKCE and state by default.
    pub fn checks(mut self, checks: impl Into<Vec<Check>>) -> Self {
        self.definition.checks = checks.into();
        self
    }

    /// The algorithm of ID tokens; RS256 by default.
    pub fn id_token_algorithm(mut self, algorithm: SignatureAlgorithm) -> Self {
        self.definition.id_token_algorithm = algorithm;
        self
    }

    /// Whether the userinfo endpoint is asked for what the ID token does not say. Plain OAuth 2.0
    /// always asks.
    pub fn fetch_user_info(mut self, fetch: bool) -> Self {
        self.definition.fetch_user_info = fetch;
        self
    }

    /// A way to complete the answer.
    pub fn user_info_hook(mut self, hook: UserInfoHook) -> Self {
        self.definition.user_info_hook = Some(hook);
        self
    }

    /// Where the provider sends the browser back after somebody signed out here and there; without
    /// it they sign out here only. The provider must have an end-session endpoint, and must know
    /// this address.
    pub fn federated_sign_out(mut self, address: impl Into<String>) -> Self {
        self.definition.federated_sign_out = Some(address.into());
        self
    }

    /// Further parameters of the authorization request; values may hold `{client_id}`. Names that
    /// the flow sets itself are a `ConfigError` of the configuration's `build()`, save a vendor's
    /// own `response_type` that brings a code; `max_age` and `acr_values` are held against the ID
    /// token.
    pub fn authorization_parameters(
        mut self,
        parameters: impl Into<Vec<(String, String)>>,
    ) -> Self {
        self.definition.authorization_parameters = parameters.into();
        self
    }
}
