//! Signatures compared with an independent implementation: a server by Python's oauthlib.

use std::io::{BufRead, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use typegate::DefaultHttpClient;
use typegate::provider::SignatureMethod;
use typegate::testing::FrozenClock;

use super::provider::TestProvider;
use super::world::{SITE, Trails, World, query};

const VERIFIER: &str = "verifier &%+é";
const SIGN_IN_FAILED: &str = "https://app.example.com/api/auth/error?error=OAuthSignin";
const CALLBACK_FAILED: &str = "https://app.example.com/api/auth/error?error=Callback";

/// The server, which ends with its standard input.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// `None` if no Python was given; where everything must be tested, that is a failure.
    fn start() -> Option<Self> {
        let Some(python) = std::env::var_os("TYPEGATE_TEST_PYTHON") else {
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "TYPEGATE_TEST_PYTHON is not set: give it what tests/oauth1/setup prints"
            );
            // Past the capture of output, which would hide it in a test that passes.
            let notice = "NOT RUN: signatures were not held against oauthlib; set \
                          TYPEGATE_TEST_PYTHON to what tests/oauth1/setup prints";
            writeln!(std::io::stderr(), "{notice}").unwrap();
            return None;
        };
        let mut child = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oauth1/server.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        let port: u16 = port.trim().parse().expect("the server tells its port");
        Some(Self { child, address: format!("http://127.0.0.1:{port}") })
    }

    /// A client that the server knows, with the version text that it insists on.
    fn trails(&self, key: &str) -> Trails {
        Trails {
            address: self.address.clone(),
            key: key.to_owned(),
            secret: secret(key),
            version: Some("1.0".into()),
            ..Trails::default()
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// server.py knows it by the same rule.
fn secret(key: &str) -> String {
    let reversed: String = key.chars().rev().collect();
    format!("{reversed} &%+é")
}

fn world(trails: Trails, client: DefaultHttpClient) -> World {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let clock = FrozenClock::at(i64::try_from(now).unwrap());
    World::asking(trails, client, TestProvider::new(), clock)
}

/// Where a sign-in ends, and the session.
async fn sign_in(
    trails: Trails,
    client: &DefaultHttpClient,
    verifier: &str,
) -> (String, serde_json::Value) {
    let mut world = world(trails, client.clone());
    let address = world.start().await;
    let Some((_, token)) = query(&address).into_iter().find(|(name, _)| name == "oauth_token")
    else {
        return (address, serde_json::Value::Null);
    };
    let end = world.come_back(&[("oauth_token", &token), ("oauth_verifier", verifier)]).await;
    let session = world.session().await;
    (end, session)
}

/// Characters of every kind that RFC 5849 section 3.6 tells apart, in an order of their own.
fn text(seed: usize) -> String {
    const CHARACTERS: [char; 30] = [
        'a', 'Z', '0', '-', '.', '_', '~', ' ', '+', '%', '&', '=', '/', '?', '#', ':', ';', '@',
        '\'', '"', '(', ')', '*', '!', ',', '[', 'é', '☃', '😀', '\\',
    ];
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let length = 3 + next() % 12;
    (0..length).map(|_| CHARACTERS[next() % CHARACTERS.len()]).collect()
}

#[tokio::test]
async fn r165_two_hundred_sign_ins_are_verified_by_oauthlib() {
    let Some(server) = Server::start() else { return };
    let client = &DefaultHttpClient::new().unwrap();
    for seed in 0..200 {
        let key = format!("k{}", text(seed));
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("b", &text(seed + 1000))
            .append_pair(&text(seed + 2000), &text(seed + 3000))
            .append_pair("b", "")
            .finish();
        let signature =
            if seed % 10 == 9 { SignatureMethod::Plaintext } else { SignatureMethod::HmacSha1 };
        let trails = Trails { query: format!("?{query}"), signature, ..server.trails(&key) };
        let (end, session) = sign_in(trails, client, VERIFIER).await;
        assert_eq!(end, format!("{SITE}/welcome"), "{key:?} {query}");
        assert_eq!(session["user"]["name"], "Ada", "{key:?} {query}");
    }
}

#[tokio::test]
async fn r165_oauthlib_refuses_a_wrong_secret_verifier_or_version() {
    let Some(server) = Server::start() else { return };
    let client = &DefaultHttpClient::new().unwrap();
    for signature in [SignatureMethod::HmacSha1, SignatureMethod::Plaintext] {
        let trails = Trails { signature, ..server.trails("key") };
        let wrong = Trails { secret: "another".into(), ..trails.clone() };
        assert_eq!(sign_in(wrong, client, VERIFIER).await.0, SIGN_IN_FAILED);
        // Its reading of RFC 5849 section 3.1 leaves no room for NextAuth's `1.0A`.
        let old = Trails { version: None, ..trails.clone() };
        assert_eq!(sign_in(old, client, VERIFIER).await.0, SIGN_IN_FAILED);
        assert_eq!(sign_in(trails, client, "another").await.0, CALLBACK_FAILED);
    }
}
