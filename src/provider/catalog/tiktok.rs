use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with TikTok, which calls the client id "client key" and gives no address.
///
/// Register an app at <https://developers.tiktok.com/apps> with the callback URL
/// `https://<your site>/api/auth/callback/tiktok`; it is reviewed before it can be used.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "tiktok",
    name = "TikTok",
    authorization_endpoint(
        url = "https://www.tiktok.com/v2/auth/authorize",
        params(client_key = "{client_id}")
    ),
    token_endpoint(
        url = "https://open.tiktokapis.com/v2/oauth/token/",
        form(client_key = "{client_id}")
    ),
    userinfo_endpoint(
        url = "https://open.tiktokapis.com/v2/user/info/",
        query(fields = "open_id,avatar_url,display_name")
    ),
    scope = "user.info.basic",
    client_authentication = "post",
    profile = TikTokUser,
    style(background = "#000", text = "#fff")
)]
pub struct TikTok {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct TikTokUser {
    #[profile(id, path = "data.user.open_id")]
    open_id: String,
    #[profile(name, path = "data.user.display_name")]
    display_name: Option<String>,
    #[profile(image, path = "data.user.avatar_url")]
    avatar_url: Option<String>,
}
