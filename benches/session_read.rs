//! The cost of a session read, compared with the cryptography that it cannot do without.
//!
//! `cargo bench --bench session_read` times, in one run and in turn:
//!
//! - `floor`: the two AES-256-GCM operations of a read (open the cookie, seal the next one), with
//!   base64 and two draws from the operating system's generator;
//! - `GET session`: the whole engine, from request to response;
//! - `derivation`: one HKDF, which a read must not contain.
//!
//! Only ratios mean anything on another machine.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench that meets a surprise stops, and prints what it measured"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{Request, header};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom, SystemRandom};
use typegate::provider::Credentials;
use typegate::testing::FakeHttpClient;
use typegate::{Auth, AuthorizeError, Secret, User};

const SECRET: &str = "a secret for benches, long enough for all of us";
const ROUNDS: u32 = 9;
const CALLS: u32 = 5_000;

async fn authorize(_: serde_json::Value) -> Result<Option<User>, AuthorizeError> {
    Ok(Some(User::new("1").name("Ada Lovelace").email("ada@example.com")))
}

struct Floor {
    key: LessSafeKey,
    cookie: String,
}

impl Floor {
    fn new(plaintext: &[u8]) -> Self {
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).expect("32 bytes"));
        let mut floor = Self { key, cookie: String::new() };
        floor.cookie = floor.seal(plaintext.to_vec());
        floor
    }

    fn seal(&self, mut buffer: Vec<u8>) -> String {
        let mut random = [0; 28];
        SystemRandom::new().fill(&mut random).expect("a generator");
        let iv: [u8; 12] = random[..12].try_into().expect("12 bytes");
        let nonce = Nonce::assume_unique_for_key(iv);
        self.key.seal_in_place_append_tag(nonce, Aad::empty(), &mut buffer).expect("it seals");
        format!("{}.{}", URL_SAFE_NO_PAD.encode(iv), URL_SAFE_NO_PAD.encode(buffer))
    }

    fn call(&self) {
        let (iv, sealed) = black_box(&self.cookie).split_once('.').expect("two parts");
        let iv: [u8; 12] = URL_SAFE_NO_PAD.decode(iv).expect("base64").try_into().expect("12");
        let mut sealed = URL_SAFE_NO_PAD.decode(sealed).expect("base64");
        let nonce = Nonce::assume_unique_for_key(iv);
        let plain = self.key.open_in_place(nonce, Aad::empty(), &mut sealed).expect("it opens");
        let plain = plain.to_vec();
        black_box(self.seal(plain));
    }
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

fn time(mut call: impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..CALLS {
        call();
    }
    start.elapsed() / CALLS
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
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
    let floor = Floor::new(&[b'x'; 160]);

    let (mut floors, mut reads, mut derivations) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floors.push(time(|| floor.call()));
        reads.push(time(|| {
            let request = Request::get("/api/auth/session")
                .header(header::COOKIE, &cookies)
                .body(Bytes::new())
                .expect("a request");
            let response = runtime.block_on(auth.handle(request));
            assert!(response.body().starts_with(b"{\"user\":{\"name\""));
        }));
        derivations.push(time(derivation));
    }
    let (floor, read, derivation) = (median(floors), median(reads), median(derivations));
    println!("floor        {floor:>10.2?}");
    println!("GET session  {read:>10.2?}  {:.2} x floor", ratio(read, floor));
    println!("derivation   {derivation:>10.2?}  {:.2} x floor", ratio(derivation, floor));
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
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

fn set_cookies(headers: &http::HeaderMap) -> Vec<String> {
    let lines = headers.get_all(header::SET_COOKIE).iter();
    let lines = lines.map(|line| line.to_str().expect("text"));
    lines.filter_map(|line| line.split(';').next()).map(ToOwned::to_owned).collect()
}
