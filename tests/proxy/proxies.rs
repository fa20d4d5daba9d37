//! nginx and `HAProxy` as processes of their own, configured by the lines that the documentation
//! gives.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The folder that tests/proxy/setup made.
pub(crate) struct Proxies(PathBuf);

/// A proxy until it is dropped.
pub(crate) struct Running {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    folder: PathBuf,
}

const PAGE: &str = include_str!("../../docs/behind-a-proxy.md");

/// The block of the page in that language with that first line.
fn documented(language: &str, first: &str) -> &'static str {
    let fence = format!("```{language}\n");
    let mut blocks = PAGE.split(&fence).skip(1);
    let block = blocks.find(|block| block.starts_with(first));
    let block = block.unwrap_or_else(|| panic!("docs/behind-a-proxy.md has no block `{first}`"));
    &block[..block.find("```").unwrap()]
}

fn data(name: &str) -> String {
    format!("{}/tests/data/tls/{name}", env!("CARGO_MANIFEST_DIR"))
}

impl Proxies {
    /// Without the variable nothing can be tested: said aloud on a developer's machine, a failure
    /// where `CI` is `true`.
    pub(crate) fn find() -> Option<Self> {
        let folder = std::env::var_os("TYPEGATE_TEST_PROXIES").filter(|folder| !folder.is_empty());
        if let Some(folder) = folder {
            return Some(Self(folder.into()));
        }
        let how = "set TYPEGATE_TEST_PROXIES to what tests/proxy/setup prints";
        assert!(std::env::var("CI").as_deref() != Ok("true"), "no proxy was asked: {how}");
        // Not by `eprintln!`, which the test harness keeps to itself if the test passes.
        let message = format!("\nNOT TESTED: sign-in behind nginx and HAProxy; {how}\n");
        std::io::stderr().write_all(message.as_bytes()).unwrap();
        None
    }

    /// nginx with the block of the page that begins with that line, in front of that port.
    pub(crate) fn nginx(&self, first: &str, to: u16) -> Running {
        let proxy = Running::new("nginx");
        let location = documented("nginx", first).replace("127.0.0.1:3000", &address(to));
        let folder = proxy.folder.display();
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {folder}/{kind};\n"))
            .concat();
        let configuration = format!(
            "pid {folder}/pid;\nerror_log {folder}/log;\nworker_processes 1;\nevents {{}}\n\
             http {{\naccess_log off;\n{temporary}\nserver {{\n\
             listen 127.0.0.1:{} ssl http2;\nssl_certificate {};\nssl_certificate_key {};\n\
             {location}\n}}\n}}\n",
            proxy.port,
            data("good.pem"),
            data("server.key"),
        );
        let file = proxy.write("nginx.conf", &configuration);
        let log = proxy.folder.join("log");
        self.start("nginx", &[Path::new("-c"), &file, Path::new("-e"), &log]);
        proxy
    }

    /// `HAProxy` with these blocks of the page, in front of that port.
    pub(crate) fn haproxy(&self, blocks: &[&str], server: &str, to: u16) -> Running {
        let proxy = Running::new("haproxy");
        let lines: String = blocks.iter().map(|first| documented("haproxy", first)).collect();
        let read = |name: &str| std::fs::read_to_string(data(name)).unwrap();
        let both = read("good.pem") + &read("server.key");
        let certificate = proxy.write("both.pem", &both);
        let configuration = format!(
            "defaults\nmode http\ntimeout connect 10s\ntimeout client 30s\ntimeout server 30s\n\
             frontend front\nbind 127.0.0.1:{} ssl crt {} alpn h2,http/1.1\n\
             default_backend back\nbackend back\n{lines}\nserver app {} {server}\n",
            proxy.port,
            certificate.display(),
            address(to),
        );
        let file = proxy.write("haproxy.cfg", &configuration);
        let pid = proxy.folder.join("pid");
        let parts = [Path::new("-D"), Path::new("-f"), &file, Path::new("-p"), &pid];
        self.start("haproxy", &parts);
        proxy
    }

    /// Both go to the background themselves when they listen.
    fn start(&self, program: &str, arguments: &[&Path]) {
        let root = self.0.join("root");
        let libraries = std::fs::read_dir(root.join("usr/lib")).unwrap();
        let libraries = libraries.map(|entry| entry.unwrap().path());
        let libraries = libraries.filter(|path| path.to_string_lossy().ends_with("-linux-gnu"));
        let output = Command::new(root.join("usr/sbin").join(program))
            .args(arguments)
            .env("LD_LIBRARY_PATH", std::env::join_paths(libraries).unwrap())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program}: {said}");
    }
}

fn address(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

impl Running {
    fn new(name: &'static str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = format!("typegate-{name}-{}-{count}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        Self { name, port: free.local_addr().unwrap().port(), folder }
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let pid = std::fs::read_to_string(self.folder.join("pid")).unwrap_or_default();
        for pid in pid.split_whitespace() {
            let _ = Command::new("kill").args(["-TERM", pid]).status();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
