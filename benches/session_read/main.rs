//! The cost of a session read, compared with the cryptography that it cannot do without.
//!
//! `cargo bench --bench session_read` times, in one run and in turn:
//!
//! - `cryptography`: the two AES-256-GCM operations of a read (open the cookie, seal the next one),
//!   with base64 and a draw from the operating system's generator;
//! - `GET session`: the whole engine, from request to response;
//! - `Auth::session`: what an extractor asks, from headers to data of the application;
//! - `derivation`: one HKDF, which a read must not contain;
//! - `all providers`: `GET session` of a site with the whole catalogue;
//! - over HTTP/1.1, 32 connections: hyper that does the cryptography and sends an answer as long as
//!   ours, `Auth::service` on hyper, and `Auth::routes` on axum;
//! - the first two behind TLS, by HTTP/1.1 and by HTTP/2;
//! - from SQLite: the statement that reads a session with its user, through the adapter's pool, and
//!   what an extractor and a page ask, which run that statement.
//!
//! Only ratios mean anything on another machine. docs/costs.md says what they are made of.
//!
//! `cargo bench --bench session_read -- count GET` makes 20,000 reads and nothing else, for a
//! program that counts instructions. `count floor` makes the answers of hyper's without hyper,
//! `count session` what an extractor asks.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench that meets a surprise stops, and prints what it measured"
)]

#[path = "../../tests/allocations/catalogue.rs"]
mod catalogue;
mod floor;
#[path = "../folder/mod.rs"]
mod folder;
mod served;
mod stored;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Request, header};
use ring::hkdf::{HKDF_SHA256, Salt};
use typegate::builder::AuthBuilder;
use typegate::provider::Credentials;
use typegate::testing::FakeHttpClient;
use typegate::{Auth, AuthorizeError, Secret, User};

use floor::Floor;
use served::{Answerer, Load, Server, Wire};

const SECRET: &str = "a secret for benches, long enough for all of us";
const ROUNDS: u32 = 9;
const CALLS: u32 = 5_000;
const COUNTED: u32 = 20_000;
const WARM_UP: Duration = Duration::from_millis(300);
const ROUND: Duration = Duration::from_millis(700);

async fn authorize(_: serde_json::Value) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new("1").name("Ada Lovelace").email("ada@example.com")))
}

fn derivation() {
    struct Length;
    impl ring::hkdf::KeyType for Length {
        fn len(&self) -> usize {
            32
        }
    }
    let mut key = [0; 32];
    let material = Salt::new(HKDF_SHA256, &[]).extract(black_box(SECRET.as_bytes()));
    let info = [b"NextAuth.js Generated Encryption Key".as_slice()];
    material.expand(&info, Length).and_then(|okm| okm.fill(&mut key)).expect("32 bytes");
    black_box(key);
}

fn repeat(calls: u32, mut call: impl FnMut()) {
    for _ in 0..calls {
        call();
    }
}

fn time(call: impl FnMut()) -> Duration {
    let start = Instant::now();
    repeat(CALLS, call);
    start.elapsed() / CALLS
}

fn median<T: Copy + PartialOrd>(mut values: Vec<T>) -> T {
    values.sort_by(|one, other| one.partial_cmp(other).expect("numbers"));
    values[values.len() / 2]
}

/// Answers a second of servers on one thread each, taken in turn, and their ratios to the first.
fn compare_servers(auth: &Auth, cookies: &str, floor: &Arc<Floor>) {
    let of_the_floor = floor.cookies(cookies);
    for wire in [Wire::Http1, Wire::Tls, Wire::Http2] {
        let mut servers = vec![
            ("floor", Answerer::Floor(Arc::clone(floor)), of_the_floor.as_str()),
            ("hyper", Answerer::Hyper(auth.clone()), cookies),
        ];
        // `axum::serve` leaves TLS to others.
        if wire == Wire::Http1 {
            servers.push(("axum", Answerer::Axum(auth.clone()), cookies));
        }
        let servers: Vec<_> = servers
            .into_iter()
            .map(|(name, answerer, cookie)| (name, Server::start(answerer, wire), cookie))
            .collect();
        let mut loads = vec![Vec::new(); servers.len()];
        for (_, server, cookie) in &servers {
            server.load(cookie, WARM_UP);
        }
        for _ in 0..ROUNDS {
            for ((_, server, cookie), loads) in servers.iter().zip(&mut loads) {
                loads.push(server.load(cookie, ROUND));
            }
        }
        let medians: Vec<Load> = loads
            .iter()
            .map(|loads| Load {
                per_second: median(loads.iter().map(|load| load.per_second).collect()),
                cost: median(loads.iter().map(|load| load.cost).collect()),
            })
            .collect();
        println!();
        let mut above = medians[0];
        for ((name, ..), load) in servers.iter().zip(&medians) {
            println!(
                "{:<24} {:>9.0}/s  {:.2} x floor  {:.2} x above  {:>5.2} us of its thread: {:.2} x floor",
                format!("{name}, {}", wire.name()),
                load.per_second,
                load.per_second / medians[0].per_second,
                load.per_second / above.per_second,
                load.cost,
                medians[0].cost / load.cost,
            );
            above = *load;
        }
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let auth = builder().build().expect("a configuration");
    let everybody = builder().providers(catalogue::everybody()).build().expect("a configuration");
    let cookies = runtime.block_on(sign_in(&auth));
    let floor = Arc::new(Floor::new());
    let headers = HeaderMap::from_iter([(header::COOKIE, cookies.parse().expect("a header"))]);
    let read = |auth: &Auth| {
        let request = Request::get("/api/auth/session").header(header::COOKIE, &cookies);
        let request = request.body(Bytes::new()).expect("a request");
        let response = runtime.block_on(auth.handle(request));
        assert!(response.body().starts_with(b"{\"user\":{\"name\""));
    };
    let ask = || {
        let session = runtime.block_on(auth.session(&headers)).expect("no failure");
        assert!(session.is_some());
    };
    if let Some(counted) = counted() {
        let cookies = floor.cookies(&cookies).parse().expect("a header");
        let of_the_floor = HeaderMap::from_iter([(header::COOKIE, cookies)]);
        match counted.as_str() {
            "GET" => repeat(COUNTED, || read(&auth)),
            "session" => repeat(COUNTED, ask),
            _ => repeat(COUNTED, || drop(floor.answer(&of_the_floor))),
        }
        return;
    }
    let mut times = [const { Vec::new() }; 5];
    for _ in 0..ROUNDS {
        times[0].push(time(|| floor.call()));
        times[1].push(time(|| read(&auth)));
        times[2].push(time(|| read(&everybody)));
        times[3].push(time(ask));
        times[4].push(time(derivation));
    }
    let times = times.map(median);
    let names = ["cryptography", "GET session", "all providers", "Auth::session", "derivation"];
    for (name, time) in names.into_iter().zip(times) {
        let ratio = time.as_secs_f64() / times[0].as_secs_f64();
        println!("{name:<13} {time:>11.2?}  {ratio:.2} x cryptography");
    }
    println!("{:.3} x with all providers", times[2].as_secs_f64() / times[1].as_secs_f64());
    compare_servers(&auth, &cookies, &floor);
    stored::compare();
}

fn builder() -> AuthBuilder {
    Auth::builder_at_run_time()
        .secret(Secret::new(SECRET).expect("a long secret"))
        .url("http://localhost:3000".parse().expect("a URL"))
        .http_client(FakeHttpClient::new(|_| panic!("a session read does no I/O")))
        .provider(Credentials::new(authorize))
}

/// What is to be repeated and nothing else.
fn counted() -> Option<String> {
    std::env::args().skip_while(|argument| argument != "count").nth(1)
}

/// The `Cookie` header of somebody who is signed in.
async fn sign_in(auth: &Auth) -> String {
    let get = Request::get("/api/auth/csrf").body(Bytes::new()).expect("a request");
    let response = auth.handle(get).await;
    let mut cookies = set_cookies(response.headers());
    let body: serde_json::Value = serde_json::from_slice(response.body()).expect("JSON");
    let token = body["csrfToken"].as_str().expect("a token");
    let post = Request::post("/api/auth/callback/credentials")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, cookies.join("; "))
        .body(Bytes::from(format!("csrfToken={token}")))
        .expect("a request");
    let response = auth.handle(post).await;
    cookies.extend(set_cookies(response.headers()));
    cookies.join("; ")
}

fn set_cookies(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(header::SET_COOKIE).iter();
    let lines = lines.map(|line| line.to_str().expect("text"));
    lines.filter_map(|line| line.split(';').next()).map(ToOwned::to_owned).collect()
}
