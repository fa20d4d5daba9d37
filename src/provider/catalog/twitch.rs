use typegate::{ClientSecret, OAuthProvider};

/// Sign in with Twitch.
///
/// Register an application at <https://dev.twitch.tv/console/apps> with the callback URL
/// `https://<your site>/api/auth/callback/twitch`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "twitch",
    name = "Twitch",
    issuer = "https://id.twitch.tv/oauth2",
    // Without it the ID token has the subject only.
    authorization_endpoint(params(claims(id_token(email, picture, preferred_username)))),
    scope = "openid user:read:email",
    client_authentication = "post",
    style(background = "#65459B", text = "#fff")
)]
pub struct Twitch {
    client_id: String,
    client_secret: ClientSecret,
}
