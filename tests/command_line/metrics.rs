//! `GET /metrics` of `typegate serve`.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use crate::support::{Folder, Server, TYPEGATE, environment, text};

fn configuration(folder: &Folder, server: &str) -> String {
    let text = format!(
        "url = 'http://localhost:3000'\nsecret = {{ env = 'NEXTAUTH_SECRET' }}\n\
         server = {{ address = '127.0.0.1:0', {server} }}\n\
         [[providers]]\ntype = 'github'\nclient_id = 'a'\n\
         client_secret = {{ env = 'OIDC_CLIENT_SECRET' }}\n"
    );
    folder.file("metrics.toml", &text)
}

fn ask(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "{request} HTTP/1.1\r\nHost: collector\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn metrics_are_served_at_an_address_of_their_own() {
    let folder = Folder::new("metrics");
    let file = configuration(&folder, "metrics_address = '127.0.0.1:0'");
    let server = Server::start(Path::new(&file), environment(&folder));
    assert!(server.get("/metrics").starts_with("HTTP/1.1 404 "), "not where strangers ask");
    assert!(server.get("/api/auth/csrf").starts_with("HTTP/1.1 200 "));
    assert!(server.get("/api/auth/made-up").starts_with("HTTP/1.1 400 "));
    let address = server.before.split("metrics at http://").nth(1).unwrap();
    let address = address.split('/').next().unwrap();
    let answer = ask(address, "GET /metrics");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("content-type: text/plain; version=0.0.4"), "{answer}");
    for line in [
        "# TYPE typegate_requests_total counter",
        "# HELP typegate_requests_total Requests to the auth routes.",
        "typegate_requests_total{action=\"csrf\",status=\"2xx\"} 1",
        "typegate_requests_total{action=\"other\",status=\"4xx\"} 1",
        "typegate_failures_total{code=\"UNSUPPORTED_ACTION_ERROR\",provider=\"\"} 1",
    ] {
        assert!(answer.contains(line), "{line}: {answer}");
    }
    for request in ["GET /", "POST /metrics", "GET /api/auth/csrf"] {
        assert!(ask(address, request).starts_with("HTTP/1.1 404 "), "{request}");
    }
}

#[test]
fn r199_whoever_reaches_the_metrics_takes_no_connection_from_visitors() {
    let folder = Folder::new("metrics-held");
    let file = configuration(&folder, "metrics_address = '127.0.0.1:0'");
    let server = Server::start(Path::new(&file), environment(&folder));
    let address = server.before.split("metrics at http://").nth(1).unwrap();
    let address = address.split('/').next().unwrap();
    let held: Vec<_> = (0..16).map(|_| TcpStream::connect(address).unwrap()).collect();
    // Hung up on, perhaps before it was read.
    let mut one_more = TcpStream::connect(address).unwrap();
    let mut answer = String::new();
    assert!(matches!(one_more.read_to_string(&mut answer), Ok(0) | Err(_)), "{answer}");
    assert!(server.get("/api/auth/csrf").starts_with("HTTP/1.1 200 "));
    drop(held);
}

#[test]
fn nothing_is_served_by_default_and_an_address_that_is_none_is_refused() {
    let folder = Folder::new("no-metrics");
    let server = Server::start(
        Path::new(&configuration(&folder, "max_connections = 9")),
        environment(&folder),
    );
    assert!(!server.before.contains("metrics at"), "{}", server.before);
    for (written, told) in [
        ("metrics_address = '9464'", "write `metrics_address = \"127.0.0.1:9464\"`"),
        ("metrics_adress = '127.0.0.1:9464'", "`metrics_address`"),
    ] {
        let file = configuration(&folder, written);
        let mut check = Command::new(TYPEGATE);
        check.args(["check", "--config", &file]).env_clear().envs(environment(&folder));
        let output = check.output().unwrap();
        assert!(!output.status.success());
        assert!(text(&output.stderr).contains(told), "{}", text(&output.stderr));
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap();
    let file = configuration(&folder, &format!("metrics_address = '{taken}'"));
    let mut serve = Command::new(TYPEGATE);
    serve.args(["serve", "--config", &file]).env_clear().envs(environment(&folder));
    let output = serve.output().unwrap();
    let said = text(&output.stderr);
    assert!(!output.status.success() && said.contains("their `metrics_address`"), "{said}");
}
