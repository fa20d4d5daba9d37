use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Mail.ru.
///
/// Register an application at <https://o2.mail.ru/app/> with the callback URL
/// `https://<your site>/api/auth/callback/mailru`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "mailru",
    name = "Mail.ru",
    authorization_endpoint = "https://oauth.mail.ru/login",
    token_endpoint = "https://oauth.mail.ru/token",
    userinfo_endpoint = "https://oauth.mail.ru/userinfo",
    scope = "userinfo",
    profile = MailRuUser
)]
pub struct MailRu {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct MailRuUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(name)]
    nickname: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    image: Option<String>,
}
