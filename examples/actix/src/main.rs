//! typegate in actix-web: sign-in with a provider of one's own, a page that knows who is there, a
//! guard, and a page for administrators.
//!
//! ```text
//! AUTH_SECRET=$(openssl rand -base64 32) NEXTAUTH_URL=http://localhost:3000 \
//! AUTH_ACME_ID=.. AUTH_ACME_SECRET=.. AUTH_ACME_ISSUER=https://id.acme.example cargo run
//! ```

#[cfg(test)]
mod tests;
mod typegate_actix;

use actix_web::{App, HttpServer, web};
use serde::{Deserialize, Serialize};
use typegate::guard::{Guard, GuardLayer};
use typegate::hooks::{Callbacks, SessionRequest, SessionSource, TokenRequest};
use typegate::{
    Auth, BoxError, CallbackError, Claims, ClientSecret, ConfigError, Jwt, OAuthProvider, Secret,
    SessionUser, SiteUrl,
};

use typegate_actix::{MaybeSession, Session};

/// Sign in with Acme, an OpenID provider.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "{issuer}", scope = "openid email profile groups")]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}

/// Who is signed in, as handlers and browsers see it.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct AppSession {
    user: SessionUser,
    role: String,
    expires: String,
}

/// Keeps the role that the provider's groups make, at the sign-in.
async fn token(request: TokenRequest) -> Result<Claims, CallbackError> {
    let mut token = request.token;
    if let Some(profile) = request.raw_profile {
        let groups = profile["groups"].as_array();
        let is_admin = groups.is_some_and(|groups| groups.iter().any(|group| group == "admins"));
        token.insert("role", if is_admin { "admin" } else { "member" });
    }
    Ok(token)
}

async fn session(request: SessionRequest) -> Result<AppSession, CallbackError> {
    let SessionSource::Token(token) = request.source else {
        return Err("sessions are in cookies here".into());
    };
    Ok(AppSession {
        user: request.session.user,
        role: token.get("role").unwrap_or_default(),
        expires: request.session.expires,
    })
}

/// Everything needs a session but the first page, and what is below `/admin` a role.
fn guard(auth: &Auth<AppSession>) -> Result<GuardLayer<AppSession>, ConfigError> {
    Guard::new(auth.clone())
        .public("/")
        .authorized(|session: &AppSession, path| {
            path.split('/').nth(1) != Some("admin") || session.role == "admin"
        })
        .build()
}

fn pages(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(home))
        .route("/account", web::get().to(account))
        .route("/admin", web::get().to(async || "for administrators"));
}

/// For everybody.
async fn home(MaybeSession(session): MaybeSession<AppSession>) -> String {
    let name = session.and_then(|session| session.user.name);
    format!("Hello, {}!", name.as_deref().unwrap_or("whoever you are"))
}

/// For those who are signed in; a browser of anybody else goes to the sign-in page and comes back.
async fn account(Session(session): Session<AppSession>) -> String {
    format!("You are a {} until {}.", session.role, session.expires)
}

#[actix_web::main]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    let auth = Auth::builder()
        .secret(Secret::from_env()?)
        .url(SiteUrl::from_env()?)
        .provider(Acme::from_env()?)
        .session(Jwt::default())
        .callbacks(Callbacks::new().jwt(token).session(session))
        .build()?;
    let guard = guard(&auth)?;
    // Called once for each thread, so it takes references.
    let server = HttpServer::new(move || {
        App::new()
            .configure(typegate_actix::routes(&auth))
            .configure(pages)
            .wrap(typegate_actix::guard(&guard))
    });
    Ok(server.bind(("127.0.0.1", 3000))?.run().await?)
}
