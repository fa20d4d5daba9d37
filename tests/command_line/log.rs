//! The log of `typegate serve`, where it cannot be written.

use std::fs::OpenOptions;
use std::io::{BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;

use crate::support::{Folder, Server, TYPEGATE, environment, sample};

/// A request, and its answer or the end of the connection.
fn asked(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    // A server that hangs fails the test, and does not hang it.
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The answer to a request of which there is a line in the log.
fn logged(address: &str) -> String {
    let request = "GET /api/auth/callback/acme?error=access_denied HTTP/1.1";
    asked(address, &format!("{request}\r\nHost: localhost:3000\r\nConnection: close\r\n\r\n"))
}

#[test]
fn a_log_that_nobody_reads_any_more_costs_no_request() {
    let folder = Folder::new("closed-log");
    let mut server = Server::start(&sample(), environment(&folder));
    // The reader goes away.
    server.log = BufReader::new(Box::new(std::io::empty()));
    for _ in 0..5 {
        assert!(logged(&server.address).starts_with("HTTP/1.1 302 "));
    }
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200 "));
    server.tell("TERM");
    assert!(server.process.wait().unwrap().success());
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_on_a_full_disk_costs_no_request() {
    let folder = Folder::new("full-log");
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut environment = environment(&folder);
    environment.retain(|(name, _)| *name != "TYPEGATE_ADDRESS");
    environment.push(("TYPEGATE_ADDRESS", address.clone()));
    let mut process = Command::new(TYPEGATE)
        .args(["serve", "--config"])
        .arg(sample())
        .env_clear()
        .envs(environment)
        .stderr(OpenOptions::new().write(true).open("/dev/full").unwrap())
        .spawn()
        .unwrap();
    while TcpStream::connect(&address).is_err() {
        assert!(process.try_wait().unwrap().is_none(), "it ended");
        std::thread::yield_now();
    }
    for _ in 0..5 {
        assert!(logged(&address).starts_with("HTTP/1.1 302 "));
    }
    process.kill().unwrap();
    process.wait().unwrap();
}

#[test]
fn a_reader_that_stalls_holds_up_neither_requests_nor_the_end() {
    let folder = Folder::new("stalled-log");
    let mut command = Command::new(TYPEGATE);
    command.args(["serve", "--verbose", "--config"]).arg(sample());
    command.env_clear().envs(environment(&folder));
    let mut server = Server::of(command);
    // A pipe takes 64 KiB, and each of these is a line.
    for _ in 0..2000 {
        asked(&server.address, "this is no request\r\n\r\n");
    }
    assert!(logged(&server.address).starts_with("HTTP/1.1 302 "));
    server.tell("TERM");
    assert!(server.process.wait().unwrap().success());
}
