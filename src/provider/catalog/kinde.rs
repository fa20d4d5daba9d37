use typegate::{ClientSecret, OAuthProvider};

/// Sign in with Kinde.
///
/// Add a back-end web application at <https://app.kinde.com> with the callback URL
/// `https://<your site>/api/auth/callback/kinde`. The issuer is the business's address, such as
/// `https://acme.kinde.com`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "kinde",
    name = "Kinde",
    issuer = "{issuer}",
    style(background = "#fff", text = "#0F0F0F")
)]
pub struct Kinde {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
