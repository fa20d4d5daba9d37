use typegate::{ClientSecret, OAuthProvider};

/// Sign in with a tenant of Auth0.
///
/// The issuer is the tenant's address with a slash at its end, such as
/// `https://acme.eu.auth0.com/`; without it, it is taken too and logged once (`ISSUER_SLASH`). Register the callback URL
/// `https://<your site>/api/auth/callback/auth0`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "auth0",
    name = "Auth0",
    issuer = "{issuer}",
    issuer_comparison = "ignoring_final_slash",
    style(background = "#EB5424", text = "#000")
)]
pub struct Auth0 {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
