use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Dribbble.
///
/// Register an application at <https://dribbble.com/account/applications> with the callback URL
/// `https://<your site>/api/auth/callback/dribbble`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "dribbble",
    name = "Dribbble",
    authorization_endpoint = "https://dribbble.com/oauth/authorize",
    token_endpoint = "https://dribbble.com/oauth/token",
    userinfo_endpoint = "https://api.dribbble.com/v2/user",
    scope = "public",
    profile = DribbbleUser,
    style(background = "#000", text = "#fff")
)]
pub struct Dribbble {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct DribbbleUser {
    #[profile(id)]
    id: u64,
    #[profile(name)]
    name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    avatar_url: Option<String>,
}
