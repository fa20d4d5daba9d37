use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Dropbox.
///
/// Create an app at <https://www.dropbox.com/developers/apps> with the redirect URI
/// `https://<your site>/api/auth/callback/dropbox` and the permission `account_info.read`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "dropbox",
    name = "Dropbox",
    authorization_endpoint(
        url = "https://www.dropbox.com/oauth2/authorize",
        // With it there is a refresh token.
        params(token_access_type = "offline")
    ),
    token_endpoint = "https://api.dropboxapi.com/oauth2/token",
    userinfo_endpoint(url = "https://api.dropboxapi.com/2/users/get_current_account", post),
    scope = "account_info.read",
    email_vouching = "when_verified",
    profile = DropboxUser,
    style(background = "#0061fe", text = "#fff")
)]
pub struct Dropbox {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct DropboxUser {
    #[profile(id)]
    account_id: String,
    #[profile(name, path = "name.display_name")]
    display_name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    profile_photo_url: Option<String>,
}
