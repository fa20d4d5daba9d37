//! axum-login with `tower-sessions` in memory, as its examples have it.

use std::convert::Infallible;
use std::error::Error;

use ::axum_login::{AuthManagerLayerBuilder, AuthSession, AuthUser, AuthnBackend, UserId};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Serialize;
use tower_sessions::{MemoryStore, SessionManagerLayer};

use crate::{Peer, http, serve};

#[derive(Clone, Debug, Serialize)]
struct Ada {
    name: &'static str,
    email: &'static str,
}

impl AuthUser for Ada {
    type Id = u64;

    fn id(&self) -> u64 {
        1
    }

    fn session_auth_hash(&self) -> &[u8] {
        b"the hash of a password"
    }
}

#[derive(Clone)]
struct Users;

const ADA: Ada = Ada { name: "Ada Lovelace", email: "ada@example.com" };

impl AuthnBackend for Users {
    type User = Ada;
    type Credentials = ();
    type Error = Infallible;

    async fn authenticate(&self, (): ()) -> Result<Option<Ada>, Infallible> {
        Ok(Some(ADA))
    }

    async fn get_user(&self, _: &UserId<Self>) -> Result<Option<Ada>, Infallible> {
        Ok(Some(ADA))
    }
}

async fn sign_in(mut session: AuthSession<Users>) -> StatusCode {
    match session.login(&ADA).await {
        Ok(()) => StatusCode::OK,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn read(session: AuthSession<Users>) -> Json<Option<Ada>> {
    Json(session.user)
}

pub(crate) fn start() -> Result<Peer, Box<dyn Error>> {
    let sessions = SessionManagerLayer::new(MemoryStore::default()).with_secure(false);
    let router = Router::new()
        .route("/session", get(read))
        .route("/login", post(sign_in))
        .layer(AuthManagerLayerBuilder::new(Users, sessions).build());
    let address = serve(router)?;
    let cookies = http::ask(address, &http::post("/login", "", ""))?.cookies().join("; ");
    Ok(Peer { name: "axum-login", address, request: http::get("/session", &cookies) })
}
