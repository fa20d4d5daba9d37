//! The cost of a session read, compared with the cryptography that it cannot do without.
//!
//! `cargo bench --bench session_read` times, in one run and in turn:
//!
//! - `cryptography`: the two AES-256-GCM operations of a read (open the cookie, seal the next one),
//!   with base64 and a draw from the operating system's generator;
//! - `GET session`: the whole engine, from request to response;
//! - `Auth::session`: what an extractor asks, from headers to data of the application;
//! - `derivation`: one HKDF, which a read must not contain;
//! - over HTTP/1.1, 32 connections: hyper that does the cryptography and sends an answer as long as
//!   ours, `Auth::service` on hyper, and `Auth::routes` on axum.
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

mod floor;
mod served;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Request, header};
use ring::hkdf::{HKDF_SHA256, Salt};
use typegate::provider::Credentials;
use typegate::testing::FakeHttpClient;
use typegate::{Auth, AuthorizeError, Secret, User};

use floor::Floor;
use served::Server;

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

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Answers a second of the three servers, taken in turn, and their ratios.
fn compare_servers(auth: &Auth, cookies: &str, floor: Arc<Floor>) {
    let of_the_floor = floor.cookies(cookies);
    let servers = [
        ("floor", Server::Floor(floor), of_the_floor.as_str()),
        ("hyper", Server::Hyper(auth.clone()), cookies),
        ("axum", Server::Axum(auth.clone()), cookies),
    ]
    .map(|(name, server, cookie)| (name, server.start(), cookie));
    let mut rates = servers.map(|(_, address, cookie)| {
        served::load(address, cookie, WARM_UP);
        Vec::new()
    });
    for _ in 0..ROUNDS {
        for ((_, address, cookie), rates) in servers.iter().zip(&mut rates) {
            rates.push(served::load(*address, cookie, ROUND));
        }
    }
    let rates = rates.map(|mut rates| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    });
    println!();
    for ((name, ..), rate) in servers.iter().zip(rates) {
        println!("{name:<13} {rate:>9.0}/s  {:.2} x floor", rate / rates[0]);
    }
    println!("{:<13} {:>11}  {:.2} x hyper", "axum", "", rates[2] / rates[1]);
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let auth = Auth::builder()
        .secret(Secret::new(SECRET).expect("a long secret"))
        .url("http://localhost:3000".parse().expect("a URL"))
        .http_client(FakeHttpClient::new(|_| panic!("a session read does no I/O")))
        .provider(Credentials::new(authorize))
        .build()
        .expect("a configuration");
    let cookies = runtime.block_on(sign_in(&auth));
    let floor = Arc::new(Floor::new());
    let headers = HeaderMap::from_iter([(header::COOKIE, cookies.parse().expect("a header"))]);
    let read = || {
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
            "GET" => repeat(COUNTED, read),
            "session" => repeat(COUNTED, ask),
            _ => repeat(COUNTED, || drop(floor.answer(&of_the_floor))),
        }
        return;
    }
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        times[0].push(time(|| floor.call()));
        times[1].push(time(read));
        times[2].push(time(ask));
        times[3].push(time(derivation));
    }
    let times = times.map(median);
    let names = ["cryptography", "GET session", "Auth::session", "derivation"];
    for (name, time) in names.into_iter().zip(times) {
        let ratio = time.as_secs_f64() / times[0].as_secs_f64();
        println!("{name:<13} {time:>11.2?}  {ratio:.2} x cryptography");
    }
    compare_servers(&auth, &cookies, floor);
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
