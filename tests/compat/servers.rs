//! The two servers that are compared: typegate in this process, the real package in Node.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;

use tokio::net::TcpListener;

use crate::identity_provider::IdentityProvider;
use crate::profile::Profile;
use crate::server::configuration::Setup;
use crate::server::world::Behaviour;

/// Starts typegate on a free port, and gives its origin.
pub(crate) async fn typegate(profile: &Profile, provider: &IdentityProvider) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let site = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let setup = Setup {
        profile: profile.combination,
        site: site.parse().unwrap(),
        secret: "the secret of the comparison, long enough".to_owned(),
        issuer: provider.origin.clone(),
        behaviour: Behaviour::default(),
    };
    tokio::spawn(crate::server::serve(listener, setup));
    site
}

/// Where the package is, and the node that runs it.
pub(crate) struct Node {
    program: PathBuf,
    folder: PathBuf,
}

impl Node {
    /// Node as `TYPEGATE_TEST_NODE` names it. Without that variable the real package cannot be
    /// asked: said aloud on a developer's machine, a failure where `CI` is `true`.
    pub(crate) fn find() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compat/reference");
        let Some(program) = std::env::var_os("TYPEGATE_TEST_NODE").filter(|node| !node.is_empty())
        else {
            let how = "run tests/compat/reference/setup once and set TYPEGATE_TEST_NODE to the \
                       path of node";
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "the real next-auth was not asked: {how}"
            );
            static SAID: Once = Once::new();
            SAID.call_once(|| say(&format!("\nNOT TESTED: the real next-auth; {how}\n")));
            return None;
        };
        assert!(
            folder.join("node_modules").is_dir(),
            "the packages are not installed: run tests/compat/reference/setup"
        );
        Some(Self { program: program.into(), folder })
    }

    /// Starts next-auth on a free port.
    pub(crate) fn next_auth(&self, profile: &Profile, provider: &IdentityProvider) -> NextAuth {
        let mut child = Command::new(&self.program)
            .arg("server.mjs")
            .current_dir(&self.folder)
            .env_remove("NEXTAUTH_SECRET")
            .env("PROFILE", profile.name)
            .env("ISSUER", &provider.origin)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            // Next.js writes down every failure, and failing is what many scenarios are about.
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let site = line.strip_prefix("ready ").expect("next-auth did not start").trim().to_owned();
        NextAuth { child, site }
    }

    /// What the functions of `next-auth/react` do at a site.
    pub(crate) async fn client(&self, site: &str) -> Vec<String> {
        let output = tokio::process::Command::new(&self.program)
            .args(["client.mjs", site])
            .current_dir(&self.folder)
            .stderr(Stdio::inherit())
            .output()
            .await
            .unwrap();
        assert!(output.status.success(), "client.mjs failed");
        let encoded: String = form_urlencoded::byte_serialize(site.as_bytes()).collect();
        let text = String::from_utf8(output.stdout).unwrap();
        let text = text.replace(site, "{site}").replace(&encoded, "{site%}");
        text.lines().map(str::to_owned).collect()
    }
}

/// The real package, as long as this lives.
pub(crate) struct NextAuth {
    child: Child,
    pub(crate) site: String,
}

impl Drop for NextAuth {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Not by `eprintln!`, which the test harness keeps to itself if the test passes.
pub(crate) fn say(message: &str) {
    std::io::stderr().write_all(message.as_bytes()).unwrap();
}
