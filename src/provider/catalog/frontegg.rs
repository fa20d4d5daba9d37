use typegate::{ClientSecret, OAuthProvider};

/// Sign in with Frontegg.
///
/// Allow the callback URL `https://<your site>/api/auth/callback/frontegg` under the environment's
/// hosted login, in <https://portal.frontegg.com>. The issuer is the environment's address, such as
/// `https://acme.frontegg.com`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "frontegg",
    name = "Frontegg",
    issuer = "{issuer}",
    authorization_endpoint = "{issuer}/oauth/authorize",
    token_endpoint = "{issuer}/oauth/token",
    // For the address of the keys.
    discovery_document = "{issuer}/oauth/.well-known/openid-configuration"
)]
pub struct Frontegg {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
