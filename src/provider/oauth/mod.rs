//! What has to be known of an OAuth 2.0 or OpenID Connect provider.

mod authorization;
mod client;
pub(crate) mod description;
mod endpoints;
mod generated_secret;
mod private_key;
mod profile_mapper;
pub(crate) mod raw_profile;
mod scope;
mod standard_claims;
mod template;
mod token_endpoint;
mod user_info_endpoint;
mod user_info_hook;

use typed_builder::TypedBuilder;

pub use self::authorization::{PushedAuthorization, ResponseMode};
pub(crate) use self::client::Proof;
pub use self::client::{Client, ClientAuthentication, PrivateKeyClient, PublicClient};
pub use self::endpoints::{Endpoint, Endpoints};
pub(crate) use self::endpoints::{TENANT, checked_url, is_protected, is_tenant_id};
pub use self::generated_secret::GeneratedSecret;
pub use self::private_key::PrivateKey;
pub use self::profile_mapper::ProfileMapper;
pub use self::raw_profile::{AccountId, ProfileError, ProfileMember, ProfileText, RawProfile};
pub use self::scope::Scope;
pub use self::standard_claims::StandardClaims;
pub(crate) use self::template::{Exchange, Placeholders};
pub use self::token_endpoint::TokenEndpoint;
pub use self::user_info_endpoint::UserInfoEndpoint;
pub use self::user_info_hook::{UserInfoHook, UserInfoRequest};
use crate::jwt::SignatureAlgorithm;
use crate::theme::ButtonStyle;

/// A protection of the authorization-code flow. PKCE is always S256.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Check {
    /// RFC 7636: the code is worth nothing to whoever did not start the sign-in.
    Pkce,
    /// RFC 6749 section 10.12: the callback belongs to this browser.
    State,
    /// OpenID Connect Core section 15.5.2: the ID token belongs to this sign-in.
    Nonce,
}

/// Everything the flows know of one provider. Parts without a default cannot be left out.
///
/// See [`Provider`](super::Provider) for an example.
#[derive(Clone, Debug, TypedBuilder)]
#[non_exhaustive]
pub struct OAuthDefinition {
    /// A segment of the provider's addresses and part of stored accounts: never change it.
    #[builder(setter(into))]
    pub(crate) id: String,
    /// The name people read.
    #[builder(setter(into))]
    pub(crate) name: String,
    /// This application at the provider.
    #[builder(setter(into))]
    pub(crate) client: Client,
    /// Where the endpoints are.
    pub(crate) endpoints: Endpoints,
    /// How the token request differs from the standard.
    #[builder(default)]
    pub(crate) token_endpoint: TokenEndpoint,
    /// How the userinfo request differs from the standard.
    #[builder(default)]
    pub(crate) user_info_endpoint: UserInfoEndpoint,
    /// What is asked for, separated by spaces; `openid` by default, as in v4.
    #[builder(default = "openid".into(), setter(into))]
    pub(crate) scope: Scope,
    /// How the answer comes back; in the query by default.
    #[builder(default)]
    pub(crate) response_mode: ResponseMode,
    /// Whether the authorization request is pushed; by default where the provider requires it.
    #[builder(default)]
    pub(crate) pushed_authorization: PushedAuthorization,
    /// The protections, PKCE and state by default.
    #[builder(default = vec![Check::Pkce, Check::State], setter(into))]
    pub(crate) checks: Vec<Check>,
    /// What the provider says, mapped.
    pub(crate) profile: ProfileMapper,
    /// The algorithm of ID tokens; RS256 by default.
    #[builder(default)]
    pub(crate) id_token_algorithm: SignatureAlgorithm,
    /// Whether the userinfo endpoint is asked for what the ID token does not say. Plain OAuth 2.0
    /// always asks.
    #[builder(default)]
    pub(crate) fetch_user_info: bool,
    /// A way to complete the answer.
    #[builder(default, setter(strip_option))]
    pub(crate) user_info_hook: Option<UserInfoHook>,
    /// Whether a new account is linked to an existing user with the same address. Whoever can
    /// make an account with somebody's address at this provider then signs in as them.
    #[builder(default)]
    pub(crate) dangerously_link_by_email: bool,
    /// Where the provider sends the browser back after somebody signed out here and there; without
    /// it they sign out here only. The provider must have an end-session endpoint, and must know
    /// this address.
    #[builder(default, setter(strip_option, into))]
    pub(crate) federated_sign_out: Option<String>,
    /// The look of the button.
    #[builder(default, setter(strip_option))]
    pub(crate) style: Option<ButtonStyle>,
    /// Further parameters of the authorization request; values may hold `{client_id}`. Names that
    /// the flow sets itself are a `ConfigError` of `build()`, save a vendor's own `response_type`
    /// that brings a code; `max_age` and `acr_values` are held against the ID token.
    #[builder(default, setter(into))]
    pub(crate) authorization_parameters: Vec<(String, String)>,
}

impl OAuthDefinition {
    /// The last value of a further parameter of the authorization request.
    pub(crate) fn authorization_parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.authorization_parameters.iter().rev();
        parameters.find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn has(&self, check: Check) -> bool {
        self.checks.contains(&check)
    }
}
