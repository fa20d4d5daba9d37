//! The end of `typegate serve`: what it is told by, and what it leaves.

use std::io::{BufRead as _, Read, Write};
use std::net::TcpStream;
use std::process::Command;

use typegate::adapter::{SqliteAdapter, UserStore as _};
use typegate::{NewUser, Profile};

use crate::support::{Folder, Server, TYPEGATE, environment, sample};

#[test]
fn every_signal_that_ends_a_program_lets_requests_finish() {
    for signal in ["TERM", "INT", "HUP", "QUIT"] {
        let folder = Folder::new(&format!("end-{signal}"));
        // Whoever runs the tests may have let them ignore some.
        let mut command = Command::new("env");
        if cfg!(target_os = "linux") {
            command.arg("--default-signal");
        }
        command.arg(TYPEGATE);
        command.args(["serve", "--config"]).arg(sample());
        command.env_clear().envs(environment(&folder));
        let mut server = Server::of(command);
        server.tell(signal);
        assert!(server.process.wait().unwrap().success(), "SIG{signal}");
        let mut log = String::new();
        server.log.read_to_string(&mut log).unwrap();
        assert!(log.contains("ending") && log.contains(&format!("SIG{signal}")), "{log}");
    }
}

/// So `nohup` starts a program that is to outlive its terminal.
#[cfg(target_os = "linux")]
#[test]
fn a_hang_up_that_was_ignored_from_the_start_ends_nothing() {
    let folder = Folder::new("nohup");
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' HUP; exec \"$0\" serve --config \"$1\"", TYPEGATE]);
    command.arg(sample()).env_clear().envs(environment(&folder));
    let mut server = Server::of(command);
    server.tell("HUP");
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200 "));
    server.tell("TERM");
    assert!(server.process.wait().unwrap().success());
    let mut log = String::new();
    server.log.read_to_string(&mut log).unwrap();
    assert!(log.contains("SIGTERM") && !log.contains("SIGHUP"), "{log}");
}

#[test]
fn a_second_signal_ends_at_once() {
    let folder = Folder::new("twice");
    let mut server = Server::start(&sample(), environment(&folder));
    let head = "POST /api/auth/signout HTTP/1.1\r\nHost: localhost:3000\r\n\
         Content-Length: 100\r\nExpect: 100-continue\r\n\r\n";
    let mut under_way = TcpStream::connect(&server.address).unwrap();
    under_way.write_all(head.as_bytes()).unwrap();
    // Somebody reads it: it is asked to go on.
    under_way.read_exact(&mut [0; 12]).unwrap();
    server.tell("TERM");
    let mut log = String::new();
    while !log.contains("ending") {
        assert_ne!(server.log.read_line(&mut log).unwrap(), 0, "{log}");
    }
    server.tell("TERM");
    assert!(server.process.wait().unwrap().success());
    server.log.read_to_string(&mut log).unwrap();
    assert!(log.contains("told again"), "{log}");
}

/// Who copies the file has everything.
#[tokio::test]
async fn a_stopped_server_leaves_a_whole_sqlite_file() {
    let folder = Folder::new("whole");
    let file = folder.0.join("auth.db");
    let mut server = Server::start(&sample(), environment(&folder));
    let adapter = SqliteAdapter::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    let ada = Profile::new("42").email("ada@example.com".to_owned());
    adapter.create_user(NewUser::from(ada)).await.unwrap();
    assert_ne!(std::fs::metadata(folder.0.join("auth.db-wal")).unwrap().len(), 0);
    server.tell("TERM");
    assert!(server.process.wait().unwrap().success());
    // The file alone, while somebody else still has it open.
    let copy = folder.0.join("copy.db");
    std::fs::copy(&file, &copy).unwrap();
    let copy = SqliteAdapter::connect(&format!("sqlite://{}", copy.display())).await.unwrap();
    assert!(copy.user_by_email("ada@example.com").await.unwrap().is_some());
    drop(adapter);
}
