//! Adjustments: what an application wants otherwise than a provider says of itself.

use super::{
    ClientAuthentication, EmailVouching, Endpoints, IntoPart, OAuthClient, OAuthDefinition,
    OAuthKind, Oidc, ProfileMapper, Provider, RawProfile,
};
use crate::oauth::definition::oauth_options;
use crate::theme::ButtonStyle;

/// A change for each option.
macro_rules! changes {
    (
        options {$(
            $(#[$docs:meta])*
            $option:ident: $type:ty = $default:expr,
                $argument:ident: $argument_type:ty => $value:expr
                $(, by $by:path)? $(, but $meant:literal)?;
        )*}
    ) => {
        $(
            typegate_macros::__in_place! { $option
                #[typegate_macros::__unquoted]
                $(#[$docs])*
                fn $option(self, $argument: $argument_type) -> Adjusted<Self> {
                    let value: $type = $value;
                    self.adjust(move |definition| {
                        crate::oauth::definition::store!(definition.$option, value $(, $by)?);
                    })
                }
            }
        )*
    };
}

/// Changes to a provider that exists, for every OAuth 2.0 and OpenID Connect provider. Each takes the
/// place of what the provider, or an earlier change, says.
///
/// ```
/// use typegate::ClientSecret;
/// use typegate::provider::catalog::GitHub;
/// use typegate::provider::Adjust as _;
///
/// let provider = GitHub::new("client id", ClientSecret::new("client secret"))
///     .scope("read:user user:email read:org")
///     .authorization_parameter("allow_signup", "false");
/// ```
#[typegate_macros::__unquoted]
pub trait Adjust: Provider<Kind = OAuthKind> + Sized {
    oauth_options! { changes {} }

    /// Adds a parameter to the authorization request, such as `access_type=offline`, or replaces it.
    fn authorization_parameter(
        self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Adjusted<Self> {
        self.authorization_parameters([(name.into(), value.into())])
    }

    /// Replaces the client, for one that proves itself by a private key or by a secret that it signs
    /// itself.
    fn client(self, client: impl IntoPart<OAuthClient>) -> Adjusted<Self> {
        let client = client.into_part();
        self.adjust(move |definition| definition.client = client)
    }

    /// The look of the button.
    fn style(self, style: ButtonStyle) -> Adjusted<Self> {
        self.adjust(move |definition| definition.common.style = Some(style))
    }

    /// Changes where the endpoints are: what a vendor moved, or a tenant has for itself.
    ///
    /// ```
    /// use typegate::ClientSecret;
    /// use typegate::provider::catalog::GitHub;
    /// use typegate::provider::Adjust as _;
    ///
    /// let provider = GitHub::new("client id", ClientSecret::new("client secret"))
    ///     .endpoints(|github| github.userinfo_endpoint("https://proxy.acme.example/user"));
    /// ```
    fn endpoints(self, change: impl FnOnce(Endpoints) -> Endpoints + 'static) -> Adjusted<Self> {
        self.adjust(|definition| definition.endpoints = change(definition.endpoints.clone()))
    }

    /// Fixes how the client proves itself.
    fn client_authentication(self, authentication: ClientAuthentication) -> Adjusted<Self> {
        self.adjust(move |definition| definition.client.authentication = authentication)
    }

    /// Maps what the provider says by another type.
    fn profile<T: RawProfile>(self) -> Adjusted<Self> {
        self.adjust(|definition| definition.common.profile = ProfileMapper::of::<T>())
    }

    /// Says what the provider's word on an address is worth, where the provider's own type does
    /// not, or says something else.
    ///
    /// ```
    /// use typegate::ClientSecret;
    /// use typegate::OAuthProvider;
    /// use typegate::provider::{Adjust as _, EmailVouching};
    ///
    /// # #[derive(typegate::RawProfile)]
    /// # struct Person { #[profile(id)] id: String }
    /// #[derive(OAuthProvider)]
    /// #[provider(
    ///     id = "acme",
    ///     name = "Acme",
    ///     authorization_endpoint = "https://acme.example/authorize",
    ///     token_endpoint = "https://acme.example/token",
    ///     userinfo_endpoint = "https://acme.example/me",
    ///     profile = Person
    /// )]
    /// struct Acme {
    ///     client_id: String,
    ///     client_secret: ClientSecret,
    /// }
    ///
    /// let provider = Acme::new("client id", ClientSecret::new("client secret"))
    ///     .email_vouching(EmailVouching::Always)
    ///     .dangerously_link_by_email();
    /// ```
    fn email_vouching(self, vouching: EmailVouching) -> Vouching<Self> {
        Vouching { provider: self, vouching }
    }

    /// Whoever signs out here signs out at the provider as well (OpenID Connect RP-Initiated
    /// Logout 1.0), which then sends the browser to `uri`; register it there. Only for
    /// providers that [speak OpenID Connect](SpeaksOpenIdConnect). One whose discovery document
    /// names no end-session endpoint is not told, which is logged as `SIGNOUT_ERROR`.
    ///
    /// ```
    /// use typegate::provider::Adjust as _;
    /// use typegate::{ClientSecret, OAuthProvider};
    ///
    /// #[derive(OAuthProvider)]
    /// #[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
    /// struct Acme {
    ///     client_id: String,
    ///     client_secret: ClientSecret,
    /// }
    ///
    /// let provider = Acme::new("client id", ClientSecret::new("client secret"))
    ///     .post_logout_redirect_uri("https://app.example.com/goodbye");
    /// ```
    fn post_logout_redirect_uri(self, uri: impl Into<String>) -> Adjusted<Self>
    where
        Self: SpeaksOpenIdConnect,
    {
        let uri = uri.into();
        self.adjust(move |definition| definition.post_logout_redirect_uri = Some(uri))
    }

    /// Links a new account to an existing user with the same address, if the provider
    /// [vouches](EmailVouching) for the address. Whoever has the address there then signs in as
    /// that user; a sign-in with an address that is not vouched for is refused with
    /// `OAuthAccountNotLinked`, as without this. Only for providers that
    /// [can vouch](VouchesForEmail).
    fn dangerously_link_by_email(self) -> Adjusted<Self>
    where
        Self: VouchesForEmail,
    {
        self.adjust(|definition| definition.common.dangerously_link_by_email = true)
    }

    #[doc(hidden)]
    fn adjust(self, change: impl FnOnce(&mut OAuthDefinition) + 'static) -> Adjusted<Self> {
        Adjusted { provider: self, change: Box::new(change) }
    }
}

impl<P: Provider<Kind = OAuthKind>> Adjust for P {}

/// Rule 16: a provider that is told of sign-outs speaks OpenID Connect.
///
/// *Cause:* [`post_logout_redirect_uri`](Adjust::post_logout_redirect_uri) of a provider of plain OAuth 2.0,
/// which has no end-session endpoint. *Cure:* leave it out. `#[derive(OAuthProvider)]` implements
/// this where there is an `issuer`; a provider that is written by hand does it itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be told of sign-outs: it does not speak OpenID Connect",
    label = "plain OAuth 2.0 has no end-session endpoint",
    note = "leave `.post_logout_redirect_uri(..)` out: people sign out here, and stay signed in there",
    note = "a provider of your own with an issuer implements `typegate::provider::SpeaksOpenIdConnect`"
)]
pub trait SpeaksOpenIdConnect: Provider<Kind = OAuthKind> {}

#[diagnostic::do_not_recommend]
impl SpeaksOpenIdConnect for Oidc {}

#[diagnostic::do_not_recommend]
impl<P: SpeaksOpenIdConnect> SpeaksOpenIdConnect for Adjusted<P> {}

/// Rule 20: an account is linked by address only to somebody who is known to have the address.
///
/// *Cause:* [`dangerously_link_by_email`](Adjust::dangerously_link_by_email) of a provider that
/// neither says which addresses its accounts have proved nor is said to give no others: whoever
/// writes a victim's address into their account there would sign in as the victim. *Cure:* leave
/// it out, so that people link accounts while they are signed in; or say what is known of the
/// provider by [`email_vouching`](Adjust::email_vouching). `#[derive(OAuthProvider)]` implements
/// this where there is an `issuer` or `email_vouching = ".."`, unless that is `"never"`; a provider
/// that is written by hand does it itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not vouch for e-mail addresses, so accounts cannot be linked by them",
    label = "whoever has an account there may have written anybody's address into it",
    note = "leave `.dangerously_link_by_email()` out: people link accounts while they are signed in",
    note = "if you know that the provider gives no address without proof, say so first: \
            `.email_vouching(typegate::provider::EmailVouching::Always)`",
    note = "if the provider says for each address whether it has been verified, write `email_vouching = \
            \"when_verified\"` above your provider, and `#[profile(email_verified)]` in its profile"
)]
pub trait VouchesForEmail: Provider<Kind = OAuthKind> {}

#[diagnostic::do_not_recommend]
impl VouchesForEmail for Oidc {}

#[diagnostic::do_not_recommend]
impl<P: VouchesForEmail> VouchesForEmail for Adjusted<P> {}

#[diagnostic::do_not_recommend]
impl<P: Provider<Kind = OAuthKind>> VouchesForEmail for Vouching<P> {}

#[diagnostic::do_not_recommend]
impl<P: SpeaksOpenIdConnect> SpeaksOpenIdConnect for Vouching<P> {}

/// A provider of which it is said what its word on an address is worth, made by [`Adjust`].
#[derive(Clone, Debug)]
pub struct Vouching<P> {
    provider: P,
    vouching: EmailVouching,
}

impl<P: Provider<Kind = OAuthKind>> Provider for Vouching<P> {
    type Kind = OAuthKind;

    fn into_definition(self) -> OAuthDefinition {
        let mut definition = self.provider.into_definition();
        definition.common.email_vouching = self.vouching;
        definition
    }
}

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
