//! The real next-auth, in Node.

use std::error::Error;
use std::path::Path;
use std::process::Command;

use crate::http::{self, EMAIL};
use crate::process::Process;
use crate::{Peer, Question};

pub(crate) fn start() -> Result<Process, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    if !folder.join("../../tests/compat/reference/node_modules/next-auth").exists() {
        return Err("tests/compat/reference/setup installs it".into());
    }
    Ok(Process::start(Command::new("node").arg(folder.join("next-auth.mjs")))?)
}

pub(crate) fn peers(process: &Process) -> Result<Vec<Peer>, Box<dyn Error>> {
    let Some(&address) = process.addresses.first() else { return Ok(Vec::new()) };
    let session = http::get("/api/auth/session", &http::sign_in(address)?);
    let sign_in = http::sign_in_again(address)?;
    let peer = |question, request, expected| Peer {
        name: "next-auth",
        question,
        address,
        request,
        expected,
    };
    Ok(vec![
        peer(Question::Session, session, EMAIL),
        peer(Question::SignIn, sign_in, "session-token="),
        peer(Question::Csrf, http::get("/api/auth/csrf", ""), "csrfToken"),
    ])
}
