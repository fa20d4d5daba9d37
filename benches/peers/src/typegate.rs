//! typegate on axum, with sessions in cookies.

use std::error::Error;

use typegate::provider::Credentials;
use typegate::{Auth, AuthorizeError, Secret, User};

use crate::{Peer, http, serve};

pub(crate) fn start() -> Result<Peer, Box<dyn Error>> {
    let auth = Auth::builder()
        .secret(Secret::new("a secret for benches, long enough for all of us")?)
        .url("http://localhost:3000".parse()?)
        .provider(Credentials::new(authorize))
        .build()?;
    let address = serve(auth.routes())?;
    let cookies = http::sign_in(address)?;
    Ok(Peer { name: "typegate", address, request: http::get("/api/auth/session", &cookies) })
}

async fn authorize(_: serde_json::Value) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new("1").name("Ada Lovelace").email("ada@example.com")))
}
