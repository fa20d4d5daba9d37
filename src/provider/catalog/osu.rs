use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with osu!, which gives no address.
///
/// Register an OAuth application at <https://osu.ppy.sh/home/account/edit> with the callback URL
/// `https://<your site>/api/auth/callback/osu`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "osu",
    name = "osu!",
    authorization_endpoint = "https://osu.ppy.sh/oauth/authorize",
    token_endpoint = "https://osu.ppy.sh/oauth/token",
    userinfo_endpoint = "https://osu.ppy.sh/api/v2/me",
    scope = "identify",
    profile = OsuUser
)]
pub struct Osu {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct OsuUser {
    #[profile(id)]
    id: u64,
    #[profile(name)]
    username: Option<String>,
    #[profile(image)]
    avatar_url: Option<String>,
}
