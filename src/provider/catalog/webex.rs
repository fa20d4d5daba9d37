use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Webex.
///
/// Create an integration at <https://developer.webex.com/my-apps> with the callback URL
/// `https://<your site>/api/auth/callback/webex` and both scopes, `spark:kms` and
/// `spark:people_read`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "webex",
    name = "Webex",
    authorization_endpoint = "{base_url}/authorize",
    token_endpoint = "{base_url}/access_token",
    userinfo_endpoint = "{base_url}/people/me",
    scope = "spark:kms spark:people_read",
    profile = WebexUser
)]
pub struct Webex {
    client_id: String,
    client_secret: ClientSecret,
    /// The address of the API; `https://webexapis.com/v1` by default.
    #[provider(default = "https://webexapis.com/v1")]
    base_url: String,
}

#[derive(RawProfile)]
struct WebexUser {
    #[profile(id)]
    id: String,
    #[profile(name, path = "displayName")]
    display_name: Option<String>,
    #[profile(email, path = "emails[0]")]
    email: Option<String>,
    #[profile(image)]
    avatar: Option<String>,
}
