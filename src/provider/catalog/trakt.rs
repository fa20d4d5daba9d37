use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Trakt, which gives no address.
///
/// Register an application at <https://trakt.tv/oauth/applications> with the callback URL
/// `https://<your site>/api/auth/callback/trakt`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "trakt",
    name = "Trakt",
    authorization_endpoint = "https://trakt.tv/oauth/authorize",
    token_endpoint = "https://api.trakt.tv/oauth/token",
    userinfo_endpoint(
        url = "https://api.trakt.tv/users/me",
        query(extended = "full"),
        headers("trakt-api-version" = "2", "trakt-api-key" = "{client_id}")
    ),
    // With any scope the authorization fails.
    scope = "",
    profile = TraktUser,
    style(background = "#ED2224", text = "#000")
)]
pub struct Trakt {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct TraktUser {
    #[profile(id, path = "ids.slug")]
    slug: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(image, path = "images.avatar.full")]
    picture: Option<String>,
}
