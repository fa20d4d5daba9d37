use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with VK, for applications that began with it. The address comes with the tokens, if the
/// person has one and lets it go.
///
/// New ones are registered for VK ID, which is [`VkId`](crate::provider::catalog::VkId) and finds the same people under
/// the same ids. A website that was registered at <https://vk.com/apps?act=manage> has the callback URL
/// `https://<your site>/api/auth/callback/vk`. Its server knows no PKCE.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "vk",
    name = "VK",
    authorization_endpoint(url = "https://oauth.vk.com/authorize", params(v = "5.131")),
    token_endpoint(url = "https://oauth.vk.com/access_token", query(v = "5.131")),
    userinfo_endpoint(
        url = "https://api.vk.com/method/users.get",
        query(fields = "photo_100", v = "5.131"),
        select = "response[0]",
        add(email = "{tokens.email}")
    ),
    scope = "email",
    checks(state),
    client_authentication = "post",
    profile = VkUser,
    style(background = "#07F", text = "#000")
)]
pub struct Vk {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(name = "{first_name} {last_name}")]
struct VkUser {
    #[profile(id)]
    id: u64,
    first_name: Option<String>,
    last_name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    photo_100: Option<String>,
}
