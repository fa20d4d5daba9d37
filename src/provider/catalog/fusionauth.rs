use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with a server of FusionAuth.
///
/// Add an application with the redirect URL `https://<your site>/api/auth/callback/fusionauth`, and
/// let an RSA key sign its ID tokens: by default the client secret does. The issuer is the server's
/// address, and has to be the one in the tenant's settings.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "fusionauth",
    name = "FusionAuth",
    issuer = "{issuer}",
    authorization_endpoint(params(tenantId = "{tenant_id}")),
    token_endpoint = "{issuer}/oauth2/token",
    scope = "openid offline_access email profile",
    profile = FusionAuthUser
)]
pub struct FusionAuth {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
    /// The tenant, where the server has several.
    tenant_id: Option<String>,
}

#[derive(RawProfile)]
#[profile(name = "{given_name} {middle_name} {family_name}")]
struct FusionAuthUser {
    #[profile(id)]
    sub: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(name)]
    preferred_username: Option<String>,
    given_name: Option<String>,
    middle_name: Option<String>,
    family_name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    picture: Option<String>,
}
