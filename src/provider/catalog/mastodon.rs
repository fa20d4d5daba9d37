use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with an instance of Mastodon, which gives no address.
///
/// Register an application in the instance's preferences, under "Development", with the callback
/// URL `https://<your site>/api/auth/callback/mastodon`. Ids belong to one instance: an
/// application that knew two would take one person for another.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "mastodon",
    name = "Mastodon",
    authorization_endpoint = "{issuer}/oauth/authorize",
    token_endpoint = "{issuer}/oauth/token",
    userinfo_endpoint = "{issuer}/api/v1/accounts/verify_credentials",
    scope = "read",
    profile = MastodonUser
)]
pub struct Mastodon {
    client_id: String,
    client_secret: ClientSecret,
    /// The address of the instance, such as `https://mastodon.social`.
    issuer: String,
}

#[derive(RawProfile)]
struct MastodonUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    username: Option<String>,
    #[profile(image)]
    avatar_static: Option<String>,
}
