//! Hanging providers: one that does not answer, or does not stop, must not slow anybody else down.
//!
//! `cargo bench --bench hanging_provider` measures session reads and whole sign-ins at a provider
//! that answers, over loopback: rounds in which nothing else happens, in turn with rounds in which
//! visitors wait at two providers that take connections and say nothing, one from its discovery on
//! and one from its token endpoint on, and then with rounds beside a provider whose token endpoint
//! answers `100 Continue` without end. All of them share the engine and its HTTP client. A wait
//! ends at the client's deadline of 3.5 s, a flood at its limits, and the visitor tries again.
//!
//! Only ratios mean anything on another machine.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a bench that meets a surprise stops, and prints what it measured"
)]

use std::future::pending;
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::any;
use typegate::testing::{Browser, IdentityProvider};
use typegate::{Auth, Secret};

const WAITING: usize = 64;
const FLOODS: usize = 4;
const ROUNDS: usize = 20;
const READS: usize = 20_000;
const SIGN_INS: usize = 500;

#[derive(Clone)]
struct Providers {
    steady: IdentityProvider,
    /// Says nothing to who has a code.
    without_tokens: IdentityProvider,
    /// Says nothing at all.
    silent: IdentityProvider,
    /// Never stops, once somebody has a code.
    endless: IdentityProvider,
}

fn main() {
    let providers = serve();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let auth = Auth::builder()
            .secret(Secret::new("a secret for benches, long enough for all of us").expect("long"))
            .url("http://localhost:3000".parse().expect("a URL"))
            .provider(providers.steady.oidc("steady"))
            .provider(providers.without_tokens.oidc("without-tokens"))
            .provider(providers.silent.oidc("silent"))
            .provider(providers.endless.oidc("endless"))
            .build()
            .expect("a configuration");
        let measured = tokio::spawn(measure(auth, providers));
        measured.await.expect("a measurement");
    });
}

async fn measure(auth: Auth, providers: Providers) {
    let waiting = Arc::new(AtomicUsize::new(0));
    let (mut alone, mut hanging, mut flooded) =
        (Figures::default(), Figures::default(), Figures::default());
    round(&auth, &providers, &mut Figures::default()).await;
    for number in 0..3 * ROUNDS {
        let (count, beside) = match number % 3 {
            0 => (0, &mut alone),
            1 => (WAITING, &mut hanging),
            _ => (FLOODS, &mut flooded),
        };
        let is_flood = number % 3 == 2;
        let visitors: Vec<_> = (0..count)
            .map(|visitor| {
                let (auth, providers) = (auth.clone(), providers.clone());
                let waiting = Arc::clone(&waiting);
                tokio::spawn(async move {
                    loop {
                        let mut browser = Browser::new(auth.service());
                        waiting.fetch_add(1, Ordering::Relaxed);
                        let answer = match visitor % 2 {
                            _ if is_flood => browser.sign_in("endless", &providers.endless).await,
                            0 => browser.sign_in("silent", &providers.silent).await,
                            _ => browser.sign_in("without-tokens", &providers.without_tokens).await,
                        };
                        waiting.fetch_sub(1, Ordering::Relaxed);
                        assert!(answer.expect("an answer").status().is_redirection());
                        assert_eq!(browser.cookie("next-auth.session-token"), None);
                    }
                })
            })
            .collect();
        while waiting.load(Ordering::Relaxed) < count {
            tokio::task::yield_now().await;
        }
        round(&auth, &providers, beside).await;
        for visitor in visitors {
            visitor.abort();
            let ended = visitor.await.expect_err("it goes on for ever");
            assert!(ended.is_cancelled(), "a visitor met a surprise: {ended}");
        }
        waiting.store(0, Ordering::Relaxed);
    }
    println!("{ROUNDS} rounds each: alone, beside {WAITING} who wait, beside {FLOODS} floods");
    for (what, beside) in [("waiting", hanging), ("floods", flooded)] {
        report(&format!("GET session, {what}"), &alone.reads, beside.reads);
        report(&format!("sign-in, {what}"), &alone.sign_ins, beside.sign_ins);
    }
}

/// How long each call took, of all rounds of a kind: what drifts in between is in both kinds.
#[derive(Default)]
struct Figures {
    reads: Vec<Duration>,
    sign_ins: Vec<Duration>,
}

async fn round(auth: &Auth, providers: &Providers, figures: &mut Figures) {
    let mut signed_in = Browser::new(auth.service());
    for _ in 0..SIGN_INS {
        signed_in = Browser::new(auth.service());
        let start = Instant::now();
        signed_in.sign_in("steady", &providers.steady).await.expect("an answer");
        figures.sign_ins.push(start.elapsed());
        assert!(signed_in.cookie("next-auth.session-token").is_some(), "nobody is signed in");
    }
    for _ in 0..READS {
        let start = Instant::now();
        let session = signed_in.get("/api/auth/session").await.expect("an answer");
        figures.reads.push(start.elapsed());
        assert!(session.body().starts_with(b"{\"user\""), "nobody is signed in");
    }
}

fn report(what: &str, alone: &[Duration], mut beside: Vec<Duration>) {
    let mut alone = alone.to_vec();
    alone.sort_unstable();
    beside.sort_unstable();
    for (name, percent) in [("median", 50), ("p99", 99)] {
        let quantile =
            |times: &[Duration]| times[times.len() * percent / 100].as_secs_f64() * 1_000_000.0;
        let (alone, beside) = (quantile(&alone), quantile(&beside));
        let ratio = beside / alone;
        println!(
            "{what:<20} {name:<6} alone {alone:>8.1} µs  beside {beside:>8.1} µs  ratio {ratio:.2}"
        );
    }
}

/// Answers every request with `100 Continue` for as long as anybody listens: the address.
fn flood() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || {
                let mut stream = stream.expect("a connection");
                let answers = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(4096);
                let _ = stream.read(&mut [0; 4096]);
                while stream.write_all(&answers).is_ok() {}
            });
        }
    });
    format!("http://{address}/token")
}

/// Serves four providers on loopback addresses, by a thread of their own.
fn serve() -> Providers {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let bind = || tokio::net::TcpListener::bind("127.0.0.1:0");
            let listeners = [
                bind().await.expect("a port"),
                bind().await.expect("a port"),
                bind().await.expect("a port"),
                bind().await.expect("a port"),
            ];
            let [steady, without_tokens, silent, endless] = listeners.each_ref().map(|listener| {
                let address = listener.local_addr().expect("an address");
                IdentityProvider::at(format!("http://{address}"))
            });
            endless.change(|idp| idp.document["token_endpoint"] = flood().into());
            let hang = || any(pending::<()>);
            let routers = [
                Router::new().fallback_service(steady.clone()),
                Router::new().route("/token", hang()).fallback_service(without_tokens.clone()),
                Router::new().fallback(pending::<()>),
                Router::new().fallback_service(endless.clone()),
            ];
            let providers = Providers { steady, without_tokens, silent, endless };
            sender.send(providers).expect("a receiver");
            let mut servers = tokio::task::JoinSet::new();
            for (listener, router) in listeners.into_iter().zip(routers) {
                servers.spawn(async move { axum::serve(listener, router).await });
            }
            servers.join_all().await;
        });
    });
    receiver.recv().expect("four providers")
}
