use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with a professional account of Instagram (a business or a creator), which gives no
/// address.
///
/// Create an app with the product "Instagram, API setup with Instagram login" at
/// <https://developers.facebook.com/apps> and the callback URL
/// `https://<your site>/api/auth/callback/instagram`; it has to be https. Meta switched off the Basic
/// Display API, which NextAuth asks, in December 2024, and with it the sign-in of personal accounts.
/// The account's id is `user_id`, and none that the old API gave.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "instagram",
    name = "Instagram",
    authorization_endpoint = "https://www.instagram.com/oauth/authorize",
    token_endpoint = "https://api.instagram.com/oauth/access_token",
    userinfo_endpoint(
        url = "https://graph.instagram.com/me",
        query(fields = "user_id,username,name,account_type,profile_picture_url")
    ),
    scope = "instagram_business_basic",
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
    user_id: String,
    #[profile(name)]
    username: Option<String>,
    #[profile(image)]
    profile_picture_url: Option<String>,
}
