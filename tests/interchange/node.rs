//! The real packages, running in Node, and what a browser would carry between them and typegate.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use serde_json::{Value, json};

pub(crate) const NEXT_AUTH: &str = "next-auth";
pub(crate) const AUTH_JS: &str = "@auth/core";

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interchange")
}

/// The path of Node, as `TYPEGATE_TEST_NODE` names it. Without that variable nothing can be tested:
/// said aloud on a developer's machine, a failure where `CI` is `true`.
pub(crate) fn node(what: &'static str) -> Option<OsString> {
    let how = "run tests/interchange/setup once and set TYPEGATE_TEST_NODE to the path of node";
    let node = variable("TYPEGATE_TEST_NODE", what, how)?;
    assert!(
        folder().join("node_modules").is_dir() && folder().join("orm/generated").is_dir(),
        "the packages are not installed: run tests/interchange/setup"
    );
    Some(node)
}

/// A variable that a test needs.
pub(crate) fn variable(name: &str, what: &'static str, how: &str) -> Option<OsString> {
    let value = std::env::var_os(name).filter(|value| !value.is_empty());
    if value.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{what} was not tested: {how}");
        static SAID: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
        if SAID.lock().unwrap().insert(what) {
            // Not by `eprintln!`, which the test harness keeps to itself if the test passes.
            let message = format!("\nNOT TESTED: {what}; {how}\n");
            std::io::stderr().write_all(message.as_bytes()).unwrap();
        }
    }
    value
}

/// One Node process that answers one question after the other.
pub(crate) struct Packages(Answers);

impl Packages {
    pub(crate) fn start() -> Option<Self> {
        let folder = folder();
        let node = node("the interchange with the real packages")?;
        let mut command = Command::new(node);
        command.arg("packages.mjs").current_dir(folder);
        Some(Self(Answers::of(command.env_remove("AUTH_SECRET").env_remove("NEXTAUTH_SECRET"))))
    }

    /// The cookies of a session that the package mints: its own handler writes them, in chunks if
    /// that is due.
    pub(crate) fn mint(&mut self, package: &str, site: Site<'_>, claims: &Value) -> Jar {
        let mut question = site.question(package, "encode");
        question["claims"] = claims.clone();
        let token = self.0.ask(&question);
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
        self.0.ask(&question)
    }

    /// What the package's `getToken` says of an `Authorization` header.
    pub(crate) fn bearer(&mut self, package: &str, site: Site<'_>, value: &str) -> Value {
        let mut question = site.question(package, "token");
        question["authorization"] = value.into();
        self.0.ask(&question)
    }

    /// The body of the package's `GET session`; the jar takes its cookies.
    pub(crate) fn session(&mut self, package: &str, site: Site<'_>, jar: &mut Jar) -> Value {
        let mut question = site.question(package, "session");
        question["cookie"] = jar.header().into();
        let answer = self.0.ask(&question);
        for line in answer["cookies"].as_array().unwrap() {
            jar.take(line.as_str().unwrap());
        }
        answer["body"].clone()
    }
}

/// A process that answers one line with one line.
pub(crate) struct Answers {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Answers {
    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let questions = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { child, questions, answers }
    }

    /// Asks for something and waits until it is done or has failed.
    pub(crate) fn tell(&mut self, question: &Value) {
        let _ = writeln!(self.questions, "{question}");
        let _ = self.answers.read_line(&mut String::new());
    }

    pub(crate) fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.questions, "{question}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert!(answer.get("error").is_none(), "{question}: {answer}");
        answer["ok"].clone()
    }
}

impl Drop for Answers {
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
