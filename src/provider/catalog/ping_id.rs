use typegate::{ClientSecret, OAuthProvider};

/// Sign in with an environment of PingOne.
///
/// The issuer has the region and the environment in it: `https://auth.pingone.eu/<environment
/// id>/as`. Add an application of the kind "OIDC Web App" with the callback URL
/// `https://<your site>/api/auth/callback/ping-id`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(id = "ping-id", name = "Ping Identity", issuer = "{issuer}")]
pub struct PingId {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
