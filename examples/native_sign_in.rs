//! A native sign-in (RFC 8252): a command-line program signs in to a site through the person's
//! browser, with a loopback redirect, PKCE, and a session of its own.
//!
//! ```sh
//! cargo run --example quickstart        # in one terminal
//! cargo run --example native_sign_in    # in another
//! ```
//!
//! `NEXTAUTH_URL` names another site. `COOKIES` names a file that keeps the session for the next
//! run; whoever can read it is signed in.

#![expect(clippy::print_stdout, reason = "a command-line program")]

use std::env;
use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use typegate::DefaultSession;
use typegate::client::{Client, CookieJar, CurrentSession, SignIn};
use url::Url;

type AnyError = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), AnyError> {
    let file = env::var_os("COOKIES");
    let mut client = Client::from_env()?;
    if let Some(jar) = file.as_deref().and_then(|file| saved(Path::new(file))) {
        client = Client::builder(client.site().clone()).cookies(jar).build()?;
    }
    let session = match client.session().await? {
        CurrentSession::Authenticated(session) => session,
        CurrentSession::Unauthenticated => sign_in(&client).await?,
    };
    let name = session.user.name.unwrap_or_default();
    println!("signed in as {name} <{}>", session.user.email.unwrap_or_default());
    if let Some(file) = file {
        save(Path::new(&file), &client.cookies())?;
    }
    Ok(())
}

async fn sign_in(client: &Client) -> Result<DefaultSession, AnyError> {
    // By number, not by name (RFC 8252 section 8.3), on a port that nobody else has.
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let redirect_uri = format!("http://{}/callback", listener.local_addr()?);
    // RFC 7636 section 4.1: what only this program knows.
    let (state, code_verifier) = (random()?, random()?);
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, code_verifier.as_bytes()));

    let mut page: Url = client.site().origin().parse()?;
    page.set_path("/native");
    page.query_pairs_mut()
        .append_pair("redirect_uri", &redirect_uri)
        .append_pair("state", &state)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256");
    println!("open {page}");
    let code = wait_for_code(listener, state).await?;

    let outcome = client
        .sign_in("credentials")
        .field("code", code)
        .field("code_verifier", code_verifier)
        .field("redirect_uri", redirect_uri)
        .await?;
    match outcome {
        SignIn::SignedIn { .. } => match client.session().await? {
            CurrentSession::Authenticated(session) => Ok(session),
            CurrentSession::Unauthenticated => Err("the site forgot the session at once".into()),
        },
        SignIn::Refused { code, .. } => Err(format!("the site refused: {code}").into()),
        other => Err(format!("the site does not know native programs: {other:?}").into()),
    }
}

/// What the browser brings back (RFC 6749 section 4.1.2).
#[derive(serde::Deserialize)]
struct Answer {
    state: String,
    code: Option<String>,
    error: Option<String>,
}

/// Listens until the right browser comes; others, who do not know the state, are turned away.
async fn wait_for_code(listener: TcpListener, state: String) -> Result<String, AnyError> {
    let (sender, mut answers) = mpsc::channel(1);
    let app = Router::new().route("/callback", get(callback)).with_state((state, sender));
    let serving = tokio::spawn(async move { axum::serve(listener, app).await });
    let answer: Option<Answer> = answers.recv().await;
    // What was said to the browser is on its way before the port closes.
    tokio::task::yield_now().await;
    serving.abort();
    match answer {
        Some(Answer { code: Some(code), error: None, .. }) => Ok(code),
        Some(Answer { error: Some(error), .. }) => Err(format!("not signed in: {error}").into()),
        _ => Err("the browser brought nothing".into()),
    }
}

async fn callback(
    State((state, sender)): State<(String, mpsc::Sender<Answer>)>,
    Query(answer): Query<Answer>,
) -> Result<Html<&'static str>, StatusCode> {
    if answer.state != state {
        return Err(StatusCode::BAD_REQUEST);
    }
    sender.try_send(answer).map_err(|_| StatusCode::GONE)?;
    Ok(Html(
        r#"<!doctype html><html lang="en"><title>Done</title><link rel="icon" href="data:,">
           <p>Go back to the program; this window can be closed.</p></html>"#,
    ))
}

fn random() -> Result<String, AnyError> {
    let mut bytes = [0_u8; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| "the system gives no randomness")?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn saved(file: &Path) -> Option<CookieJar> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

/// For this user's eyes only.
fn save(file: &Path, jar: &CookieJar) -> Result<(), AnyError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(&serde_json::to_vec(jar)?)?;
    Ok(())
}
