use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Bungie, which gives no address.
///
/// Register a confidential application at <https://www.bungie.net/en/Application> with the callback
/// URL `https://<your site>/api/auth/callback/bungie`; it has to be https. The application's API
/// key goes with every request.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "bungie",
    name = "Bungie",
    authorization_endpoint(url = "https://www.bungie.net/en/OAuth/Authorize", params(reauth = "true")),
    token_endpoint = "https://www.bungie.net/platform/app/oauth/token/",
    userinfo_endpoint(
        url = "https://www.bungie.net/platform/User/GetBungieAccount/{tokens.membership_id}/254/",
        headers("X-API-Key" = "{api_key}")
    ),
    profile = BungieUser
)]
pub struct Bungie {
    client_id: String,
    client_secret: ClientSecret,
    api_key: String,
}

#[derive(RawProfile)]
#[profile(image = picture)]
struct BungieUser {
    #[profile(id, path = "Response.bungieNetUser.membershipId")]
    membership_id: String,
    #[profile(name, path = "Response.bungieNetUser.displayName")]
    display_name: Option<String>,
    #[profile(path = "Response.bungieNetUser.profilePicturePath")]
    picture_path: Option<String>,
}

/// The path begins with a slash or does not.
fn picture(user: &BungieUser) -> Option<String> {
    let path = user.picture_path.as_ref()?.trim_start_matches('/');
    Some(format!("https://www.bungie.net/{path}"))
}
