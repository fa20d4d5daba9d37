//! Settings of a provider by the names that NextAuth and other libraries have for them.

use super::generic::OidcTold;
use super::{OAuthDefinitionBuilder, OidcBuilder, oauth_option};
use crate::oauth::OAuthDefinitionTold;
use crate::rule::other_name::{
    CalledAuthorizationParameters, CalledChecks, CalledDangerouslyLinkByEmail, CalledIssuer,
    CalledScope,
};
use crate::rule::stand_ins;
use crate::setting;

stand_ins! {
    OidcBuilder<OidcTold>, setting::issuer, CalledIssuer: well_known discovery discovery_url;
    OidcBuilder<OidcTold>, oauth_option::scope, CalledScope: scopes;
    OidcBuilder<OidcTold>, oauth_option::checks, CalledChecks: pkce;
    OidcBuilder<OidcTold>, oauth_option::authorization_parameters, CalledAuthorizationParameters:
        authorization authorization_params params;
    OidcBuilder<OidcTold>, oauth_option::dangerously_link_by_email, CalledDangerouslyLinkByEmail:
        allow_dangerous_email_account_linking;
    OAuthDefinitionBuilder<OAuthDefinitionTold>, oauth_option::scope, CalledScope: scopes;
    OAuthDefinitionBuilder<OAuthDefinitionTold>, oauth_option::checks, CalledChecks: pkce;
    OAuthDefinitionBuilder<OAuthDefinitionTold>, oauth_option::authorization_parameters,
        CalledAuthorizationParameters: authorization_params params;
    OAuthDefinitionBuilder<OAuthDefinitionTold>, oauth_option::dangerously_link_by_email,
        CalledDangerouslyLinkByEmail: allow_dangerous_email_account_linking;
}
