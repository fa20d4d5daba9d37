//! What the tests share: a folder, the sample's environment, and a server that runs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

pub(crate) const TYPEGATE: &str = env!("CARGO_BIN_EXE_typegate");

pub(crate) fn typegate(arguments: &[&str]) -> Output {
    Command::new(TYPEGATE).args(arguments).env_clear().output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder that goes away with it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("typegate-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> String {
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

/// What examples/auth.toml wants to know.
pub(crate) fn environment(folder: &Folder) -> Vec<(&'static str, String)> {
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

pub(crate) fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/auth.toml")
}

pub(crate) struct Server {
    pub(crate) process: Child,
    pub(crate) address: String,
    /// What was said until it listened.
    pub(crate) before: String,
    pub(crate) log: BufReader<Box<dyn Read + Send>>,
}

impl Server {
    pub(crate) fn start(configuration: &Path, environment: Vec<(&str, String)>) -> Self {
        let mut command = Command::new(TYPEGATE);
        command.args(["serve", "--config"]).arg(configuration).env_clear().envs(environment);
        Self::of(command)
    }

    /// Waits until it listens.
    pub(crate) fn of(mut command: Command) -> Self {
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let log: Box<dyn Read + Send> = Box::new(process.stderr.take().unwrap());
        let mut log = BufReader::new(log);
        let mut before = String::new();
        while !before.contains("listening on") {
            assert_ne!(log.read_line(&mut before).unwrap(), 0, "{before}");
        }
        let address = before.split("listening on http://").nth(1).unwrap();
        let address = address.split('/').next().unwrap().to_owned();
        Self { process, address, before, log }
    }

    /// Sends a signal, such as `TERM`.
    pub(crate) fn tell(&self, signal: &str) {
        let process = self.process.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &process]).status().unwrap().success());
    }

    /// The answer, or nothing where the server hangs up.
    pub(crate) fn try_get(&self, path: &str) -> String {
        let mut answer = Vec::new();
        if let Ok(mut stream) = TcpStream::connect(&self.address) {
            let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(request.as_bytes());
            let _ = stream.read_to_end(&mut answer);
        }
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) fn get(&self, path: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.1"), "X-Forwarded-Host: evil.example\r\n", "")
    }

    pub(crate) fn send(&self, request: &str, headers: &str, body: &str) -> String {
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

/// Ends the server and reads what it wrote.
pub(crate) fn log_of(mut server: Server) -> String {
    server.process.kill().unwrap();
    let mut log = String::new();
    server.log.read_to_string(&mut log).unwrap();
    log
}
