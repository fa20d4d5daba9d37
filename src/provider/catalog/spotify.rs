use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Spotify.
///
/// Register an app at <https://developer.spotify.com/dashboard> with the callback URL
/// `https://<your site>/api/auth/callback/spotify`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "spotify",
    name = "Spotify",
    authorization_endpoint = "https://accounts.spotify.com/authorize",
    token_endpoint = "https://accounts.spotify.com/api/token",
    userinfo_endpoint = "https://api.spotify.com/v1/me",
    scope = "user-read-email",
    profile = SpotifyUser,
    style(background = "#000", text = "#fff")
)]
pub struct Spotify {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct SpotifyUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    display_name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image, path = "images[0].url")]
    picture: Option<String>,
}
