//! The relying party: what an OAuth 2.0 client (RFC 6749) that speaks OpenID Connect asks of a
//! provider, and what it believes. It knows no cookie, no session and no code of NextAuth.
//!
//! [`definition`] is what has to be known of a provider, [`v1`] the same for OAuth 1.0a.

mod cache;
pub(crate) mod definition;
mod metadata;
mod single_flight;
pub(crate) mod v1;

pub(crate) use self::cache::Asker;
pub use self::definition::{
    AccountId, Check, Client, ClientAuthentication, EmailVouching, Endpoint, Endpoints,
    GeneratedSecret, OAuthDefinition, PrivateKey, PrivateKeyClient, ProfileError, ProfileMapper,
    ProfileMember, ProfileText, PublicClient, PushedAuthorization, RawProfile, ResponseMode, Scope,
    StandardClaims, TokenEndpoint, UserInfoEndpoint, UserInfoHook, UserInfoRequest,
};
pub(crate) use self::definition::{
    Exchange, Placeholders, Proof, TENANT, checked_url, is_protected, is_tenant_id,
};
pub(crate) use self::metadata::{ProviderMetadata, Server};
