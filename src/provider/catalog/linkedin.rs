use typegate::{ClientSecret, OAuthProvider};

/// Sign in with LinkedIn.
///
/// Create an app at <https://www.linkedin.com/developers/apps> with the product "Sign In with LinkedIn
/// using OpenID Connect" and the redirect URL `https://<your site>/api/auth/callback/linkedin`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "linkedin",
    name = "LinkedIn",
    issuer = "https://www.linkedin.com/oauth",
    client_authentication = "post",
    // Its ID tokens have no nonce, and PKCE is for native apps.
    checks(state),
    style(background = "#069", text = "#fff")
)]
pub struct LinkedIn {
    client_id: String,
    client_secret: ClientSecret,
}
