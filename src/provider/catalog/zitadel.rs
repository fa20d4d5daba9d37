use typegate::{ClientSecret, OAuthProvider};

/// Sign in with an instance of ZITADEL.
///
/// The issuer is the instance's address, such as `https://acme-abc123.zitadel.cloud`. Add a web
/// application to a project with the callback URL
/// `https://<your site>/api/auth/callback/zitadel`. Names and addresses are in the ID token only
/// if the application's token settings say so.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(id = "zitadel", name = "ZITADEL", issuer = "{issuer}")]
pub struct Zitadel {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
