use typegate::{ClientSecret, OAuthProvider};

/// Sign in with Ory Hydra, or with a project of the Ory Network.
///
/// Create an OAuth 2.0 client with the redirect URI `https://<your site>/api/auth/callback/hydra` and
/// the scopes `openid`, `profile` and `email`. The issuer is the server's public address, to the
/// letter as the discovery document has it.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "hydra",
    name = "Hydra",
    issuer = "{issuer}",
    style(background = "#fff", text = "#0F172A")
)]
pub struct Hydra {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
