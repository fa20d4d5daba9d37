//! The real packages, running in Node, and what a browser would carry between them and typegate.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Once;

use serde_json::{Value, json};

pub(crate) const NEXT_AUTH: &str = "next-auth";
pub(crate) const AUTH_JS: &str = "@auth/core";

/// One Node process that answers one question after the other.
pub(crate) struct Packages {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Packages {
    /// Starts Node as `TYPEGATE_TEST_NODE` names it. Without that variable nothing can be tested:
    /// said aloud on a developer's machine, a failure where `CI` is `true`.
    pub(crate) fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interchange");
        let Some(node) = std::env::var_os("TYPEGATE_TEST_NODE").filter(|node| !node.is_empty())
        else {
            let how = "run tests/interchange/setup once and set TYPEGATE_TEST_NODE to the path of \
                       node";
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "the interchange with the real packages was not tested: {how}"
            );
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                // Not by `eprintln!`, which the test harness keeps to itself if the test passes.
                let message =
                    format!("\nNOT TESTED: the interchange with the real packages; {how}\n");
                std::io::stderr().write_all(message.as_bytes()).unwrap();
            });
            return None;
        };
        assert!(
            folder.join("node_modules").is_dir(),
            "the packages are not installed: run tests/interchange/setup"
        );
        let mut child = Command::new(node)
            .arg("packages.mjs")
            .current_dir(folder)
            .env_remove("AUTH_SECRET")
            .env_remove("NEXTAUTH_SECRET")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let questions = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Some(Self { child, questions, answers })
    }

    fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.questions, "{question}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert!(answer.get("error").is_none(), "{question}: {answer}");
        answer["ok"].clone()
    }

    /// The cookies of a session that the package mints: its own handler writes them, in chunks if
    /// that is due.
    pub(crate) fn mint(&mut self, package: &str, site: Site<'_>, claims: &Value) -> Jar {
        let mut question = site.question(package, "encode");
        question["claims"] = claims.clone();
        let token = self.ask(&question);
        let name = site.cookie_name(package);
        let mut jar = Jar::default();
        jar.take(&format!("{name}={}", token.as_str().unwrap()));
        self.session(package, site, &mut jar);
        jar
    }

    /// What the package's `getToken` says.
    pub(crate) fn token(&mut self, package: &str, site: Site<'_>, jar: &Jar) -> Value {
        let mut question = site.question(package, "token");
        question["cookie"] = jar.header().into();
        self.ask(&question)
    }

    /// What the package's `getToken` says of an `Authorization` header.
    pub(crate) fn bearer(&mut self, package: &str, site: Site<'_>, value: &str) -> Value {
        let mut question = site.question(package, "token");
        question["authorization"] = value.into();
        self.ask(&question)
    }

    /// The body of the package's `GET session`; the jar takes its cookies.
    pub(crate) fn session(&mut self, package: &str, site: Site<'_>, jar: &mut Jar) -> Value {
        let mut question = site.question(package, "session");
        question["cookie"] = jar.header().into();
        let answer = self.ask(&question);
        for line in answer["cookies"].as_array().unwrap() {
            jar.take(line.as_str().unwrap());
        }
        answer["body"].clone()
    }
}

impl Drop for Packages {
    fn drop(&mut self) {
        // Its input ends with this process at the latest; a test that failed need not wait.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address and the secrets of the site there, the newest first.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    pub(crate) url: &'a str,
    pub(crate) secrets: &'a [&'a str],
}

impl Site<'_> {
    /// next-auth 4 knows one secret, @auth/core several.
    fn question(self, package: &str, action: &str) -> Value {
        let secret =
            if package == NEXT_AUTH { json!(self.secrets[0]) } else { json!(self.secrets) };
        json!({ "package": package, "action": action, "secret": secret, "url": self.url })
    }

    pub(crate) fn cookie_name(self, package: &str) -> String {
        let prefix = if self.url.starts_with("https:") { "__Secure-" } else { "" };
        let site = if package == NEXT_AUTH { "next-auth" } else { "authjs" };
        format!("{prefix}{site}.session-token")
    }
}

/// The session cookies of one browser.
#[derive(Clone, Default)]
pub(crate) struct Jar(Vec<(String, String)>);

impl Jar {
    /// Does what a `Set-Cookie` line says, if it is about a session.
    pub(crate) fn take(&mut self, line: &str) {
        let (name, rest) = line.split_once('=').unwrap();
        if !name.contains("session-token") {
            return;
        }
        self.0.retain(|(existing, _)| existing != name);
        if !rest.contains("Max-Age=0") {
            let value = rest.split(';').next().unwrap();
            self.0.push((name.to_owned(), value.to_owned()));
        }
    }

    pub(crate) fn header(&self) -> String {
        let pairs = self.0.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The length of each cookie's value.
    pub(crate) fn lengths(&self) -> Vec<usize> {
        self.0.iter().map(|(_, value)| value.len()).collect()
    }

    /// The whole token.
    pub(crate) fn token(&self) -> String {
        self.0.iter().map(|(_, value)| value.as_str()).collect()
    }
}
