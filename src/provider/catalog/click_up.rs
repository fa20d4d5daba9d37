use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with ClickUp.
///
/// Create an app in the workspace's settings under "ClickUp API" with the redirect URL
/// `https://<your site>/api/auth/callback/click-up`. It knows neither scopes nor PKCE.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "click-up",
    name = "ClickUp",
    authorization_endpoint = "https://app.clickup.com/api",
    token_endpoint = "https://api.clickup.com/api/v2/oauth/token",
    userinfo_endpoint = "https://api.clickup.com/api/v2/user",
    checks(state),
    profile = ClickUpUser,
    style(background = "#24292f", text = "#fff")
)]
pub struct ClickUp {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct ClickUpUser {
    #[profile(id, path = "user.id")]
    id: u64,
    #[profile(name, path = "user.username")]
    username: Option<String>,
    #[profile(extra = "profilePicture", path = "user.profilePicture")]
    profile_picture: Option<String>,
    #[profile(extra, path = "user.color")]
    color: Option<String>,
}
