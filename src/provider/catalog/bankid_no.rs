use typegate::{ClientSecret, OAuthProvider};

/// Sign in with the Norwegian BankID.
///
/// BankID registers clients by contract; the callback URL is `https://<your
/// site>/api/auth/callback/bankid-no`. The profile is a signed answer of the userinfo endpoint.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "bankid-no",
    name = "BankID Norge",
    issuer = "{issuer}",
    authorization_endpoint(params(ui_locales = "no", login_hint = "BIS")),
    userinfo_endpoint(fetch, signed = "RS256"),
    client_authentication = "post",
    style(background = "#39134c", text = "#fff")
)]
pub struct BankIdNo {
    client_id: String,
    client_secret: ClientSecret,
    /// The realm; the one for production by default.
    #[provider(default = "https://auth.bankid.no/auth/realms/prod")]
    issuer: String,
}
