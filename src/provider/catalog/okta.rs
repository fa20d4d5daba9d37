use typegate::{ClientSecret, OAuthProvider};

/// Sign in with an organization at Okta.
///
/// The issuer is the organization's address, such as `https://acme.okta.com`, or that of one of
/// its authorization servers, such as `https://acme.okta.com/oauth2/default`. Create a web
/// application with the sign-in method OIDC and the callback URL
/// `https://<your site>/api/auth/callback/okta`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "okta",
    name = "Okta",
    issuer = "{issuer}",
    style(background = "#000", text = "#fff")
)]
pub struct Okta {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
