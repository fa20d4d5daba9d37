use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Zoom.
///
/// Create a general app at <https://marketplace.zoom.us> with the callback URL
/// `https://<your site>/api/auth/callback/zoom` and the scope to read the user. What is asked for
/// is what the app says.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "zoom",
    name = "Zoom",
    authorization_endpoint = "https://zoom.us/oauth/authorize",
    token_endpoint = "https://zoom.us/oauth/token",
    userinfo_endpoint = "https://api.zoom.us/v2/users/me",
    scope = "",
    profile = ZoomUser,
    style(background = "#0b5cff", text = "#fff")
)]
pub struct Zoom {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(name = "{first_name} {last_name}")]
struct ZoomUser {
    #[profile(id)]
    id: String,
    first_name: Option<String>,
    last_name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    pic_url: Option<String>,
}
