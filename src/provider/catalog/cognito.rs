use typegate::{ClientSecret, OAuthProvider};

/// Sign in with a user pool of Amazon Cognito.
///
/// Add an app client with a secret to the user pool, with the callback URL
/// `https://<your site>/api/auth/callback/cognito`. The issuer is
/// `https://cognito-idp.<region>.amazonaws.com/<user pool id>`; the pool needs a domain, because
/// people sign in there.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "cognito",
    name = "Cognito",
    issuer = "{issuer}",
    style(background = "#C17B9E", text = "#000")
)]
pub struct Cognito {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
