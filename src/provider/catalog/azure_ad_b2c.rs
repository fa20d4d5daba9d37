use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with a tenant of Azure AD B2C.
///
/// Register a web application in the tenant with the callback URL
/// `https://<your site>/api/auth/callback/azure-ad-b2c`. Under the token compatibility settings of
/// the user flow choose the issuer with `tfp`, because the other one does not lead to the discovery
/// document: `https://acme.b2clogin.com/tfp/<tenant id>/<user flow>/v2.0/`.
///
/// The address is the first of the claim `emails`, which the user flow has to return.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "azure-ad-b2c",
    name = "Azure AD B2C",
    issuer = "{issuer}",
    profile = AzureAdB2cUser,
    style(background = "#0072c6", text = "#fff")
)]
pub struct AzureAdB2c {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}

#[derive(RawProfile)]
struct AzureAdB2cUser {
    #[profile(id)]
    sub: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(name)]
    preferred_username: Option<String>,
    #[profile(email, path = "emails[0]")]
    email: Option<String>,
}
