use typegate::{ClientSecret, OAuthProvider};

/// Sign in with an IdentityServer4, which is no longer maintained: its successor is
/// [`DuendeIdentityServer6`](crate::provider::catalog::DuendeIdentityServer6).
///
/// Add a client with the redirect URI `https://<your site>/api/auth/callback/identity-server4` to
/// the server's configuration. The issuer is the server's address.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(id = "identity-server4", name = "IdentityServer4", issuer = "{issuer}")]
pub struct IdentityServer4 {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
