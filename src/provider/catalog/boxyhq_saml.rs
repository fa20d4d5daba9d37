use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with SAML through a server of BoxyHQ, SAML Jackson or Polis.
///
/// Allow the callback URL `https://<your site>/api/auth/callback/boxyhq-saml` in the SAML
/// connection. The client is the connection's, or `tenant=<tenant>&product=<product>` as the client
/// id.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "boxyhq-saml",
    name = "BoxyHQ SAML",
    authorization_endpoint(url = "{issuer}/api/oauth/authorize", params(provider = "saml")),
    token_endpoint = "{issuer}/api/oauth/token",
    userinfo_endpoint = "{issuer}/api/oauth/userinfo",
    profile = SamlUser,
    style(background = "#25c2a0", text = "#000")
)]
pub struct BoxyHqSaml {
    client_id: String,
    client_secret: ClientSecret,
    /// The address of the server.
    issuer: String,
}

#[derive(RawProfile)]
#[profile(name = "{first_name} {last_name}")]
struct SamlUser {
    #[profile(id)]
    id: String,
    #[profile(path = "firstName")]
    first_name: Option<String>,
    #[profile(path = "lastName")]
    last_name: Option<String>,
    #[profile(email)]
    email: Option<String>,
}
