use typegate::{ClientSecret, OAuthProvider};

/// Sign in with Salesforce.
///
/// Create an external client app in Setup (a connected app, where there is one already) with the callback URL
/// `https://<your site>/api/auth/callback/salesforce` and the scopes `openid`, `profile` and
/// `email`. The account's id is `sub`, a URL with the organization and the user in it; NextAuth
/// v4 stored `user_id`, so for its accounts write a profile that has this one.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "salesforce",
    name = "Salesforce",
    issuer = "{issuer}",
    userinfo_endpoint(fetch),
    style(background = "#00a1e0", text = "#000")
)]
pub struct Salesforce {
    client_id: String,
    client_secret: ClientSecret,
    /// `https://login.salesforce.com` by default; a sandbox and "My Domain" have their own.
    #[provider(default = "https://login.salesforce.com")]
    issuer: String,
}
