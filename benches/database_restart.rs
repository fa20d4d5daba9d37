//! A restart of the database, by which nobody may be signed out. Not a benchmark: run by hand, with
//! a server that may be restarted.
//!
//! ```sh
//! TYPEGATE_RESTART_DATABASE=postgres://postgres@127.0.0.1/test \
//! TYPEGATE_RESTART_COMMAND='pg_ctlcluster 15 main restart' \
//! cargo bench --bench database_restart
//! ```
//!
//! For 30 seconds 200 sessions are read every second through the whole engine; after 10 seconds
//! the command restarts the server. It fails if a cookie was deleted, if a session is gone, or if
//! reads work again later than 5 seconds after the command.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a tool that is run by hand and fails aloud"
)]

use std::process::Command;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, StatusCode, header};
use jiff::{Timestamp, ToSpan as _};
use typegate::adapter::VerificationTokenStore;
use typegate::adapter::{DatabaseOptions, MySqlAdapter, PostgresAdapter, SessionStore, UserStore};
use typegate::provider::catalog::GitHub;
use typegate::{Auth, NewSession, NewUser, Secret};

const EACH_SECOND: u32 = 200;
const SECONDS: u32 = 30;
const RESTART_AFTER: Duration = Duration::from_secs(10);
const SESSIONS: usize = 100;

#[derive(Clone, Copy, PartialEq)]
enum Answer {
    Session,
    /// The database did not answer; the cookie stays.
    Error,
    SignedOut,
}

fn main() {
    let Ok(url) = std::env::var("TYPEGATE_RESTART_DATABASE") else {
        println!("not run: TYPEGATE_RESTART_DATABASE is not set");
        return;
    };
    let command = std::env::var("TYPEGATE_RESTART_COMMAND").unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = DatabaseOptions::default().deadline(Duration::from_secs(2));
        if url.starts_with("postgres") {
            let adapter = PostgresAdapter::connect_with(&url, options).await.unwrap();
            adapter.migrate().await.unwrap();
            run(adapter, command).await;
        } else {
            let adapter = MySqlAdapter::connect_with(&url, options).await.unwrap();
            adapter.migrate().await.unwrap();
            run(adapter, command).await;
        }
    });
}

async fn run<A>(adapter: A, command: String)
where
    A: UserStore + SessionStore + VerificationTokenStore + Clone,
{
    let user = adapter.create_user(NewUser::default()).await.unwrap();
    let tokens: Vec<String> = (0..SESSIONS).map(|index| format!("{}-{index}", user.id)).collect();
    for token in &tokens {
        let expires = Timestamp::now() + 240.hours();
        let session = NewSession::new(token.as_str().into(), &user.id, expires);
        adapter.create_session(session).await.unwrap();
    }
    let auth: Auth = Auth::builder()
        .secret(Secret::new("a secret for a tool that is run by hand").unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .adapter(adapter.clone())
        .provider(GitHub::new("id", "secret".into()))
        .build()
        .unwrap();

    let start = Instant::now();
    let restart = tokio::spawn(async move {
        tokio::time::sleep(RESTART_AFTER).await;
        let status = tokio::task::spawn_blocking(move || {
            Command::new("sh").args(["-c", &command]).status().unwrap()
        });
        assert!(status.await.unwrap().success(), "the restart failed");
        start.elapsed()
    });
    let mut reads = Vec::new();
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / EACH_SECOND);
    for token in tokens.iter().cycle().take((EACH_SECOND * SECONDS) as usize) {
        ticks.tick().await;
        let (auth, token) = (auth.clone(), token.clone());
        reads.push(tokio::spawn(async move {
            let sent = Instant::now();
            let answer = read(&auth, &token).await;
            (start.elapsed(), sent.elapsed(), answer)
        }));
    }
    let restarted = restart.await.unwrap();
    let (mut sessions, mut errors, mut slowest) = (0, 0, Duration::ZERO);
    let (mut first_error, mut last_error) = (None, None);
    for read in reads {
        let (at, took, answer) = read.await.unwrap();
        slowest = slowest.max(took);
        match answer {
            Answer::Session => sessions += 1,
            Answer::Error => {
                errors += 1;
                first_error = first_error.min(Some(at)).or(Some(at));
                last_error = last_error.max(Some(at));
            }
            Answer::SignedOut => panic!("signed out after {at:?}"),
        }
    }
    println!("{sessions} sessions read, {errors} errors with the cookie kept; slowest {slowest:?}");
    println!("restart asked for at {RESTART_AFTER:?}, done at {restarted:?}");
    println!("first error at {first_error:?}, last one at {last_error:?}");
    for token in &tokens {
        assert!(read(&auth, token).await == Answer::Session, "a session is gone");
    }
    adapter.delete_user(&user.id).await.unwrap();
    let recovered = last_error.unwrap_or_default().saturating_sub(restarted);
    println!("all {SESSIONS} sessions are there; recovered {recovered:?} after the command");
    assert!(recovered < Duration::from_secs(5), "the recovery took too long");
}

async fn read(auth: &Auth, token: &str) -> Answer {
    let request = Request::get("/api/auth/session")
        .header(header::COOKIE, format!("next-auth.session-token={token}"));
    let response = auth.handle(request.body(Bytes::new()).unwrap()).await;
    let deletes = response.headers().get_all(header::SET_COOKIE).iter().any(|line| {
        let line = line.to_str().unwrap();
        line.starts_with("next-auth.session-token=;") || line.contains("Max-Age=0")
    });
    match (response.status(), deletes) {
        (StatusCode::OK, false) if response.body().len() > 2 => Answer::Session,
        (_, false) => Answer::Error,
        (_, true) => Answer::SignedOut,
    }
}
