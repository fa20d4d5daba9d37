//! axum-login, built by cargo in a folder of its own.

use std::error::Error;
use std::path::Path;
use std::process::Command;

use crate::http::{self, EMAIL};
use crate::process::Process;
use crate::{Peer, Question};

pub(crate) fn start(folder: &Path) -> Result<Process, Box<dyn Error>> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("axum-login/Cargo.toml");
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--release", "--locked", "--manifest-path"]).arg(manifest);
    Ok(Process::start(cargo.arg("--").arg(folder.join("axum-login.db")))?)
}

pub(crate) fn peers(process: &Process) -> Result<Vec<Peer>, Box<dyn Error>> {
    let [memory, sqlite] = *process.addresses else { return Err("two addresses".into()) };
    let session = |address| -> Result<String, Box<dyn Error>> {
        let cookies = http::ask(address, &http::post("/login", "", ""))?.cookies().join("; ");
        Ok(http::get("/session", &cookies))
    };
    let peer = |name, question, address, request, expected| Peer {
        name,
        question,
        address,
        request,
        expected,
    };
    let in_memory = "axum-login, in memory";
    let sign_in = http::post("/login", "", "");
    Ok(vec![
        peer(in_memory, Question::Session, memory, session(memory)?, EMAIL),
        peer(in_memory, Question::SignIn, memory, sign_in.clone(), "id="),
        peer("axum-login", Question::StoredSession, sqlite, session(sqlite)?, EMAIL),
    ])
}
