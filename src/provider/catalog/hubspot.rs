use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with HubSpot.
///
/// Create a public app at <https://developers.hubspot.com> with the callback URL
/// `https://<your site>/api/auth/callback/hubspot`.
///
/// The API of OAuth is that of March 2026; HubSpot ends version 1, which NextAuth asks, on 16
/// February 2027. The profile is what the introspection of the access token says.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "hubspot",
    name = "HubSpot",
    authorization_endpoint = "https://app.hubspot.com/oauth/authorize",
    token_endpoint = "{api_url}/token",
    userinfo_endpoint(
        url = "{api_url}/token/introspect",
        form(
            client_id = "{client_id}",
            client_secret = "{client_secret}",
            token = "{access_token}",
            token_type_hint = "access_token"
        )
    ),
    scope = "oauth",
    client_authentication = "post",
    profile = HubSpotUser,
    style(background = "#ff7a59", text = "#000")
)]
pub struct HubSpot {
    client_id: String,
    client_secret: ClientSecret,
    /// The address of a version of the API; `https://api.hubapi.com/oauth/2026-03` by default.
    #[provider(default = "https://api.hubapi.com/oauth/2026-03")]
    api_url: String,
}

#[derive(RawProfile)]
struct HubSpotUser {
    #[profile(id)]
    user_id: u64,
    /// The address with which somebody signs in at HubSpot.
    #[profile(name, email)]
    user: Option<String>,
}
