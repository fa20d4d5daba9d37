use typegate::{ClientSecret, OAuthProvider};

/// Sign in with Vipps.
///
/// Activate the login of a sales unit at <https://portal.vippsmobilepay.com> with the callback
/// URL `https://<your site>/api/auth/callback/vipps`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "vipps",
    name = "Vipps",
    issuer = "{issuer}",
    scope = "openid name email",
    userinfo_endpoint(fetch),
    style(background = "#f05c18", text = "#000")
)]
pub struct Vipps {
    client_id: String,
    client_secret: ClientSecret,
    /// Production by default, with its slash; the test environment is at `apitest.vipps.no`.
    #[provider(default = "https://api.vipps.no/access-management-1.0/access/")]
    issuer: String,
}
