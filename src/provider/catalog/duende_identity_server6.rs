use typegate::{ClientSecret, OAuthProvider};

/// Sign in with a Duende IdentityServer.
///
/// Add a client with the redirect URI `https://<your
/// site>/api/auth/callback/duende-identity-server6` to the server's configuration. The issuer is
/// the server's address; the public demonstration is at `https://demo.duendesoftware.com`. ID
/// tokens hold a name and an address only if the client has `AlwaysIncludeUserClaimsInIdToken`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(id = "duende-identity-server6", name = "DuendeIdentityServer6", issuer = "{issuer}")]
pub struct DuendeIdentityServer6 {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
