use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Coinbase.
///
/// Register an OAuth client at <https://portal.cdp.coinbase.com> with the callback URL
/// `https://<your site>/api/auth/callback/coinbase`. Access tokens live for two hours.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "coinbase",
    name = "Coinbase",
    authorization_endpoint = "https://login.coinbase.com/oauth2/auth",
    token_endpoint = "https://login.coinbase.com/oauth2/token",
    userinfo_endpoint = "https://api.coinbase.com/v2/user",
    scope = "wallet:user:email wallet:user:read",
    profile = CoinbaseUser,
    style(background = "#0052ff", text = "#fff")
)]
pub struct Coinbase {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct CoinbaseUser {
    #[profile(id, path = "data.id")]
    id: String,
    #[profile(name, path = "data.name")]
    name: Option<String>,
    #[profile(email, path = "data.email")]
    email: Option<String>,
    #[profile(image, path = "data.avatar_url")]
    picture: Option<String>,
}
