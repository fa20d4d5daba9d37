use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with WordPress.com.
///
/// Create an application at <https://developer.wordpress.com/apps/> with the callback URL
/// `https://<your site>/api/auth/callback/wordpress`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "wordpress",
    name = "WordPress.com",
    authorization_endpoint = "https://public-api.wordpress.com/oauth2/authorize",
    token_endpoint = "https://public-api.wordpress.com/oauth2/token",
    userinfo_endpoint = "https://public-api.wordpress.com/rest/v1/me",
    scope = "auth",
    email_vouching = "when_verified",
    profile = WordPressUser
)]
pub struct WordPress {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct WordPressUser {
    #[profile(id, path = "ID")]
    id: u64,
    #[profile(name)]
    display_name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image, path = "avatar_URL")]
    avatar_url: Option<String>,
}
