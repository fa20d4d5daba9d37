use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Patreon.
///
/// Register a client at <https://www.patreon.com/portal/registration/register-clients> with the
/// callback URL `https://<your site>/api/auth/callback/patreon`. It is a client of version 2 of the
/// API, to which the scopes belong.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "patreon",
    name = "Patreon",
    authorization_endpoint = "https://www.patreon.com/oauth2/authorize",
    token_endpoint = "https://www.patreon.com/api/oauth2/token",
    userinfo_endpoint(
        url = "https://www.patreon.com/api/oauth2/v2/identity",
        query("fields[user]" = "email,full_name,image_url,is_email_verified")
    ),
    scope = "identity identity[email]",
    email_vouching = "when_verified",
    profile = PatreonUser,
    style(background = "#e85b46", text = "#000")
)]
pub struct Patreon {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct PatreonUser {
    #[profile(id, path = "data.id")]
    id: String,
    #[profile(name, path = "data.attributes.full_name")]
    full_name: Option<String>,
    #[profile(email, path = "data.attributes.email")]
    email: Option<String>,
    #[profile(email_verified, path = "data.attributes.is_email_verified")]
    is_email_verified: Option<bool>,
    #[profile(image, path = "data.attributes.image_url")]
    image_url: Option<String>,
}
