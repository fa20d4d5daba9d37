use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Figma.
///
/// Create an app at <https://www.figma.com/developers/apps> with the callback URL
/// `https://<your site>/api/auth/callback/figma` and the scope `current_user:read`. An older app that
/// has only `files:read`, which Figma gave up for it, asks for that with
/// [`Adjust::scope`](typegate::provider::Adjust::scope).
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "figma",
    name = "Figma",
    authorization_endpoint = "https://www.figma.com/oauth",
    token_endpoint = "https://api.figma.com/v1/oauth/token",
    userinfo_endpoint = "https://api.figma.com/v1/me",
    scope = "current_user:read",
    checks(state),
    profile = FigmaUser,
    style(background = "#ff7237", text = "#000")
)]
pub struct Figma {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct FigmaUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    handle: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    img_url: Option<String>,
}
