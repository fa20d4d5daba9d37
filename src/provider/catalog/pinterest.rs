use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Pinterest, which gives no address.
///
/// Register an app at <https://developers.pinterest.com/apps/> with the callback URL
/// `https://<your site>/api/auth/callback/pinterest`. Accounts are found by the user name, as
/// NextAuth finds them: who changes it is somebody new.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "pinterest",
    name = "Pinterest",
    authorization_endpoint = "https://www.pinterest.com/oauth",
    token_endpoint = "https://api.pinterest.com/v5/oauth/token",
    userinfo_endpoint = "https://api.pinterest.com/v5/user_account",
    scope = "user_accounts:read",
    profile = PinterestUser,
    style(background = "#bd081c", text = "#fff")
)]
pub struct Pinterest {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct PinterestUser {
    #[profile(id, name)]
    username: String,
    #[profile(image)]
    profile_image: Option<String>,
}
