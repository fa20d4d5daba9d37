use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Pipedrive.
///
/// Create an app in the Developer Hub of an account with the callback URL
/// `https://<your site>/api/auth/callback/pipedrive`. Its scopes are those that are ticked there.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "pipedrive",
    name = "Pipedrive",
    authorization_endpoint = "https://oauth.pipedrive.com/oauth/authorize",
    token_endpoint = "https://oauth.pipedrive.com/oauth/token",
    userinfo_endpoint = "https://api.pipedrive.com/users/me",
    profile = PipedriveUser
)]
pub struct Pipedrive {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct PipedriveUser {
    #[profile(id, path = "data.id")]
    id: u64,
    #[profile(name, path = "data.name")]
    name: Option<String>,
    #[profile(email, path = "data.email")]
    email: Option<String>,
    #[profile(image, path = "data.icon_url")]
    icon_url: Option<String>,
}
