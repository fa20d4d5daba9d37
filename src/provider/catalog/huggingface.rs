use typegate::{ClientSecret, OAuthProvider};

/// Sign in with Hugging Face.
///
/// Create an OAuth app at <https://huggingface.co/settings/applications/new> with the redirect URL
/// `https://<your site>/api/auth/callback/huggingface` and the scopes `openid`, `profile` and `email`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "huggingface",
    name = "Hugging Face",
    issuer = "https://huggingface.co",
    style(background = "#FFD21E", text = "#000")
)]
pub struct HuggingFace {
    client_id: String,
    client_secret: ClientSecret,
}
