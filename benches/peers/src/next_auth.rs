//! The real next-auth, in Node.

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::{Peer, http};

/// The process, which ends with this.
pub(crate) struct NextAuth {
    process: Child,
    address: SocketAddr,
}

impl Drop for NextAuth {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn start() -> Result<NextAuth, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    if !folder.join("../../tests/compat/reference/node_modules/next-auth").exists() {
        return Err("tests/compat/reference/setup installs it".to_owned());
    }
    let mut process = Command::new("node")
        .arg(folder.join("next-auth.mjs"))
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("node: {error}"))?;
    let mut line = String::new();
    let address = process.stdout.take().and_then(|stdout| {
        BufReader::new(stdout).read_line(&mut line).ok()?;
        line.trim().parse().ok()
    });
    match address {
        Some(address) => Ok(NextAuth { process, address }),
        None => {
            let _ = process.kill();
            let _ = process.wait();
            Err("its server did not start".to_owned())
        }
    }
}

impl NextAuth {
    pub(crate) fn peer(&self) -> Result<Peer, Box<dyn Error>> {
        let cookies = http::sign_in(self.address)?;
        let request = http::get("/api/auth/session", &cookies);
        Ok(Peer { name: "next-auth", address: self.address, request })
    }
}
