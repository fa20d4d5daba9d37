use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Box.
///
/// Create a custom app with user authentication at <https://app.box.com/developers/console> with
/// the callback URL `https://<your site>/api/auth/callback/box`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "box",
    name = "Box",
    authorization_endpoint = "https://account.box.com/api/oauth2/authorize",
    token_endpoint = "https://api.box.com/oauth2/token",
    userinfo_endpoint = "https://api.box.com/2.0/users/me",
    profile = BoxUser,
    style(background = "#0075C9", text = "#fff")
)]
pub struct BoxCom {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct BoxUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    name: Option<String>,
    /// The address with which somebody signs in at Box.
    #[profile(email)]
    login: Option<String>,
    #[profile(image)]
    avatar_url: Option<String>,
}
