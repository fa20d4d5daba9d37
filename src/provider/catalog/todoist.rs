use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Todoist.
///
/// Create an app at <https://developer.todoist.com/appconsole.html> with the callback URL
/// `https://<your site>/api/auth/callback/todoist`.
///
/// The profile is that of version 1 of the unified API; Todoist has ended version 9 of the sync API,
/// which Auth.js asks.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "todoist",
    name = "Todoist",
    authorization_endpoint = "https://todoist.com/oauth/authorize",
    token_endpoint = "https://todoist.com/oauth/access_token",
    userinfo_endpoint = "https://api.todoist.com/api/v1/user",
    scope = "data:read",
    client_authentication = "post",
    profile = TodoistUser,
    style(background = "#E44332", text = "#000")
)]
pub struct Todoist {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct TodoistUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    full_name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    avatar_big: Option<String>,
}
