use typegate::{ClientSecret, OAuthProvider};

/// Sign in with an auth group of United Effects, which gives no name and no picture.
///
/// The issuer is `https://auth.unitedeffects.com/<auth group id>`. Give the client the callback
/// URL `https://<your site>/api/auth/callback/united-effects`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "united-effects",
    name = "United Effects",
    issuer = "{issuer}",
    authorization_endpoint(params(resource = "{issuer}")),
    scope = "openid email profile"
)]
pub struct UnitedEffects {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
