//! The definition of a provider: everything that has to be known of it, whoever says so (a derive,
//! a program by hand, the catalogue, a configuration file).

mod authorization;
mod checks;
mod client;
mod client_id;
mod common;
pub(crate) mod description;
mod email_vouching;
mod endpoints;
mod generated_secret;
mod issuer_comparison;
mod member_path;
mod options;
mod part;
mod private_key;
mod profile_mapper;
pub(crate) mod raw_profile;
mod record;
mod scope;
pub mod setting;
mod standard_claims;
mod template;
mod token_endpoint;
mod user_info_endpoint;
mod user_info_hook;
pub(crate) mod word;

pub(crate) use self::authorization::add_parameters;
pub use self::authorization::{PushedAuthorization, ResponseMode};
pub use self::checks::{Check, Checks, IntoChecks, PlainPkceProtectsNobody};
pub(crate) use self::client::Proof;
pub use self::client::{ClientAuthentication, OAuthClient, PrivateKeyClient, PublicClient};
pub use self::client_id::IntoClientId;
pub(crate) use self::common::Common;
pub use self::email_vouching::EmailVouching;
pub use self::endpoints::{
    Endpoints, OAuth2EndpointsBuilder, OAuth2EndpointsSlots, OAuth2EndpointsTold,
};
pub(crate) use self::endpoints::{
    Protocol, TENANT, Transport, checked_issuer, checked_url, is_tenant_id,
};
pub use self::generated_secret::{GeneratedSecret, UnaddressedSecret};
pub use self::issuer_comparison::IssuerComparison;
pub(crate) use self::options::{oauth_options, store};
pub use self::part::IntoPart;
pub use self::private_key::PrivateKey;
pub use self::profile_mapper::{ProfileMapper, ProviderAnswer};
pub use self::raw_profile::{
    AccountId, ProfileError, ProfileMember, ProfileProof, ProfileText, RawProfile,
};
pub(crate) use self::record::record;
pub use self::scope::Scope;
pub use self::standard_claims::StandardClaims;
pub(crate) use self::template::{Exchange, Placeholders};
pub use self::token_endpoint::TokenEndpoint;
pub use self::user_info_endpoint::UserInfoEndpoint;
pub use self::user_info_hook::{UserInfoHook, UserInfoRequest};

/// How many seconds clocks may differ; v4's value.
pub(crate) const CLOCK_TOLERANCE: u32 = 10;

/// The most that is accepted: whoever has stolen a token can use it for so much longer.
pub(crate) const MAXIMUM_CLOCK_TOLERANCE: u32 = typegate_macros::__maximum_clock_tolerance!();

oauth_options! { record {
    /// Everything that is known of one OAuth 2.0 or OpenID Connect provider, made by
    /// [`builder`](Self::builder).
    ///
    /// See [`Provider`](crate::provider::Provider) for an example.
    OAuthDefinition { OAuthDefinitionBuilder, OAuthDefinitionSlots, OAuthDefinitionTold, oauth_option of "provider::OAuthDefinitionBuilder" }
    required {
        /// This application at the provider.
        client [client ClientGiven]: OAuthClient = OAuthClient::public("").into();
        /// Where the endpoints are.
        endpoints [endpoints EndpointsGiven]: Endpoints = Endpoints::plain();
    }
    openid_connect {
        /// Where the provider sends the browser back after somebody signed out here and there
        /// (OpenID Connect RP-Initiated Logout 1.0 section 2); without it they sign out here only.
        /// The provider must have an end-session endpoint, and must know this address.
        post_logout_redirect_uri: Option<String> = None, uri: impl Into<String> => Some(uri.into());
    }
} }

impl OAuthDefinition {
    /// What is asked for, if anything is.
    pub(crate) fn scope(&self) -> Option<&str> {
        self.scope.of(self.endpoints.protocol)
    }

    pub(crate) fn checks(&self) -> &[Check] {
        self.checks.of(self.endpoints.protocol)
    }

    pub(crate) fn has(&self, check: Check) -> bool {
        self.checks().contains(&check)
    }

    /// By what the provider may be asked.
    pub(crate) fn transport(&self) -> Transport {
        if self.dangerously_allow_http { Transport::Any } else { Transport::Protected }
    }

    /// The value of a further parameter of the authorization request.
    pub(crate) fn authorization_parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.authorization_parameters.iter();
        parameters.find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}
