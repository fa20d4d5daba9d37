use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with a tenant of Logto.
///
/// Create a traditional web application in the console with the redirect URI `https://<your
/// site>/api/auth/callback/logto`. The issuer is the tenant's address with `/oidc`, such as
/// `https://acme.logto.app/oidc`. ID tokens are signed with ES384, unless the tenant's signing key
/// was rotated to RSA; that is not understood here.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "logto",
    name = "Logto",
    issuer = "{issuer}",
    id_token_algorithm = "ES384",
    scope = "offline_access openid email profile",
    profile = LogtoUser
)]
pub struct Logto {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}

#[derive(RawProfile)]
struct LogtoUser {
    #[profile(id)]
    sub: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(name)]
    username: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    picture: Option<String>,
}
