//! typegate and its peers, asked the same on one machine in one run.
//!
//! `cargo run --release` in this folder. axum-login is built by cargo in a folder beside; next-auth is
//! asked where Node is found and `tests/compat/reference/setup` has been run. Who is left out is
//! said. Each server has one thread, and 32 connections ask it in turn with the others.
//!
//! - a session in a cookie: typegate and next-auth open it, answer `GET /api/auth/session` and seal it
//!   again. axum-login reads its own from memory, and the handler answers with the user: no
//!   cryptography, and nothing that a second process would know of;
//! - a sign-in that leaves such a session: credentials that are right, with a CSRF token where there
//!   is one;
//! - a CSRF token for somebody who has none;
//! - a session in SQLite, on files with the same settings, with four connections.

mod axum_login;
#[path = "../../folder/mod.rs"]
mod folder;
mod http;
mod next_auth;
mod process;
mod typegate;

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use folder::Folder;

const ROUNDS: usize = 9;
const WARM_UP: Duration = Duration::from_millis(500);
const ROUND: Duration = Duration::from_millis(700);

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Question {
    Session,
    SignIn,
    Csrf,
    StoredSession,
}

impl Question {
    const ALL: [Self; 4] = [Self::Session, Self::SignIn, Self::Csrf, Self::StoredSession];

    fn name(self) -> &'static str {
        match self {
            Self::Session => "session in a cookie",
            Self::SignIn => "sign-in",
            Self::Csrf => "CSRF token",
            Self::StoredSession => "session in SQLite",
        }
    }
}

/// A server, and a request to it.
struct Peer {
    name: &'static str,
    question: Question,
    address: SocketAddr,
    request: String,
    /// What an answer has in it that is none of a failure.
    expected: &'static str,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Folder::new();
    let mut peers = typegate::peers(folder.path())?;
    let rust = axum_login::start(folder.path());
    match &rust {
        Ok(axum_login) => peers.extend(axum_login::peers(axum_login)?),
        Err(missing) => println!("axum-login is left out: {missing}"),
    }
    let node = next_auth::start();
    match &node {
        Ok(next_auth) => peers.extend(next_auth::peers(next_auth)?),
        Err(missing) => println!("next-auth is left out: {missing}"),
    }
    for question in Question::ALL {
        compare(question.name(), peers.iter().filter(|peer| peer.question == question))?;
    }
    Ok(())
}

/// Answers a second of each, and how often the first has that of the others.
fn compare<'p>(
    question: &str,
    peers: impl Iterator<Item = &'p Peer>,
) -> Result<(), Box<dyn Error>> {
    let peers: Vec<_> = peers.collect();
    let mut rates = vec![Vec::new(); peers.len()];
    for peer in &peers {
        http::load(peer, WARM_UP)?;
    }
    for _ in 0..ROUNDS {
        for (peer, rates) in peers.iter().zip(&mut rates) {
            rates.push(http::load(peer, ROUND)?);
        }
    }
    let medians = rates.iter_mut().map(|rates| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    });
    let medians: Vec<f64> = medians.collect();
    for (peer, rate) in peers.iter().zip(&medians) {
        let ratio = medians[0] / rate;
        println!("{question:<20} {:<21} {rate:>8.0}/s  typegate is {ratio:.2} x", peer.name);
    }
    Ok(())
}

/// Serves on a thread of its own, for as long as the process lives.
fn serve(router: axum::Router) -> std::io::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            axum::serve(tokio::net::TcpListener::from_std(listener)?, router).await
        })
    });
    Ok(address)
}
