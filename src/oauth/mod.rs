//! The relying party: an OAuth 2.0 client (RFC 6749) that speaks OpenID Connect, and its sibling
//! for OAuth 1.0a (RFC 5849). Plain values go in and come out; there are no cookies, sessions or
//! NextAuth error codes here.
//!
//! [`definition`] describes a provider, and [`RelyingParty`] talks to it; [`v1`] has the same two
//! for OAuth 1.0a.

mod advice;
mod authorization_request;
mod authorization_response;
mod cache;
mod check_values;
mod client_authentication;
pub(crate) mod definition;
mod discovered_endpoint;
mod end_session;
#[cfg(feature = "dynamic")]
mod examination;
mod exchange;
#[cfg(feature = "oauth2")]
mod further_endpoints;
mod id_token;
mod issued_token;
mod issuer;
mod logout_token;
mod metadata;
mod provider_signature;
mod pushed_authorization;
mod refresh;
#[cfg(feature = "oauth2")]
mod registration;
mod relying_party;
mod remark;
mod server;
mod single_flight;
mod token_request;
mod user_info;
pub(crate) mod v1;

pub(crate) use self::authorization_request::AuthorizationOptions;
pub(crate) use self::authorization_response::AuthorizationResponse;
use self::authorization_response::error_response;
use self::cache::{Asker, Freshness};
pub(crate) use self::check_values::CheckValues;
pub(crate) use self::definition::raw_profile::{address_text, says_proven};
pub use self::definition::{
    AccountId, Check, Checks, ClientAuthentication, EmailVouching, Endpoints, GeneratedSecret,
    IntoChecks, IntoClientId, IntoPart, IssuerComparison, OAuth2EndpointsBuilder,
    OAuth2EndpointsSlots, OAuth2EndpointsTold, OAuthClient, OAuthDefinition,
    OAuthDefinitionBuilder, OAuthDefinitionSlots, OAuthDefinitionTold, PlainPkceProtectsNobody,
    PrivateKey, PrivateKeyClient, ProfileError, ProfileMapper, ProfileMember, ProfileProof,
    ProfileText, ProviderAnswer, PublicClient, PushedAuthorization, RawProfile, ResponseMode,
    Scope, StandardClaims, TokenEndpoint, UnaddressedSecret, UserInfoEndpoint, UserInfoHook,
    UserInfoRequest, oauth_option,
};
pub(crate) use self::definition::{
    CLOCK_TOLERANCE, Common, MAXIMUM_CLOCK_TOLERANCE, TENANT, Transport, checked_url, is_tenant_id,
};
use self::definition::{Exchange, Placeholders, Proof};
#[cfg(feature = "dynamic")]
pub(crate) use self::examination::Examination;
use self::exchange::TokenResponse;
#[cfg(feature = "oauth2")]
use self::further_endpoints::FurtherEndpoints;
pub(crate) use self::logout_token::{Logout, LogoutRefused};
use self::metadata::ProviderMetadata;
pub(crate) use self::refresh::stored_claims;
#[cfg(feature = "oauth2")]
pub(crate) use self::registration::RegisteredAuthentication;
pub(crate) use self::relying_party::RelyingParty;
pub(crate) use self::remark::{About, Remark, Remarks};
use self::server::Server;

#[cfg(test)]
mod tests;
