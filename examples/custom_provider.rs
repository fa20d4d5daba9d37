//! A provider that is in no catalogue: one's own Forgejo or Gitea server.
//!
//! Register an application in the server's settings with the callback URL
//! `http://localhost:3000/api/auth/callback/forgejo`, then
//!
//! ```text
//! AUTH_FORGEJO_ID=.. AUTH_FORGEJO_SECRET=.. AUTH_FORGEJO_BASE_URL=https://git.acme.example \
//! AUTH_SECRET=$(openssl rand -base64 32) cargo run --example custom_provider
//! ```

use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use typegate::{
    Auth, BoxError, ClientSecret, OAuthProvider, RawProfile, Secret, Session, SessionLayer,
};

/// Sign in with a Forgejo or Gitea server.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "forgejo",
    name = "Forgejo",
    authorization_endpoint = "{base_url}/login/oauth/authorize",
    token_endpoint = "{base_url}/login/oauth/access_token",
    userinfo_endpoint = "{base_url}/api/v1/user",
    scope = "read:user",
    profile = ForgejoUser
)]
struct Forgejo {
    client_id: String,
    client_secret: ClientSecret,
    /// The address of the server; <https://codeberg.org> by default.
    #[provider(default = "https://codeberg.org")]
    base_url: String,
}

/// What `/api/v1/user` says.
#[derive(Debug, RawProfile)]
struct ForgejoUser {
    #[profile(id)]
    id: u64,
    #[profile(name)]
    full_name: Option<String>,
    #[profile(name)]
    login: String,
    #[profile(email)]
    email: Option<String>,
    #[profile(image)]
    avatar_url: Option<String>,
}

async fn home(session: Option<Session>) -> String {
    match session.and_then(|Session(data)| data.user.name) {
        Some(name) => format!("Hello, {name}.\n"),
        None => "Nobody is signed in: go to /api/auth/signin\n".to_owned(),
    }
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let auth = Auth::builder()
        .secret(Secret::from_env()?)
        .url("http://localhost:3000".parse()?)
        .provider(Forgejo::from_env()?)
        .build()?;
    let app = Router::new()
        .route("/", get(home))
        .merge(auth.routes())
        .layer(SessionLayer::new())
        .with_state(auth);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use typegate::ErrorCode;
    use typegate::testing::provider::Recording;

    use super::*;

    #[tokio::test]
    async fn a_user_of_the_server_signs_in_here() {
        let provider = || {
            Forgejo::new("client id", ClientSecret::new("client secret"))
                .base_url("https://git.acme.example/")
        };
        let sign_in = Recording::new()
            .user_info(json!({
                "id": 42, "login": "ada", "full_name": "", "email": "ada@acme.example",
                "avatar_url": "https://git.acme.example/avatars/42", "is_admin": false,
            }))
            .sign_in(provider())
            .await;
        sign_in.assert_user(json!({
            "id": "42", "name": "ada", "email": "ada@acme.example",
            "image": "https://git.acme.example/avatars/42",
        }));
        sign_in.assert_authorization(&[("scope", "read:user")]);
        let asked = &sign_in.profile_requests[0];
        assert_eq!(asked.url.as_str(), "https://git.acme.example/api/v1/user");

        let sign_in =
            Recording::new().user_info(json!({ "login": "ada" })).sign_in(provider()).await;
        sign_in.assert_refused(ErrorCode::OAuthParseProfile, "the profile has no member `id`");
    }

    #[test]
    fn the_server_is_the_one_that_the_variables_name() {
        let variables = |name: &str| {
            let value = match name {
                "AUTH_FORGEJO_ID" => "client id",
                "AUTH_FORGEJO_SECRET" => "client secret",
                "AUTH_FORGEJO_BASE_URL" => "https://git.acme.example/",
                _ => return None,
            };
            Some(value.to_owned())
        };
        let provider = Forgejo::from_variables(&variables).unwrap();
        assert_eq!(provider.base_url, "https://git.acme.example/");
        assert!(Forgejo::from_variables(&|_| None).is_err());
    }
}
