use typegate::{ClientSecret, OAuthProvider};

/// Sign in with a realm of Keycloak.
///
/// Create an OpenID Connect client with client authentication in the realm, and the redirect URI
/// `https://<your site>/api/auth/callback/keycloak`. The issuer is
/// `https://<server>/realms/<realm>`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "keycloak",
    name = "Keycloak",
    issuer = "{issuer}",
    style(background = "#428bca", text = "#000")
)]
pub struct Keycloak {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
