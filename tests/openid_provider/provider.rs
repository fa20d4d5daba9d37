//! The provider, running in Node.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Once;

use serde_json::{Value, json};

pub(crate) struct OpenIdProvider {
    child: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl OpenIdProvider {
    /// Starts Node as `TYPEGATE_TEST_NODE` names it. Without that variable nothing can be tested:
    /// said aloud on a developer's machine, a failure where `CI` is `true`.
    pub(crate) fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openid_provider");
        let Some(node) = std::env::var_os("TYPEGATE_TEST_NODE").filter(|node| !node.is_empty())
        else {
            let how = "run tests/openid_provider/setup once and set TYPEGATE_TEST_NODE to the \
                       path of node";
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "sign-ins with oidc-provider were not tested: {how}"
            );
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                // Not by `eprintln!`, which the test harness keeps to itself if the test passes.
                let message = format!("\nNOT TESTED: sign-ins with oidc-provider; {how}\n");
                std::io::stderr().write_all(message.as_bytes()).unwrap();
            });
            return None;
        };
        assert!(
            folder.join("node_modules").is_dir(),
            "the provider is not installed: run tests/openid_provider/setup"
        );
        let mut child = Command::new(node)
            .args(["--no-warnings", "provider.mjs"])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let commands = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Some(Self { child, commands, answers })
    }

    /// From now on it has these clients and a new key, at the same address: its issuer.
    pub(crate) fn configure(
        &mut self,
        clients: &[Value],
        algorithm: &str,
        require_pushed: bool,
    ) -> String {
        let command =
            json!({ "clients": clients, "algorithm": algorithm, "requirePushed": require_pushed });
        writeln!(self.commands, "{command}").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        answer["issuer"].as_str().unwrap().to_owned()
    }
}

impl Drop for OpenIdProvider {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
