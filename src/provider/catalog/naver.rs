use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Naver.
///
/// Register an application at <https://developers.naver.com/apps> with the callback URL
/// `https://<your site>/api/auth/callback/naver`. Which members the profile has is chosen there.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "naver",
    name = "Naver",
    authorization_endpoint = "https://nid.naver.com/oauth2.0/authorize",
    token_endpoint = "https://nid.naver.com/oauth2.0/token",
    userinfo_endpoint = "https://openapi.naver.com/v1/nid/me",
    profile = NaverUser
)]
pub struct Naver {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct NaverUser {
    #[profile(id, path = "response.id")]
    id: String,
    #[profile(name, path = "response.nickname")]
    nickname: Option<String>,
    #[profile(email, path = "response.email")]
    email: Option<String>,
    #[profile(image, path = "response.profile_image")]
    picture: Option<String>,
}
