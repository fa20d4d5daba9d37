//! GitHub: plain OAuth 2.0, with the address on a page of its own.

use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, AUTHORIZATION};
use serde::Deserialize;
use serde_json::Value;
use typegate::{OAuthProvider, Profile};

use super::UserInfoRequest;
use crate::error::BoxError;
use crate::secret::ClientSecret;

/// Sign in with GitHub.
///
/// Register an OAuth app at <https://github.com/settings/developers> with the callback URL
/// `https://<your site>/api/auth/callback/github`.
///
/// On a server of one's own:
///
/// ```
/// use typegate::provider::GitHub;
///
/// let provider = GitHub::new("client id", "client secret")
///     .base_url("https://git.acme.example")
///     .api_url("https://git.acme.example/api/v3");
/// ```
// v4 asks for state only; GitHub has supported PKCE since 2025.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "github",
    name = "GitHub",
    authorization = "{base_url}/login/oauth/authorize",
    token = "{base_url}/login/oauth/access_token",
    userinfo(url = "{api_url}/user", hook = with_email),
    callback_issuer = "{base_url}/login/oauth",
    scope = "read:user user:email",
    profile = GitHubUser
)]
pub struct GitHub {
    client_id: String,
    client_secret: ClientSecret,
    /// The address of the server; `https://github.com` by default.
    #[provider(default = "https://github.com")]
    base_url: String,
    /// The address of the server's API; `https://api.github.com` by default.
    #[provider(default = "https://api.github.com")]
    api_url: String,
}

#[derive(Profile)]
struct GitHubUser {
    #[profile(id)]
    id: u64,
    #[profile(name)]
    name: Option<String>,
    #[profile(name)]
    login: String,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    avatar_url: Option<String>,
}

#[derive(Deserialize)]
struct EmailAddress {
    email: String,
    primary: bool,
}

/// The profile holds a public address only; the others are asked for, the primary one first.
async fn with_email(mut request: UserInfoRequest<'_>) -> Result<Value, BoxError> {
    let has_email = request.raw.get("email").is_some_and(Value::is_string);
    let Some(user) = request.endpoint.filter(|_| !has_email) else { return Ok(request.raw) };
    let token = request.tokens.access_token().unwrap_or_default();
    let question = Request::get(format!("{user}/emails"))
        .header(AUTHORIZATION, format!("token {token}"))
        .header(ACCEPT, "application/json")
        .body(Bytes::new())?;
    let answer = request.send(question).await?;
    if answer.status().is_success() {
        let addresses: Vec<EmailAddress> = serde_json::from_slice(answer.body())?;
        let address = addresses.iter().find(|address| address.primary).or(addresses.first());
        if let (Some(address), Some(profile)) = (address, request.raw.as_object_mut()) {
            profile.insert("email".into(), address.email.clone().into());
        }
    }
    Ok(request.raw)
}
