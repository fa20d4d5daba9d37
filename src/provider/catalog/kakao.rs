use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Kakao.
///
/// Register an application at <https://developers.kakao.com/console/app> with the callback URL
/// `https://<your site>/api/auth/callback/kakao`. What is asked for is what the application's
/// consent items say.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "kakao",
    name = "Kakao",
    authorization_endpoint = "https://kauth.kakao.com/oauth/authorize",
    token_endpoint = "https://kauth.kakao.com/oauth/token",
    userinfo_endpoint = "https://kapi.kakao.com/v2/user/me",
    scope = "",
    client_authentication = "post",
    email_vouching = "when_verified",
    profile = KakaoUser
)]
pub struct Kakao {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct KakaoUser {
    #[profile(id)]
    id: u64,
    #[profile(name, path = "kakao_account.profile.nickname")]
    nickname: Option<String>,
    #[profile(email, path = "kakao_account.email")]
    email: Option<String>,
    #[profile(email_verified, path = "kakao_account.is_email_verified")]
    is_email_verified: Option<bool>,
    // Not of an address that another account has taken over since.
    #[profile(email_verified, path = "kakao_account.is_email_valid")]
    is_email_valid: Option<bool>,
    #[profile(image, path = "kakao_account.profile.profile_image_url")]
    picture: Option<String>,
}
