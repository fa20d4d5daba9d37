use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Instagram, by its Basic Display API.
///
/// Meta switched that API off in December 2024 for new and old apps, so this is only of use as a
/// model: [`Facebook`](super::Facebook) is what is left. The callback URL is `https://<your
/// site>/api/auth/callback/instagram`, and there is neither an address nor a picture.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "instagram",
    name = "Instagram",
    authorization_endpoint = "https://api.instagram.com/oauth/authorize",
    token_endpoint = "https://api.instagram.com/oauth/access_token",
    userinfo_endpoint(
        url = "https://graph.instagram.com/me",
        query(fields = "id,username,account_type,name")
    ),
    scope = "user_profile",
    client_authentication = "post",
    profile = InstagramUser,
    style(background = "#fff", text = "#000")
)]
pub struct Instagram {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct InstagramUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    username: Option<String>,
}
