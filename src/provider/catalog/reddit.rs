use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Reddit, which gives no address and knows no PKCE.
///
/// Register a web app at <https://www.reddit.com/prefs/apps> with the callback URL
/// `https://<your site>/api/auth/callback/reddit`; there can be only one. A refresh token comes
/// with the authorization parameter `duration=permanent`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "reddit",
    name = "Reddit",
    authorization_endpoint = "https://www.reddit.com/api/v1/authorize",
    token_endpoint = "https://www.reddit.com/api/v1/access_token",
    userinfo_endpoint = "https://oauth.reddit.com/api/v1/me",
    scope = "identity",
    checks(state),
    profile = RedditUser,
    style(background = "#FF4500", text = "#000")
)]
pub struct Reddit {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct RedditUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    name: Option<String>,
}
