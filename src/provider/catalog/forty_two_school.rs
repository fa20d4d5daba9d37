use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with 42 School.
///
/// Register an application at <https://profile.intra.42.fr/oauth/applications> with the callback
/// URL `https://<your site>/api/auth/callback/42-school`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "42-school",
    name = "42 School",
    authorization_endpoint = "https://api.intra.42.fr/oauth/authorize",
    token_endpoint = "https://api.intra.42.fr/oauth/token",
    userinfo_endpoint = "https://api.intra.42.fr/v2/me",
    scope = "public",
    profile = FortyTwoUser
)]
pub struct FortyTwoSchool {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct FortyTwoUser {
    #[profile(id)]
    id: u64,
    #[profile(name)]
    usual_full_name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image, path = "image.link")]
    picture: Option<String>,
}
