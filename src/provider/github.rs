//! GitHub: plain OAuth 2.0, with the address on a page of its own.

use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, AUTHORIZATION};
use serde::Deserialize;
use serde_json::Value;

use super::{
    Check, Client, Endpoints, OAuthDefinition, OAuthKind, ProfileMapper, Provider, UserInfoHook,
    UserInfoRequest,
};
use crate::error::{BoxError, ConfigError};
use crate::model::Profile;
use crate::secret::ClientSecret;

const EMAIL_ADDRESSES: &str = "https://api.github.com/user/emails";

/// Sign in with GitHub.
///
/// Register an OAuth app at <https://github.com/settings/developers> with the callback URL
/// `https://<your site>/api/auth/callback/github`.
#[derive(Clone, Debug)]
pub struct GitHub {
    client_id: String,
    client_secret: ClientSecret,
}

impl GitHub {
    /// Takes the client id and secret that GitHub gave.
    #[must_use]
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<ClientSecret>) -> Self {
        Self { client_id: client_id.into(), client_secret: client_secret.into() }
    }

    /// Reads `AUTH_GITHUB_ID` and `AUTH_GITHUB_SECRET`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        let variable = |name: &str| {
            std::env::var(name)
                .ok()
                .filter(|value| !value.is_empty())
                .ok_or_else(|| ConfigError::missing_variable(name))
        };
        Ok(Self::new(variable("AUTH_GITHUB_ID")?, variable("AUTH_GITHUB_SECRET")?))
    }
}

#[derive(Deserialize)]
struct GitHubUser {
    id: u64,
    login: String,
    name: Option<String>,
    email: Option<String>,
    avatar_url: Option<String>,
}

#[derive(Deserialize)]
struct EmailAddress {
    email: String,
    primary: bool,
}

impl Provider for GitHub {
    type Kind = OAuthKind;

    fn into_definition(self) -> OAuthDefinition {
        OAuthDefinition::builder()
            .id("github")
            .name("GitHub")
            .client(Client::new(self.client_id, self.client_secret))
            .endpoints(
                Endpoints::oauth2(
                    "https://github.com/login/oauth/authorize",
                    "https://github.com/login/oauth/access_token",
                    "https://api.github.com/user",
                )
                .issuer("https://github.com/login/oauth"),
            )
            .scope("read:user user:email")
            // v4 asks for state only; GitHub has supported PKCE since 2025.
            .checks([Check::Pkce, Check::State])
            .user_info_hook(UserInfoHook::new(|request| Box::pin(with_email(request))))
            .profile(ProfileMapper::new(|user: GitHubUser, _| {
                Ok(Profile::new(user.id.to_string())
                    .name(user.name.or(Some(user.login)))
                    .email(user.email)
                    .image(user.avatar_url))
            }))
            .build()
    }
}

/// The profile holds a public address only; the others are asked for, the primary one first.
async fn with_email(mut request: UserInfoRequest<'_>) -> Result<Value, BoxError> {
    if request.raw.get("email").is_some_and(Value::is_string) {
        return Ok(request.raw);
    }
    let token = request.tokens.access_token().unwrap_or_default();
    let question = Request::get(EMAIL_ADDRESSES)
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
