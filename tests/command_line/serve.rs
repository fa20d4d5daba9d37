//! `typegate serve`: a server of its own, among strangers and behind proxies.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Folder, Server, TYPEGATE, environment, log_of, sample, text};

#[test]
fn the_sample_is_served_until_the_process_is_told_to_end() {
    let folder = Folder::new("serve");
    let mut server = Server::start(&sample(), environment(&folder));
    let providers = server.get("/api/auth/providers");
    assert!(providers.starts_with("HTTP/1.1 200 "), "{providers}");
    assert!(providers.contains("http://localhost:3000/api/auth/callback/acme"), "{providers}");
    assert!(!providers.contains("evil.example"));
    assert!(server.get("/").starts_with("HTTP/1.1 404 "));
    // An idle connection does not keep the process.
    let idle = TcpStream::connect(&server.address).unwrap();
    let told = Command::new("kill").arg(server.process.id().to_string()).status().unwrap();
    assert!(told.success());
    assert!(server.process.wait().unwrap().success());
    drop(idle);
    let mut log = String::new();
    server.log.read_to_string(&mut log).unwrap();
    assert!(log.contains("ending"), "{log}");
    assert!(!log.contains("given up"), "{log}");
    // Whoever reads a file of it looks for `code="…"`.
    assert!(!log.contains('\u{1b}'), "{log}");
}

#[test]
fn strangers_are_refused_where_the_proxy_is_trusted() {
    let folder = Folder::new("proxy");
    let configuration = |proxies: &str| {
        let text = format!(
            "trust_proxy = {{ hosts = ['evil.example'] }}\nclient_address = {{ forwarded_for = 1 }}\nsecret = {{ env = 'NEXTAUTH_SECRET' }}\n\
             server = {{ address = '127.0.0.1:0', trusted_proxies = [{proxies}] }}\n\
             [[providers]]\ntype = 'github'\nclient_id = 'a'\n\
             client_secret = {{ env = 'AUTHORIZE_SECRET' }}\n"
        );
        PathBuf::from(folder.file("auth.toml", &text))
    };
    let server = Server::start(&configuration("'10.0.0.0/8'"), environment(&folder));
    assert!(server.get("/api/auth/providers").starts_with("HTTP/1.1 403 "));
    drop(server);
    let server = Server::start(&configuration("'127.0.0.0/8'"), environment(&folder));
    // For whoever compares it with the provider's settings.
    let callback = "callbacks will be built as https://evil.example/api/auth/callback/<id>\n";
    assert!(server.before.contains(callback), "{}", server.before);
    assert!(server.get("/api/auth/providers").contains("https://evil.example/api/auth"));
}

#[test]
fn r199_many_who_never_read_leave_the_server_to_others() {
    let folder = Folder::new("crowd");
    let configuration = "url = 'http://localhost:3000'\n\
         secret = { env = 'NEXTAUTH_SECRET' }\n\
         server = { address = '127.0.0.1:0', trusted_proxies = ['127.0.0.2'], \
         max_connections_per_client = 5, write_deadline = 1 }\n\
         [[providers]]\ntype = 'github'\nclient_id = 'a'\nclient_secret = { env = 'OIDC_CLIENT_SECRET' }\n";
    let configuration = folder.file("crowd.toml", configuration);
    let server = Server::start(Path::new(&configuration), environment(&folder));
    let mut crowd = Vec::new();
    for _ in 0..20 {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        stream.set_nonblocking(true).unwrap();
        let request =
            b"GET /api/auth/signin HTTP/1.1\r\nHost: localhost:3000\r\n\r\n".repeat(2_000);
        let _ = stream.write(&request);
        crowd.push(stream);
    }
    // There is no place for one more of this client until the server loses patience with those
    // that do not read. Whoever is refused is hung up on.
    let answer = std::iter::repeat_with(|| server.try_get("/api/auth/providers"));
    let answer = answer.take(10_000_000).find(|answer| answer.starts_with("HTTP/1.1 200 "));
    assert!(answer.is_some(), "the crowd is still there");
}

#[test]
fn r198_whoever_runs_the_server_hears_that_nobody_gets_in() {
    let folder = Folder::new("heard");
    let configuration = |site: &str, server: &str| {
        let text = format!(
            "{site}\nsecret = {{ env = 'NEXTAUTH_SECRET' }}\n\
             server = {{ address = '127.0.0.1:0', {server} }}\n[[providers]]\ntype = 'github'\n\
             client_id = 'a'\nclient_secret = {{ env = 'OIDC_CLIENT_SECRET' }}\n"
        );
        PathBuf::from(folder.file("heard.toml", &text))
    };
    let site = "url = 'http://localhost:3000'";
    let behind =
        "trust_proxy = { hosts = ['app.example.com'] }\nclient_address = { forwarded_for = 1 }";
    for (site, server, expected) in [
        (behind, "trusted_proxies = ['10.0.0.0/8']", "`trusted_proxies`"),
        (site, "max_connections = 1", "`max_connections`"),
        (
            site,
            "trusted_proxies = ['10.0.0.0/8'], max_connections_per_client = 1",
            "`max_connections_per_client`",
        ),
    ] {
        let server = Server::start(&configuration(site, server), environment(&folder));
        let held = TcpStream::connect(&server.address).unwrap();
        for _ in 0..50 {
            assert!(!server.try_get("/api/auth/providers").starts_with("HTTP/1.1 200 "));
        }
        drop(held);
        let log = log_of(server);
        let lines: Vec<_> = log.lines().filter(|line| line.contains(expected)).collect();
        assert_eq!(lines.len(), 1, "{log}");
        assert!(lines[0].contains(" WARN "), "{log}");
    }
}

#[test]
fn an_address_that_is_taken_is_named() {
    let folder = Folder::new("taken");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut environment = environment(&folder);
    environment.retain(|(name, _)| *name != "TYPEGATE_ADDRESS");
    environment.push(("TYPEGATE_ADDRESS", address.clone()));
    let mut command = Command::new(TYPEGATE);
    command.args(["serve", "--config"]).arg(sample()).env_clear().envs(environment);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains(&address), "{}", text(&output.stderr));
}

/// Guesses at one account after another, each under an invented address.
fn guesses_before_429(server: &Server) -> usize {
    let csrf = server.send("GET /api/auth/csrf HTTP/1.1", "", "");
    let cookie =
        csrf.lines().find_map(|line| line.strip_prefix("set-cookie: next-auth.csrf-token="));
    let cookie = cookie.unwrap().split(';').next().unwrap();
    let token = cookie.split("%7C").next().unwrap();
    let statuses = (0..10).map(|number| {
        let body = format!("csrfToken={token}&username=user{number}&password=x&json=true");
        let headers = format!(
            "X-Forwarded-For: 198.51.100.{number}\r\nCookie: next-auth.csrf-token={cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
            body.len()
        );
        let request = "POST /api/auth/callback/credentials HTTP/1.1";
        server.send(request, &headers, &body).split(' ').nth(1).unwrap().to_owned()
    });
    statuses.take_while(|status| status == "401").count()
}

#[test]
fn r194_serve_believes_its_proxies_only() {
    let folder = Folder::new("believed");
    let configuration = |proxies: &str| {
        let text = format!(
            "url = 'http://localhost:3000'\nsecret = {{ env = 'NEXTAUTH_SECRET' }}\n\
             client_address = {{ forwarded_for = 1 }}\nrate_limit = {{ per_client = 3 }}\n\
             server = {{ address = '127.0.0.1:0', trusted_proxies = [{proxies}] }}\n\
             [[providers]]\ntype = 'credentials'\nendpoint = 'http://127.0.0.1:9/authorize'\n\
             endpoint_secret = {{ env = 'AUTHORIZE_SECRET' }}\nfields = [{{ key = 'username' }}]\n"
        );
        PathBuf::from(folder.file("auth.toml", &text))
    };
    let server = Server::start(&configuration("'10.0.0.0/8'"), environment(&folder));
    assert_eq!(guesses_before_429(&server), 3);
    drop(server);
    let server = Server::start(&configuration("'127.0.0.0/8'"), environment(&folder));
    assert_eq!(guesses_before_429(&server), 10);
}

/// Whoever reads the log looks after more than one program.
#[test]
fn the_log_names_the_endpoint_that_checks_credentials() {
    let folder = Folder::new("named");
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let text = format!(
        "url = 'http://localhost:3000'\nsecret = {{ env = 'NEXTAUTH_SECRET' }}\n\
         server = {{ address = '127.0.0.1:0' }}\n[[providers]]\ntype = 'credentials'\n\
         endpoint = 'http://{nobody}/authorize?key=s3cr3t'\n\
         endpoint_secret = {{ env = 'AUTHORIZE_SECRET' }}\nfields = [{{ key = 'username' }}]\n"
    );
    let server = Server::start(Path::new(&folder.file("auth.toml", &text)), environment(&folder));
    guesses_before_429(&server);
    let log = log_of(server);
    let named = format!("the endpoint http://{nobody}/authorize?key=… (authorize) did not answer");
    assert!(log.contains(&named) && log.contains("`endpoint`"), "{log}");
    assert!(!log.contains("s3cr3t"), "{log}");
}
