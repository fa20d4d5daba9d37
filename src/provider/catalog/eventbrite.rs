use serde_json::Value;
use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Eventbrite.
///
/// Create an API key at <https://www.eventbrite.com/platform/api-keys> with the redirect URI
/// `https://<your site>/api/auth/callback/eventbrite`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "eventbrite",
    name = "Eventbrite",
    authorization_endpoint = "https://www.eventbrite.com/oauth/authorize",
    token_endpoint = "https://www.eventbrite.com/oauth/token",
    userinfo_endpoint = "https://www.eventbriteapi.com/v3/users/me/",
    scope = "user.profile",
    client_authentication = "post",
    profile = EventbriteUser,
    style(background = "#f05537", text = "#000")
)]
pub struct Eventbrite {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(
    email = primary_address,
    image = "https://img.evbuc.com/https%3A%2F%2Fcdn.evbuc.com%2Fimages%2F{image_id}%2F1%2Foriginal.jpg"
)]
struct EventbriteUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    name: Option<String>,
    emails: Option<Vec<Value>>,
    image_id: Option<String>,
}

/// The address that is marked as the primary one.
fn primary_address(user: &EventbriteUser) -> Option<String> {
    let mut addresses = user.emails.iter().flatten();
    let primary = addresses.find(|address| address.get("primary") == Some(&Value::Bool(true)))?;
    Some(primary.get("email")?.as_str()?.to_owned())
}
