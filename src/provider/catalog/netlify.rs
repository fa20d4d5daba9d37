use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Netlify.
///
/// Register an OAuth app at <https://app.netlify.com/user/applications> with the callback URL
/// `https://<your site>/api/auth/callback/netlify`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "netlify",
    name = "Netlify",
    authorization_endpoint = "https://app.netlify.com/authorize",
    token_endpoint = "https://api.netlify.com/oauth/token",
    userinfo_endpoint = "https://api.netlify.com/api/v1/user",
    scope = "",
    profile = NetlifyUser,
    style(background = "#32e6e2", text = "#000")
)]
pub struct Netlify {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct NetlifyUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    full_name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    avatar_url: Option<String>,
}
