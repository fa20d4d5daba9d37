use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Patreon.
///
/// Register a client at <https://www.patreon.com/portal/registration/register-clients> with the
/// callback URL `https://<your site>/api/auth/callback/patreon`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "patreon",
    name = "Patreon",
    authorization_endpoint = "https://www.patreon.com/oauth2/authorize",
    token_endpoint = "https://www.patreon.com/api/oauth2/token",
    userinfo_endpoint = "https://www.patreon.com/api/oauth2/api/current_user",
    scope = "identity identity[email]",
    email_vouching = "when_verified",
    profile = PatreonUser,
    style(background = "#e85b46", text = "#fff")
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
