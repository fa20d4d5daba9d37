use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with a realm of Beyond Identity.
///
/// Add an OpenID Connect application in the admin console with the callback URL `https://<your
/// site>/api/auth/callback/beyondidentity`. The issuer is the application's, such as
/// `https://auth-eu.beyondidentity.com/v1/tenants/<tenant>/realms/<realm>/applications/<application>`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "beyondidentity",
    name = "Beyond Identity",
    issuer = "{issuer}",
    profile = BeyondIdentityUser,
    style(background = "#5077c5", text = "#000")
)]
pub struct BeyondIdentity {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}

#[derive(RawProfile)]
struct BeyondIdentityUser {
    #[profile(id)]
    sub: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(extra)]
    preferred_username: Option<String>,
}
