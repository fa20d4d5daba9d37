//! A second independent provider: a server by Python's Authlib.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Once;

use serde_json::Value;

/// The server, which ends with its standard input.
pub(crate) struct AuthlibProvider {
    child: Child,
    pub(crate) issuer: String,
}

impl AuthlibProvider {
    /// `None` if no Python was given; where everything must be tested, that is a failure.
    pub(crate) fn start(clients: &[Value]) -> Option<Self> {
        let python = std::env::var_os("TYPEGATE_TEST_PYTHON").filter(|python| !python.is_empty());
        let Some(python) = python else {
            let how = "set TYPEGATE_TEST_PYTHON to what tests/oauth1/setup prints";
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "sign-ins with Authlib were not tested: {how}"
            );
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                // Past the capture of output, which would hide it in a test that passes.
                let message = format!("\nNOT TESTED: sign-ins with Authlib; {how}\n");
                std::io::stderr().write_all(message.as_bytes()).unwrap();
            });
            return None;
        };
        let mut child = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/openid_provider/authlib_server.py"))
            .arg(serde_json::to_string(clients).unwrap())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        let port: u16 = port.trim().parse().unwrap();
        Some(Self { child, issuer: format!("http://127.0.0.1:{port}") })
    }
}

impl Drop for AuthlibProvider {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
