use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with SimpleLogin. The address may be an alias made for this site.
///
/// Create a website at <https://app.simplelogin.io/developer> with the callback URL
/// `https://<your site>/api/auth/callback/simplelogin`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "simplelogin",
    name = "SimpleLogin",
    issuer = "https://app.simplelogin.io",
    profile = SimpleLoginUser,
    style(background = "#e3156a", text = "#fff")
)]
pub struct SimpleLogin {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct SimpleLoginUser {
    #[profile(id)]
    sub: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    avatar_url: Option<String>,
}
