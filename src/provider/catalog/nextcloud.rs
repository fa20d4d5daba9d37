use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with a Nextcloud server.
///
/// Its administrator adds an OAuth 2.0 client in the security settings, with the callback URL
/// `https://<your site>/api/auth/callback/nextcloud`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "nextcloud",
    name = "Nextcloud",
    authorization_endpoint = "{issuer}/apps/oauth2/authorize",
    token_endpoint = "{issuer}/apps/oauth2/api/v1/token",
    userinfo_endpoint(
        url = "{issuer}/ocs/v1.php/cloud/users/{tokens.user_id}",
        headers("OCS-APIRequest" = "true", "Accept" = "application/json"),
        select = "ocs.data",
        add(server = "{issuer}")
    ),
    profile = NextcloudUser,
    style(background = "#fff", text = "#0076B8")
)]
pub struct Nextcloud {
    client_id: String,
    client_secret: ClientSecret,
    /// The address of the server.
    issuer: String,
}

#[derive(RawProfile)]
#[profile(image = picture)]
struct NextcloudUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    displayname: Option<String>,
    #[profile(email)]
    email: Option<String>,
    server: Option<String>,
}

fn picture(user: &NextcloudUser) -> Option<String> {
    let server = user.server.as_deref()?.trim_end_matches('/');
    Some(format!("{server}/avatar/{}/512", user.id))
}
