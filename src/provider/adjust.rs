//! How does an application change what a provider says of itself?

use super::{
    Check, Client, ClientAuthentication, OAuthDefinition, OAuthKind, ProfileMapper, Provider,
    PushedAuthorization, RawProfile, ResponseMode, Scope,
};
use crate::jwt::SignatureAlgorithm;
use crate::theme::ButtonStyle;

/// Changes to a provider that exists, for every OAuth 2.0 and OpenID Connect provider.
///
/// ```
/// use typegate::provider::{Adjust as _, GitHub};
///
/// let provider = GitHub::new("client id", "client secret")
///     .scope("read:user user:email read:org")
///     .authorization_parameter("allow_signup", "false");
/// ```
pub trait Adjust: Provider<Kind = OAuthKind> + Sized {
    /// Asks for something else. The provider's own scope is replaced.
    fn scope(self, scope: impl Into<Scope>) -> Adjusted<Self> {
        let scope = scope.into();
        self.adjust(move |definition| definition.scope = scope)
    }

    /// Adds a parameter to the authorization request, such as `access_type=offline`.
    fn authorization_parameter(
        self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Adjusted<Self> {
        let parameter = (name.into(), value.into());
        self.adjust(move |definition| {
            definition.authorization_parameters.retain(|(name, _)| *name != parameter.0);
            definition.authorization_parameters.push(parameter);
        })
    }

    /// Replaces the protections, for a server that refuses one of them.
    fn checks(self, checks: impl Into<Vec<Check>>) -> Adjusted<Self> {
        let checks = checks.into();
        self.adjust(move |definition| definition.checks = checks)
    }

    /// Replaces the client, for one that proves itself by a private key or by a secret that it
    /// signs itself.
    fn client(self, client: impl Into<Client>) -> Adjusted<Self> {
        let client = client.into();
        self.adjust(move |definition| definition.client = client)
    }

    /// Fixes how the client proves itself.
    fn client_authentication(self, authentication: ClientAuthentication) -> Adjusted<Self> {
        self.adjust(move |definition| definition.client.authentication = authentication)
    }

    /// The algorithm of ID tokens, where a tenant signs by another than this provider's usual one.
    /// Tokens signed by any other are refused.
    fn id_token_algorithm(self, algorithm: SignatureAlgorithm) -> Adjusted<Self> {
        self.adjust(move |definition| definition.id_token_algorithm = algorithm)
    }

    /// How the answer comes back.
    fn response_mode(self, response_mode: ResponseMode) -> Adjusted<Self> {
        self.adjust(move |definition| definition.response_mode = response_mode)
    }

    /// Whether the authorization request is pushed.
    fn pushed_authorization(self, pushed: PushedAuthorization) -> Adjusted<Self> {
        self.adjust(move |definition| definition.pushed_authorization = pushed)
    }

    /// Maps what the provider says by another type.
    fn profile<T: RawProfile>(self) -> Adjusted<Self> {
        self.adjust(|definition| definition.profile = ProfileMapper::of::<T>())
    }

    /// Asks the userinfo endpoint for what the ID token does not say.
    fn fetch_user_info(self, fetch: bool) -> Adjusted<Self> {
        self.adjust(move |definition| definition.fetch_user_info = fetch)
    }

    /// Links a new account to an existing user with the same address. Whoever can make an
    /// account with somebody's address at this provider then signs in as them.
    fn dangerously_link_by_email(self) -> Adjusted<Self> {
        self.adjust(|definition| definition.dangerously_link_by_email = true)
    }

    /// The look of the button.
    fn style(self, style: ButtonStyle) -> Adjusted<Self> {
        self.adjust(move |definition| definition.style = Some(style))
    }

    #[doc(hidden)]
    fn adjust(self, change: impl FnOnce(&mut OAuthDefinition) + 'static) -> Adjusted<Self> {
        Adjusted { provider: self, change: Box::new(change) }
    }
}

impl<P: Provider<Kind = OAuthKind>> Adjust for P {}

/// A provider with a change, made by [`Adjust`].
pub struct Adjusted<P> {
    provider: P,
    change: Box<dyn FnOnce(&mut OAuthDefinition)>,
}

impl<P: Provider<Kind = OAuthKind>> Provider for Adjusted<P> {
    type Kind = OAuthKind;

    fn into_definition(self) -> OAuthDefinition {
        let mut definition = self.provider.into_definition();
        (self.change)(&mut definition);
        definition
    }
}

impl<P> std::fmt::Debug for Adjusted<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Adjusted")
    }
}
