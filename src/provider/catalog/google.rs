use typegate::{ClientSecret, OAuthProvider};

/// Sign in with Google.
///
/// Register a web application at <https://console.cloud.google.com/apis/credentials> with the
/// callback URL `https://<your site>/api/auth/callback/google`. A refresh token comes only with
/// the authorization parameter `access_type=offline`, and then with the first consent.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "google",
    name = "Google",
    issuer = "https://accounts.google.com",
    style(background = "#fff", text = "#000")
)]
pub struct Google {
    client_id: String,
    client_secret: ClientSecret,
}
