use typegate::{ClientSecret, OAuthProvider};

/// Sign in with Roblox, which gives no address.
///
/// Create an OAuth 2.0 app at <https://create.roblox.com/dashboard/credentials> with the callback
/// URL `https://<your site>/api/auth/callback/roblox`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "roblox",
    name = "Roblox",
    issuer = "https://apis.roblox.com/oauth/",
    scope = "openid profile",
    style(background = "#5865F2", text = "#fff")
)]
pub struct Roblox {
    client_id: String,
    client_secret: ClientSecret,
}
