use typegate::{ClientSecret, OAuthProvider};

/// Sign in with a project of Descope.
///
/// The client id is the project's id, and the secret an access key of it; both are at
/// <https://app.descope.com>. Allow the callback URL
/// `https://<your site>/api/auth/callback/descope` in the federated application.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "descope",
    name = "Descope",
    issuer = "{base_url}/{client_id}",
    style(background = "#1C1C23", text = "#ffffff")
)]
pub struct Descope {
    client_id: String,
    client_secret: ClientSecret,
    /// The server; `https://api.descope.com` by default.
    #[provider(default = "https://api.descope.com")]
    base_url: String,
}
