//! An independent mail server and parser: Nodemailer's, in Node.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;
use typegate::provider::Email;

use super::world::{World, error, location};

struct NodeServer {
    child: Child,
    lines: BufReader<ChildStdout>,
    port: u64,
}

impl NodeServer {
    /// Starts it in the Node that `TYPEGATE_TEST_NODE` names. Without that variable nothing can be
    /// tested: said aloud on a developer's machine, a failure where `CI` is `true`.
    fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/email/independent");
        let Some(node) = std::env::var_os("TYPEGATE_TEST_NODE").filter(|node| !node.is_empty())
        else {
            let how = "run tests/email/independent/setup once and set TYPEGATE_TEST_NODE to the \
                       path of node";
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "the independent mail server was not asked: {how}"
            );
            // Not by `eprintln!`, which the test harness keeps to itself if the test passes.
            let message = format!("\nNOT TESTED: the independent mail server; {how}\n");
            std::io::stderr().write_all(message.as_bytes()).unwrap();
            return None;
        };
        assert!(
            folder.join("node_modules").is_dir(),
            "the packages are not installed: run tests/email/independent/setup"
        );
        let mut child = Command::new(node)
            .arg("server.mjs")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self { child, lines, port: 0 };
        server.port = server.line()["port"].as_u64().unwrap();
        Some(server)
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for NodeServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address with its domain as it is in DNS; the server shows it as people write it.
fn ascii(address: &str) -> String {
    let (local, domain) = address.split_once('@').unwrap();
    format!("{local}@{}", url::Host::parse(domain).unwrap())
}

#[tokio::test]
async fn r069_r072_an_independent_server_reads_the_same_message() {
    let Some(mut server) = NodeServer::start() else { return };
    let world_with = |user: &str| {
        let url = format!("smtp://{user}127.0.0.1:{}", server.port);
        let sender = "\"Acme, Büro\" <no-reply@acme.example>".parse().unwrap();
        let email = Email::smtp(url.parse().unwrap()).from(sender);
        World::with(|_| email, true)
    };
    let mut refused = world_with("ada:wrong@");
    assert_eq!(refused.ask("ada@example.com").await, error("EmailSignin"));

    let mut world = world_with("ada:p%40ss@");
    for (typed, expected) in [
        ("Ada@Example.com", "ada@example.com"),
        ("o'hara+tag@bücher.example", "o'hara+tag@xn--bcher-kva.example"),
        ("a.b_c-d=e/f{g}@x-1.example", "a.b_c-d=e/f{g}@x-1.example"),
        ("日本@例え.example", "日本@xn--r8jz45g.example"),
        ("x-@example.com", "x-@example.com"),
    ] {
        // Otherwise the server would be asked for a message that nobody sent, and for ever.
        assert!(world.ask(typed).await.contains("/verify-request?"), "{typed}");
        let message = server.line();
        assert_eq!(message["user"], "ada");
        assert_eq!(message["from"], "no-reply@acme.example");
        for name in ["recipients", "headerTo"] {
            let [address] = &message[name].as_array().unwrap()[..] else { panic!("{message}") };
            assert_eq!(ascii(address.as_str().unwrap()), expected);
        }
        assert_eq!(message["headerFrom"], "\"Acme, Büro\" <no-reply@acme.example>");
        assert_eq!(message["subject"], "Sign in to localhost:3000");
        let text = message["text"].as_str().unwrap();
        let url = text.lines().find(|line| line.starts_with("http")).unwrap();
        let html = message["html"].as_str().unwrap();
        assert!(html.contains(&format!("href=\"{}\"", url.replace('&', "&amp;"))), "{html}");
        // The address stands in the link and nowhere else.
        assert!(!text.replace(url, "").contains(expected));
        assert_eq!(location(&world.get(url).await), "http://localhost:3000/welcome?a=b");
        assert_eq!(world.session().await["user"]["email"], expected);
        world.forget();
    }
}
