use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Twitter (X), by OAuth 2.0.
///
/// Register an app at <https://developer.x.com> with the callback URL
/// `https://<your site>/api/auth/callback/twitter`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "twitter",
    name = "Twitter",
    authorization_endpoint = "https://x.com/i/oauth2/authorize",
    token_endpoint = "https://api.x.com/2/oauth2/token",
    userinfo_endpoint(
        url = "https://api.x.com/2/users/me",
        query("user.fields" = "profile_image_url")
    ),
    scope = "users.read tweet.read offline.access",
    profile = TwitterUser,
    beta = "signs in by OAuth 2.0, which does not give the e-mail address",
    style(background = "#1da1f2", text = "#fff")
)]
pub struct Twitter {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct TwitterUser {
    #[profile(id, path = "data.id")]
    id: String,
    #[profile(name, path = "data.name")]
    name: Option<String>,
    #[profile(email, path = "data.email")]
    email: Option<String>,
    #[profile(image, path = "data.profile_image_url")]
    picture: Option<String>,
}
