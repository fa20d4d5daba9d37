use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Medium, which gives no address.
///
/// Medium registers no new applications. One that exists has the callback URL
/// `https://<your site>/api/auth/callback/medium` in its settings.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "medium",
    name = "Medium",
    authorization_endpoint = "https://medium.com/m/oauth/authorize",
    token_endpoint = "https://api.medium.com/v1/tokens",
    userinfo_endpoint = "https://api.medium.com/v1/me",
    scope = "basicProfile",
    profile = MediumUser
)]
pub struct Medium {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct MediumUser {
    #[profile(id, path = "data.id")]
    id: String,
    #[profile(name, path = "data.name")]
    name: Option<String>,
    #[profile(image, path = "data.imageUrl")]
    picture: Option<String>,
}
