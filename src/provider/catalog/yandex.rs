use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Yandex.
///
/// Register an application at <https://oauth.yandex.com> with the callback URL
/// `https://<your site>/api/auth/callback/yandex` and access to login, address and picture.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "yandex",
    name = "Yandex",
    authorization_endpoint = "https://oauth.yandex.ru/authorize",
    token_endpoint = "https://oauth.yandex.ru/token",
    userinfo_endpoint(url = "https://login.yandex.ru/info", query(format = "json")),
    scope = "login:info login:email login:avatar",
    profile = YandexUser,
    style(background = "#ffcc00", text = "#000")
)]
pub struct Yandex {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(image = picture)]
struct YandexUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    display_name: Option<String>,
    #[profile(name)]
    real_name: Option<String>,
    #[profile(name)]
    first_name: Option<String>,
    #[profile(email, path = "default_email", or = "emails[0]")]
    email: Option<String>,
    is_avatar_empty: Option<bool>,
    default_avatar_id: Option<String>,
}

/// There is an id for the picture of everybody without one, too.
fn picture(user: &YandexUser) -> Option<String> {
    let id = user.default_avatar_id.as_deref().filter(|id| !id.is_empty())?;
    let is_empty = user.is_avatar_empty.unwrap_or_default();
    (!is_empty).then(|| format!("https://avatars.yandex.net/get-yapic/{id}/islands-200"))
}
