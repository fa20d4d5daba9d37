use typegate::{ClientSecret, OAuthProvider};

/// Sign in with Passage, which gives no name and no picture.
///
/// 1Password announced the end of Passage for January 2026 (looked up in November 2026): this is for
/// whoever has a server with its interface.
///
/// The issuer is the app's address, such as `https://abc123.withpassage.com`. Add the callback
/// URL `https://<your site>/api/auth/callback/passage` to the app's hosted login at
/// <https://console.passage.id>.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "passage",
    name = "Passage",
    issuer = "{issuer}",
    style(background = "#3d53f6", text = "#fff")
)]
pub struct Passage {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
