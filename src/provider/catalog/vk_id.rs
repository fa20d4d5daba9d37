use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with VK ID, by accounts of VK, OK and Mail.ru.
///
/// Register an application at <https://id.vk.ru/about/business/go> with the callback URL
/// `https://<your site>/api/auth/callback/vk-id`.
///
/// The ids are those of [`Vk`](crate::provider::catalog::Vk). To go on with the accounts of a site that had it, rename
/// them once: `UPDATE accounts SET provider = 'vk-id' WHERE provider = 'vk'`, in the words of your
/// tables. What the documentation says was read in November 2026 and not tried at VK's server, whose
/// refresh tokens need a device id that is known in the callback only.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "vk-id",
    name = "VK ID",
    authorization_endpoint = "{base_url}/authorize",
    // The device is that of the callback; the server refuses a code without it.
    token_endpoint(
        url = "{base_url}/oauth2/auth",
        form(device_id = "{callback.device_id}", state = "{callback.state}")
    ),
    userinfo_endpoint(
        url = "{base_url}/oauth2/user_info",
        form(client_id = "{client_id}", access_token = "{access_token}"),
        select = "user"
    ),
    scope = "vkid.personal_info email",
    client_authentication = "post",
    profile = VkIdUser,
    style(background = "#07F", text = "#000")
)]
pub struct VkId {
    client_id: String,
    client_secret: ClientSecret,
    /// The server; `https://id.vk.ru` by default. It is at `https://id.vk.com` as well.
    #[provider(default = "https://id.vk.ru")]
    base_url: String,
}

#[derive(RawProfile)]
#[profile(name = "{first_name} {last_name}")]
struct VkIdUser {
    #[profile(id)]
    user_id: String,
    first_name: Option<String>,
    last_name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    avatar: Option<String>,
}
