use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with the Concept2 Logbook.
///
/// Register an application at <https://log.concept2.com/developers/keys> with the callback URL
/// `https://<your site>/api/auth/callback/concept2`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "concept2",
    name = "Concept2",
    authorization_endpoint = "https://log.concept2.com/oauth/authorize",
    token_endpoint = "https://log.concept2.com/oauth/access_token",
    userinfo_endpoint = "https://log.concept2.com/api/users/me",
    scope = "user:read results:write",
    scope_separator = ",",
    profile = Concept2User
)]
pub struct Concept2 {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct Concept2User {
    #[profile(id, path = "data.id")]
    id: u64,
    #[profile(name, path = "data.username")]
    username: Option<String>,
    #[profile(email, path = "data.email")]
    email: Option<String>,
    #[profile(image, path = "data.profile_image")]
    picture: Option<String>,
}
