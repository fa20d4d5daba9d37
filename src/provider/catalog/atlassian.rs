use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Atlassian.
///
/// Create an OAuth 2.0 (3LO) app at <https://developer.atlassian.com/console/myapps> with the
/// callback URL `https://<your site>/api/auth/callback/atlassian`, and add the "User identity API"
/// to it, to which the scope `read:me` belongs. It knows no PKCE.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "atlassian",
    name = "Atlassian",
    authorization_endpoint(
        url = "https://auth.atlassian.com/authorize",
        params(audience = "api.atlassian.com")
    ),
    token_endpoint = "https://auth.atlassian.com/oauth/token",
    userinfo_endpoint = "https://api.atlassian.com/me",
    scope = "read:me",
    checks(state),
    profile = AtlassianUser,
    style(background = "#fff", text = "#0052cc")
)]
pub struct Atlassian {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct AtlassianUser {
    #[profile(id)]
    account_id: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    picture: Option<String>,
}
