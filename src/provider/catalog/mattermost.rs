use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with a Mattermost server.
///
/// Its administrator allows it as an "OAuth 2.0 service provider"; then register an application
/// among the integrations, with the callback URL
/// `https://<your site>/api/auth/callback/mattermost`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "mattermost",
    name = "Mattermost",
    authorization_endpoint = "{issuer}/oauth/authorize",
    token_endpoint = "{issuer}/oauth/access_token",
    userinfo_endpoint = "{issuer}/api/v4/users/me",
    client_authentication = "post",
    profile = MattermostUser,
    style(background = "#000", text = "#fff")
)]
pub struct Mattermost {
    client_id: String,
    client_secret: ClientSecret,
    /// The address of the server.
    issuer: String,
}

#[derive(RawProfile)]
#[profile(name = "{first_name} {last_name}")]
struct MattermostUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    username: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    #[profile(email)]
    email: Option<String>,
}
