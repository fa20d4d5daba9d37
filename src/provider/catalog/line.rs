use typegate::{ClientSecret, OAuthProvider};

/// Sign in with LINE.
///
/// Create a LINE Login channel at <https://developers.line.biz/console> with the callback URL
/// `https://<your site>/api/auth/callback/line`. The address needs a permission that the channel
/// has to apply for. ID tokens of web channels are signed with the channel secret.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "line",
    name = "LINE",
    issuer = "https://access.line.me",
    id_token_algorithm = "HS256",
    style(background = "#00C300", text = "#000")
)]
pub struct Line {
    client_id: String,
    client_secret: ClientSecret,
}
