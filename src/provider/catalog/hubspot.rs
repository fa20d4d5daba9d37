use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with HubSpot.
///
/// Create a public app at <https://developers.hubspot.com> with the callback URL
/// `https://<your site>/api/auth/callback/hubspot`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "hubspot",
    name = "HubSpot",
    authorization_endpoint = "https://app.hubspot.com/oauth/authorize",
    token_endpoint = "https://api.hubapi.com/oauth/v1/token",
    userinfo_endpoint = "https://api.hubapi.com/oauth/v1/access-tokens/{access_token}",
    scope = "oauth",
    client_authentication = "post",
    profile = HubSpotUser,
    style(background = "#ff7a59", text = "#fff")
)]
pub struct HubSpot {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct HubSpotUser {
    #[profile(id)]
    user_id: u64,
    /// The address with which somebody signs in at HubSpot.
    #[profile(name, email)]
    user: Option<String>,
}
