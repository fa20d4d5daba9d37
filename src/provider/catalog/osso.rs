use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in through an instance of Osso, which speaks SAML with the customers' identity providers.
///
/// Osso is no longer developed (looked up in November 2026), and instances of it go on.
///
/// Register an OAuth client in the instance's administration with the callback URL
/// `https://<your site>/api/auth/callback/osso`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "osso",
    name = "Osso",
    authorization_endpoint = "{issuer}/oauth/authorize",
    token_endpoint = "{issuer}/oauth/token",
    userinfo_endpoint = "{issuer}/oauth/me",
    profile = OssoUser
)]
pub struct Osso {
    client_id: String,
    client_secret: ClientSecret,
    /// The address of the instance, such as `https://demo.ossoapp.com`.
    issuer: String,
}

#[derive(RawProfile)]
struct OssoUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(email)]
    email: Option<String>,
}
