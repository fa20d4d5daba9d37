//! The program `typegate`, as it is met at a terminal.

#![cfg(test)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use jiff::{Timestamp, ToSpan as _};
use serde_json::Value;
use typegate::adapter::{SessionStore as _, SqliteAdapter, UserStore as _};
use typegate::{ErrorCode, NewSession, NewUser, Secret, SessionToken, SigningKey};

const TYPEGATE: &str = env!("CARGO_BIN_EXE_typegate");

fn typegate(arguments: &[&str]) -> Output {
    Command::new(TYPEGATE).args(arguments).env_clear().output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder that goes away with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("typegate-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn secrets_and_keys_are_new_and_good() {
    let secrets = [(); 2].map(|()| text(&typegate(&["secret"]).stdout));
    assert_ne!(secrets[0], secrets[1]);
    assert!(Secret::new(secrets[0].trim()).is_ok());
    for (arguments, algorithm) in [
        (["newkey", "HS512"].as_slice(), "HS512"),
        (&["newkey"], "HS512"),
        (&["newkey", "HS256"], "HS256"),
        (&["newkey", "EdDSA"], "EdDSA"),
    ] {
        let key = text(&typegate(arguments).stdout);
        assert_eq!(SigningKey::from_jwk(&key).unwrap().algorithm().as_str(), algorithm);
    }
    let folder = Folder::new("keys");
    let key = folder.file("key.jwk", &text(&typegate(&["newkey", "EdDSA"]).stdout));
    let public: Value = serde_json::from_slice(&typegate(&["publickey", &key]).stdout).unwrap();
    assert!(public["x"].is_string() && public.get("d").is_none());
}

#[test]
fn misuse_shows_what_there_is() {
    for arguments in [
        ["serve"].as_slice(),
        &[],
        &["check"],
        &["newkey", "RS256"],
        &["fly"],
        &["secret", "now"],
        &["explain"],
        &["explain", "fly"],
        &["--fly"],
    ] {
        let output = typegate(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains("typegate check --config"), "{arguments:?}");
    }
    let help = typegate(&["--help"]);
    assert!(help.status.success() && text(&help.stdout).contains("typegate newkey"));
}

#[test]
fn a_code_of_the_log_is_explained() {
    for code in ErrorCode::ALL {
        let output = typegate(&["explain", code.as_str()]);
        let told = text(&output.stdout);
        assert!(output.status.success(), "{code}");
        for part in [code.as_str(), code.cause(), code.remedy(), &code.help_url()] {
            assert!(told.contains(part), "{code}: {told}");
        }
    }
    assert!(typegate(&["explain", "no_secret"]).status.success());
    let nearly = text(&typegate(&["explain", "SECRET"]).stderr);
    assert!(nearly.starts_with("error: `SECRET` is no code; there is NO_SECRET"), "{nearly}");
}

#[test]
fn a_check_tells_everything_and_fails() {
    let broken = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dynamic/broken/nothing.toml");
    for command in ["check", "serve"] {
        let output = typegate(&[command, "--config", broken.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1));
        let told = text(&output.stderr);
        assert!(told.starts_with("error: NO_SECRET: "), "{told}");
        assert!(told.contains("error: NEXTAUTH_URL: ") && told.ends_with("\n3 errors\n"), "{told}");
    }
    let output = typegate(&["check", "--config", "/no/such/file.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("the configuration cannot be read"));
}

/// What examples/auth.toml wants to know.
fn environment(folder: &Folder) -> Vec<(&'static str, String)> {
    let database = format!("sqlite://{}", folder.0.join("auth.db").display());
    vec![
        ("NEXTAUTH_URL", "http://localhost:3000".into()),
        ("NEXTAUTH_SECRET", "a secret for tests, long enough for all of us".into()),
        ("TYPEGATE_ADDRESS", "127.0.0.1:0".into()),
        ("DATABASE_URL", database),
        ("OIDC_ISSUER", "http://localhost:3100".into()),
        ("OIDC_CLIENT_ID", "client".into()),
        ("OIDC_CLIENT_SECRET", "s3cr3t".into()),
        ("AUTHORIZE_ENDPOINT", "http://127.0.0.1:3200/authorize".into()),
        ("AUTHORIZE_SECRET", "s3cr3t".into()),
    ]
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/auth.toml")
}

#[test]
fn nothing_is_wrong_with_the_sample_once_it_has_its_environment() {
    let folder = Folder::new("sample");
    let check = |environment: Vec<(&str, String)>| {
        let mut command = Command::new(TYPEGATE);
        command.args(["check", "--config"]).arg(sample()).env_clear().envs(environment);
        command.output().unwrap()
    };
    let output = check(environment(&folder));
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).ends_with("auth.toml: nothing is wrong\n"));
    let output = check(Vec::new());
    assert!(text(&output.stderr).ends_with("\n9 errors\n"), "{}", text(&output.stderr));
}

struct Server {
    process: Child,
    address: String,
    /// What was said until it listened.
    before: String,
    log: BufReader<std::process::ChildStderr>,
}

impl Server {
    fn start(configuration: &Path, environment: Vec<(&str, String)>) -> Self {
        let mut process = Command::new(TYPEGATE)
            .args(["serve", "--config"])
            .arg(configuration)
            .env_clear()
            .envs(environment)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let mut before = String::new();
        while !before.contains("listening on") {
            assert_ne!(log.read_line(&mut before).unwrap(), 0, "{before}");
        }
        let address = before.split("listening on http://").nth(1).unwrap();
        let address = address.split('/').next().unwrap().to_owned();
        Self { process, address, before, log }
    }

    /// The answer, or nothing where the server hangs up.
    fn try_get(&self, path: &str) -> String {
        let mut answer = Vec::new();
        if let Ok(mut stream) = TcpStream::connect(&self.address) {
            let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(request.as_bytes());
            let _ = stream.read_to_end(&mut answer);
        }
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.1"), "X-Forwarded-Host: evil.example\r\n", "")
    }

    fn send(&self, request: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let host = "Host: localhost:3000\r\nConnection: close";
        write!(stream, "{request}\r\n{host}\r\n{headers}\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

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

/// Ends the server and reads what it wrote.
fn log_of(mut server: Server) -> String {
    server.process.kill().unwrap();
    let mut log = String::new();
    server.log.read_to_string(&mut log).unwrap();
    log
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

/// Strangers make rows, and nobody else is there to remove them.
#[tokio::test]
async fn r157_serve_removes_what_has_ended() {
    let folder = Folder::new("ended");
    let url = format!("sqlite://{}", folder.0.join("auth.db").display());
    let adapter = SqliteAdapter::connect(&url).await.unwrap();
    adapter.migrate().await.unwrap();
    let ada = adapter.create_user(NewUser::default()).await.unwrap();
    let (ended, lasts) = (SessionToken::from("ended"), SessionToken::from("lasts"));
    let now = Timestamp::now();
    // For a day, what has ended might be what a wrong clock says.
    for (token, end) in [(&ended, now - 25.hours()), (&lasts, now - 23.hours())] {
        adapter.create_session(NewSession::new(token.clone(), &ada.id, end)).await.unwrap();
    }
    let server = Server::start(&sample(), environment(&folder));
    let deadline = Instant::now() + Duration::from_secs(30);
    while adapter.session_and_user(&ended).await.unwrap().is_some() {
        assert!(Instant::now() < deadline, "it is still there");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(adapter.session_and_user(&lasts).await.unwrap().is_some());
    drop(server);
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
