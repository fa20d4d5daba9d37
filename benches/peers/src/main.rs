//! A session read of typegate and its peers, on one machine in one run.
//!
//! `cargo run --release` in this folder. next-auth is asked where Node is found and
//! `tests/compat/reference/setup` has been run; without, it is left out and that is said. Each server
//! has one thread, and 32 connections ask it in turn with the others.
//!
//! What is asked is what a page asks: who is there? typegate and next-auth answer `GET
//! /api/auth/session` and seal the cookie again. axum-login reads its session from memory and the
//! handler answers with the user: no cryptography, and nothing that a second process would know of.

mod axum_login;
mod http;
mod next_auth;
mod typegate;

use std::net::SocketAddr;
use std::time::Duration;

const ROUNDS: usize = 9;
const WARM_UP: Duration = Duration::from_millis(500);
const ROUND: Duration = Duration::from_millis(700);

/// A server, and the request of somebody who is signed in.
struct Peer {
    name: &'static str,
    address: SocketAddr,
    request: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut peers = vec![typegate::start()?, axum_login::start()?];
    let node = next_auth::start();
    match &node {
        Ok(next_auth) => peers.push(next_auth.peer()?),
        Err(missing) => println!("next-auth is left out: {missing}"),
    }
    let mut rates = vec![Vec::new(); peers.len()];
    for peer in &peers {
        http::load(peer.address, &peer.request, WARM_UP)?;
    }
    for _ in 0..ROUNDS {
        for (peer, rates) in peers.iter().zip(&mut rates) {
            rates.push(http::load(peer.address, &peer.request, ROUND)?);
        }
    }
    let medians = rates.iter_mut().map(|rates| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    });
    let medians: Vec<f64> = medians.collect();
    for (peer, rate) in peers.iter().zip(&medians) {
        println!("{:<11} {rate:>8.0}/s  typegate is {:.1} x", peer.name, medians[0] / rate);
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
