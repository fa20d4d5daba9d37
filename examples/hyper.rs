//! The auth routes on plain hyper, without a web framework: `cargo run --example hyper`.

use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tower::ServiceExt;
use typegate::provider::Credentials;
use typegate::{Auth, AuthorizeError, ClientAddress, Secret, User};

#[derive(serde::Deserialize)]
struct Login {
    username: String,
}

/// Believes everybody: this is an example.
async fn authorize(login: Login) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new(&login.username).name(login.username)))
}

async fn answer(
    auth: Auth,
    peer: SocketAddr,
    mut request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.uri().path().starts_with(auth.base_path()) {
        // By whom attempts to sign in are counted.
        request.extensions_mut().insert(ClientAddress(peer.ip()));
        return auth.service().oneshot(request).await;
    }
    let (session, cookies) = auth.session_and_cookies(request.headers()).await;
    let (status, text) = match session {
        Ok(Some(session)) => {
            let name = session.user.name.unwrap_or_default();
            (StatusCode::OK, format!("Hello, {name}. Sign out at {}/signout\n", auth.base_path()))
        }
        Ok(None) => (StatusCode::OK, format!("Sign in at {}/signin\n", auth.base_path())),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "try again later\n".to_owned()),
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    // Keeps a session in use alive.
    cookies.append_to(response.headers_mut());
    Ok(response)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_target(false).init();
    let auth = Auth::builder()
        .secret(Secret::new("example only: known to everybody who reads this")?)
        .url("http://localhost:3000".parse()?)
        .provider(Credentials::new(authorize).text_field("username", "User name"))
        .build()?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    tracing::info!("open http://localhost:3000");
    loop {
        let (stream, peer) = listener.accept().await?;
        let auth = auth.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(auth.clone(), peer, request));
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
        });
    }
}
