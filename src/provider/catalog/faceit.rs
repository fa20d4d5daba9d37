use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with FACEIT.
///
/// Create an OAuth 2.0 client in an application at <https://developers.faceit.com> with the
/// callback URL `https://<your site>/api/auth/callback/faceit`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "faceit",
    name = "FACEIT",
    authorization_endpoint(url = "https://accounts.faceit.com/accounts", params(redirect_popup = "true")),
    token_endpoint = "https://api.faceit.com/auth/v1/oauth/token",
    userinfo_endpoint = "https://api.faceit.com/auth/v1/resources/userinfo",
    scope = "openid profile email",
    email_vouching = "when_verified",
    profile = FaceitUser
)]
pub struct Faceit {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct FaceitUser {
    #[profile(id)]
    guid: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(name)]
    nickname: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    picture: Option<String>,
}
