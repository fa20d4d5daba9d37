use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Zoho, at its data centre in the United States.
///
/// Register a server-based application at <https://api-console.zoho.com> with the callback URL
/// `https://<your site>/api/auth/callback/zoho`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "zoho",
    name = "Zoho",
    authorization_endpoint = "https://accounts.zoho.com/oauth/v2/auth",
    token_endpoint = "https://accounts.zoho.com/oauth/v2/token",
    userinfo_endpoint = "https://accounts.zoho.com/oauth/user/info",
    scope = "AaaServer.profile.Read",
    profile = ZohoUser
)]
pub struct Zoho {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(name = "{first_name} {last_name}")]
struct ZohoUser {
    #[profile(id, path = "ZUID")]
    zuid: String,
    #[profile(path = "First_Name")]
    first_name: Option<String>,
    #[profile(path = "Last_Name")]
    last_name: Option<String>,
    #[profile(email, path = "Email")]
    email: Option<String>,
}
