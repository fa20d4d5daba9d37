//! Providers: the ways to sign in, as checked values at the door and plain data behind it.

mod account_field;
mod adjust;
mod authorize;
pub mod catalog;
mod client_in_parts;
mod credentials;
mod credentials_form;
pub(crate) mod email;
pub(crate) mod generic;
mod other_name;
mod provider_field;
mod provider_list;
// Named after the version, so that nothing else can rely on it.
#[doc(hidden)]
#[path = "support.rs"]
pub mod __support_0_1_0;

pub use crate::crypto::given_secret::IntoClientSecret;
pub use crate::oauth::definition::raw_profile::TextMember;
pub use crate::oauth::v1::{
    OAuth1Client, OAuth1Definition, OAuth1DefinitionBuilder, OAuth1Endpoints, SignatureMethod,
    oauth1_option,
};
pub use crate::oauth::{
    AccountId, Check, Checks, ClientAuthentication, EmailVouching, Endpoints, GeneratedSecret,
    IntoChecks, IntoClientId, IntoPart, IssuerComparison, OAuth2EndpointsBuilder, OAuthClient,
    OAuthDefinition, OAuthDefinitionBuilder, PlainPkceProtectsNobody, PrivateKey, PrivateKeyClient,
    ProfileError, ProfileMapper, ProfileMember, ProfileProof, ProfileText, ProviderAnswer,
    PublicClient, PushedAuthorization, RawProfile, ResponseMode, Scope, StandardClaims,
    TokenEndpoint, UnaddressedSecret, UserInfoEndpoint, UserInfoHook, UserInfoRequest,
    oauth_option,
};
pub(crate) use account_field::names_account;
pub use adjust::{Adjust, Adjusted, SpeaksOpenIdConnect, VouchesForEmail, Vouching};
pub use authorize::{AuthorizeAnswer, AuthorizeFunction, AuthorizeRequest, RequestBehindForm};
pub use client_in_parts::{TakesClientInParts, TakesOAuth1ClientInParts};
pub use credentials::{Credentials, CredentialsDefinition, HasAuthorize};
pub use credentials_form::CredentialsForm;
pub(crate) use email::NotSent;
pub use email::{Email, EmailDefinition, EmailMessage, MailService};
#[cfg(feature = "smtp")]
pub use email::{Mailbox, SenderOnce, SmtpServer};
pub use generic::{Oidc, OidcBuilder};
pub use provider_field::ProviderField;
pub use provider_list::ProviderList;

use crate::rule::explained;
use crate::rule::slot::{Given, WithCredentials, WithEmail};

/// A way to sign in, as the builder's `provider` takes it.
///
/// A provider of one's own implements it by turning itself into the plain record of its kind:
///
/// ```
/// use typegate::provider::{
///     Check, Endpoints, OAuthClient, OAuthDefinition, OAuthKind, ProfileMapper, Provider,
/// };
/// use typegate::{ClientSecret, Profile};
///
/// struct Acme {
///     client_id: String,
///     client_secret: ClientSecret,
/// }
///
/// #[derive(serde::Deserialize)]
/// struct AcmeUser {
///     sub: String,
///     display_name: Option<String>,
/// }
///
/// impl Provider for Acme {
///     type Kind = OAuthKind;
///
///     fn into_definition(self) -> OAuthDefinition {
///         OAuthDefinition::builder()
///             .id("acme")
///             .name("Acme")
///             .client(OAuthClient::new(self.client_id, self.client_secret))
///             .endpoints(Endpoints::discovered("https://id.acme.example"))
///             .scope("openid profile")
///             .checks([Check::Pkce, Check::State])
///             .profile(ProfileMapper::new(|user: AcmeUser, _tokens| {
///                 Ok(Profile::new(user.sub).name(user.display_name))
///             }))
///             .build()
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a provider",
    label = "this is not a provider",
    note = "if it is a `Result`, write `?` behind it: `GitHub::from_env()?`; if it is a provider's \
            builder, end that with `.build()`",
    note = "for an `Option` or a list, write `.providers(list)`; to put several types into one list, \
            write `.into_definition()` behind each",
    note = "a type of your own implements `typegate::provider::Provider`"
)]
pub trait Provider {
    /// What kind of provider it is: this is how the builder knows what it needs.
    type Kind: ProviderKind;

    /// The record that the flows work with.
    fn into_definition(self) -> <Self::Kind as ProviderKind>::Definition;
}

impl Provider for OAuthDefinition {
    type Kind = OAuthKind;

    fn into_definition(self) -> OAuthDefinition {
        self
    }
}

impl Provider for OAuth1Definition {
    type Kind = OAuth1Kind;

    fn into_definition(self) -> OAuth1Definition {
        self
    }
}

/// For providers of several kinds in one list, where types do not know which are in it:
/// [`Auth::builder_at_run_time`](crate::Auth::builder_at_run_time).
impl Provider for ProviderDefinition {
    type Kind = AnyKind;

    fn into_definition(self) -> Self {
        self
    }
}

/// A kind of provider.
pub trait ProviderKind: sealed::Kind {
    /// The record of that kind.
    type Definition: Into<ProviderDefinition>;
}

/// OAuth 2.0 and OpenID Connect.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct OAuthKind;

/// OAuth 1.0a: needs no more than OAuth 2.0 does.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct OAuth1Kind;

/// A link sent by e-mail: needs an adapter that keeps verification tokens.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct EmailKind;

/// The application's own check: needs sessions in cookies.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CredentialsKind;

/// One of the others: which, is known at run time.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AnyKind;

/// A kind of which types know what a configuration with it needs.
#[diagnostic::on_unimplemented(
    message = "the compiler cannot tell what kind of provider this is, so it cannot check what it needs",
    label = "its kind is `{Self}`",
    note = "where it is of one kind, name that: `P: Provider<Kind = OAuthKind>` or \
            `-> impl Provider<Kind = OAuthKind>`, with `typegate::provider::OAuthKind`",
    note = "where it may be of any kind, begin with `Auth::builder_at_run_time()`: `build()` then checks \
            what it needs"
)]
pub trait KnownKind: ProviderKind {
    /// Whether a provider sends links, after one of this kind.
    type Email<Before>;
    /// Whether a provider checks credentials, after one of this kind.
    type Credentials<Before>;
}

macro_rules! known {
    ($($kind:ident { $email:ty, $credentials:ty })*) => {
        $(#[diagnostic::do_not_recommend]
        impl KnownKind for $kind {
            type Email<Before> = $email;
            type Credentials<Before> = $credentials;
        })*
    };
}

known! {
    OAuthKind { Before, Before }
    OAuth1Kind { Before, Before }
    EmailKind { WithEmail, Before }
    CredentialsKind { Before, WithCredentials }
}

explained! { SENDER_GIVEN
    /// Rule 17: an e-mail provider that has a sender, or sends by a function that names one.
    pub trait HasSender {}
}

#[diagnostic::do_not_recommend]
impl HasSender for Given {}

impl ProviderKind for OAuthKind {
    type Definition = OAuthDefinition;
}

impl ProviderKind for OAuth1Kind {
    type Definition = OAuth1Definition;
}

impl ProviderKind for EmailKind {
    type Definition = EmailDefinition;
}

impl ProviderKind for CredentialsKind {
    type Definition = CredentialsDefinition;
}

impl ProviderKind for AnyKind {
    type Definition = ProviderDefinition;
}

mod sealed {
    /// Nobody adds a kind: the flows know what to do with these.
    pub trait Kind {}

    impl Kind for super::OAuthKind {}
    impl Kind for super::OAuth1Kind {}
    impl Kind for super::EmailKind {}
    impl Kind for super::CredentialsKind {}
    impl Kind for super::AnyKind {}
}

/// A provider as the flows see it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ProviderDefinition {
    /// OAuth 2.0 and OpenID Connect.
    OAuth(Box<OAuthDefinition>),
    /// OAuth 1.0a.
    OAuth1(Box<OAuth1Definition>),
    /// A link sent by e-mail.
    Email(Box<EmailDefinition>),
    /// The application's own check.
    Credentials(Box<CredentialsDefinition>),
}

impl From<EmailDefinition> for ProviderDefinition {
    fn from(definition: EmailDefinition) -> Self {
        Self::Email(Box::new(definition))
    }
}

impl From<OAuthDefinition> for ProviderDefinition {
    fn from(definition: OAuthDefinition) -> Self {
        Self::OAuth(Box::new(definition))
    }
}

impl From<OAuth1Definition> for ProviderDefinition {
    fn from(definition: OAuth1Definition) -> Self {
        Self::OAuth1(Box::new(definition))
    }
}

impl From<CredentialsDefinition> for ProviderDefinition {
    fn from(definition: CredentialsDefinition) -> Self {
        Self::Credentials(Box::new(definition))
    }
}

impl ProviderDefinition {
    /// The id, a segment of the provider's addresses.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::OAuth(definition) => &definition.common.id,
            Self::OAuth1(definition) => &definition.common.id,
            Self::Email(definition) => &definition.id,
            Self::Credentials(definition) => &definition.id,
        }
    }

    /// The name people read.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::OAuth(definition) => &definition.common.name,
            Self::OAuth1(definition) => &definition.common.name,
            Self::Email(definition) => &definition.name,
            Self::Credentials(definition) => &definition.name,
        }
    }
}
