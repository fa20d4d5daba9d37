use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Strava, which gives no address.
///
/// Register an application at <https://www.strava.com/settings/api>. It asks for the domain of
/// the callback URL `https://<your site>/api/auth/callback/strava` only.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "strava",
    name = "Strava",
    authorization_endpoint(
        url = "https://www.strava.com/api/v3/oauth/authorize",
        params(approval_prompt = "auto")
    ),
    token_endpoint = "https://www.strava.com/api/v3/oauth/token",
    userinfo_endpoint = "https://www.strava.com/api/v3/athlete",
    scope = "read",
    client_authentication = "post",
    profile = StravaUser
)]
pub struct Strava {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(name = "{firstname} {lastname}")]
struct StravaUser {
    #[profile(id)]
    id: u64,
    firstname: Option<String>,
    lastname: Option<String>,
    #[profile(image)]
    profile: Option<String>,
}
