use typegate::{ClientSecret, OAuthProvider};

/// Sign in with an organization of Asgardeo.
///
/// Register a traditional web application in <https://console.asgardeo.io> with the callback URL
/// `https://<your site>/api/auth/callback/asgardeo`. The issuer is the organization's address with
/// `/oauth2/token` behind it, such as `https://api.asgardeo.io/t/acme/oauth2/token`. The application
/// has to ask for the user attributes that its ID tokens are to hold.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "asgardeo",
    name = "Asgardeo",
    issuer = "{issuer}",
    style(background = "#000", text = "#fff")
)]
pub struct Asgardeo {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}
