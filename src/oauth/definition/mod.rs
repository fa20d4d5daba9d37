//! What has to be known of an OAuth 2.0 or OpenID Connect provider.

mod authorization;
mod builder;
mod client;
pub(crate) mod description;
mod email_vouching;
mod endpoints;
mod generated_secret;
mod private_key;
mod profile_mapper;
pub(crate) mod raw_profile;
pub mod required;
mod scope;
mod slot;
mod standard_claims;
mod template;
mod token_endpoint;
mod user_info_endpoint;
mod user_info_hook;

pub use self::authorization::{PushedAuthorization, ResponseMode};
pub(crate) use self::client::Proof;
pub use self::client::{Client, ClientAuthentication, PrivateKeyClient, PublicClient};
pub use self::email_vouching::EmailVouching;
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
use crate::jose::SignatureAlgorithm;
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

/// Everything the flows know of one provider, made by [`builder`](Self::builder).
///
/// See [`Provider`](crate::provider::Provider) for an example.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OAuthDefinition {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) client: Client,
    pub(crate) endpoints: Endpoints,
    pub(crate) token_endpoint: TokenEndpoint,
    pub(crate) user_info_endpoint: UserInfoEndpoint,
    pub(crate) scope: Scope,
    pub(crate) response_mode: ResponseMode,
    pub(crate) pushed_authorization: PushedAuthorization,
    pub(crate) checks: Vec<Check>,
    pub(crate) profile: ProfileMapper,
    pub(crate) id_token_algorithm: SignatureAlgorithm,
    pub(crate) fetch_user_info: bool,
    pub(crate) user_info_hook: Option<UserInfoHook>,
    pub(crate) email_vouching: EmailVouching,
    pub(crate) dangerously_link_by_email: bool,
    pub(crate) federated_sign_out: Option<String>,
    pub(crate) style: Option<ButtonStyle>,
    /// What to know of a provider that NextAuth calls a beta.
    pub(crate) beta: Option<&'static str>,
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
