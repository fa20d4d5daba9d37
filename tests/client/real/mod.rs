//! The client against the real next-auth 4 and @auth/core 5, over real connections.
//!
//! `tests/interchange/setup` installs the packages; `TYPEGATE_TEST_NODE=$(command -v node) cargo
//! test --test client real` runs them.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::json;
use typegate::client::{Client, CurrentSession, ProviderType, SignIn};

/// A server that ends with the test.
struct Server {
    child: Child,
    origin: String,
}

impl Server {
    /// Without Node nothing can be tested: said aloud on a developer's machine, a failure where
    /// `CI` is `true`.
    fn start(package: &str) -> Option<Self> {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let Some(node) = std::env::var_os("TYPEGATE_TEST_NODE").filter(|node| !node.is_empty())
        else {
            let how = "run tests/interchange/setup once and set TYPEGATE_TEST_NODE to the path of \
                       node";
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "the client was not tested with {package}: {how}"
            );
            // Not by `eprintln!`, which the test harness keeps to itself if the test passes.
            let message = format!("\nNOT TESTED: the client with {package}; {how}\n");
            std::io::stderr().write_all(message.as_bytes()).unwrap();
            return None;
        };
        assert!(
            tests.join("interchange/node_modules").is_dir(),
            "the packages are not installed: run tests/interchange/setup"
        );
        let mut child = Command::new(node)
            .arg(tests.join("client/real/server.mjs"))
            .arg(package)
            .env_remove("AUTH_SECRET")
            .env_remove("NEXTAUTH_SECRET")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut origin = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut origin).unwrap();
        Some(Self { child, origin: origin.trim().to_owned() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// From the list of providers to the sign-out; what a locked account is told differs.
async fn visit(client: &Client, locked: (&str, Option<&str>)) {
    let providers = client.providers().await.unwrap();
    let kinds: Vec<_> = providers.into_iter().map(|entry| (entry.id, entry.kind)).collect();
    let expected = [
        ("idp".to_owned(), ProviderType::OAuth),
        ("credentials".to_owned(), ProviderType::Credentials),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(client.session().await.unwrap(), CurrentSession::Unauthenticated);

    let log_in = |name: &str, password: &str| {
        client.sign_in("credentials").field("username", name).field("password", password)
    };
    for (name, expected) in [("ada", None), ("locked", Some(locked))] {
        let SignIn::Refused { code, detail, .. } = log_in(name, "wrong").await.unwrap() else {
            panic!("{name} was not refused")
        };
        match expected {
            None => assert_eq!(code, "CredentialsSignin"),
            Some(expected) => assert_eq!((code.as_str(), detail.as_deref()), expected),
        }
        assert_eq!(client.session().await.unwrap(), CurrentSession::Unauthenticated);
    }

    let SignIn::Redirect(url) = client.sign_in("idp").await.unwrap() else { panic!() };
    assert!(url.as_str().starts_with("https://idp.example/authorize?"), "{url}");

    let outcome = log_in("ada", "1815").callback_url("/dash").await.unwrap();
    let dash = format!("{}/dash", client.site().origin()).parse().unwrap();
    assert_eq!(outcome, SignIn::SignedIn { url: dash });
    let name = |session: CurrentSession<typegate::DefaultSession>| {
        session.authenticated().unwrap().user.name.unwrap()
    };
    assert_eq!(name(client.session().await.unwrap()), "Ada Lovelace");
    let updated = client.update(&json!({ "name": "Countess" })).await.unwrap();
    assert_eq!(name(updated), "Countess");
    assert_eq!(name(client.session().await.unwrap()), "Countess");
    assert_eq!(name(client.refresh().await.unwrap()), "looked up again");

    let bye = client.sign_out().callback_url("/bye").await.unwrap();
    assert_eq!(bye.path(), "/bye");
    assert_eq!(client.session().await.unwrap(), CurrentSession::Unauthenticated);
}

#[tokio::test]
async fn the_client_speaks_to_the_real_next_auth() {
    let Some(server) = Server::start("next-auth") else { return };
    let client = Client::new(server.origin.parse().unwrap()).unwrap();
    visit(&client, ("This account is locked", None)).await;
}

#[tokio::test]
async fn the_client_speaks_to_the_real_auth_js() {
    let Some(server) = Server::start("@auth/core") else { return };
    let client = Client::new(format!("{}/auth", server.origin).parse().unwrap()).unwrap();
    visit(&client, ("CredentialsSignin", Some("locked"))).await;
}
