//! The example `live_session` against the example `quickstart`, which dies and comes back.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// Nobody waits that long; it ends a test that would otherwise hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where cargo puts the examples, beside the folder of this test.
fn example(name: &str) -> PathBuf {
    let path = std::env::current_exe().unwrap();
    let path = path.ancestors().nth(2).unwrap().join("examples").join(name);
    assert!(path.exists(), "{} is missing: run `cargo build --examples`", path.display());
    path
}

struct Quickstart {
    child: Child,
}

impl Quickstart {
    async fn start(ports: [u16; 2], folder: &std::path::Path) -> Self {
        let child = Command::new(example("quickstart"))
            .env_clear()
            .env("PORT", ports[0].to_string())
            .env("PROVIDER_PORT", ports[1].to_string())
            .env("DATABASE_URL", format!("sqlite://{}", folder.join("live.db").display()))
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let up = async {
            while TcpStream::connect(("127.0.0.1", ports[0])).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, up).await.unwrap();
        Self { child }
    }

    async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

struct Program {
    _child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Program {
    fn start(port: u16) -> Self {
        let mut child = Command::new(example("live_session"))
            .env_clear()
            .env("NEXTAUTH_URL", format!("http://127.0.0.1:{port}"))
            .env("INTERVAL", "100")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { _child: child, input, output }
    }

    async fn shows(&mut self, expected: &str) {
        let line = tokio::time::timeout(PATIENCE, self.output.next_line());
        let line = line.await.unwrap().unwrap().unwrap();
        assert!(line.starts_with(expected), "{line}");
    }

    async fn line(&mut self, text: &str) {
        self.input.write_all(format!("{text}\n").as_bytes()).await.unwrap();
    }
}

async fn free_ports() -> [u16; 2] {
    let mut listeners = Vec::new();
    for _ in 0..2 {
        listeners.push(TcpListener::bind("127.0.0.1:0").await.unwrap());
    }
    [0, 1].map(|n: usize| listeners[n].local_addr().unwrap().port())
}

#[tokio::test]
async fn a_live_session_follows_changes_and_survives_a_restart() {
    let folder = std::env::temp_dir().join(format!("live-session-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let ports = free_ports().await;
    let site = Quickstart::start(ports, &folder).await;
    let mut program = Program::start(ports[0]);
    program.shows("signed in as Ada Lovelace").await;
    program.line("rename Countess").await;
    program.shows("signed in as Countess").await;

    site.kill().await;
    let stale = "signed in as Countess, as far as known: CLIENT_FETCH_ERROR: GET http://127.0.0.1";
    program.shows(stale).await;
    let site = Quickstart::start(ports, &folder).await;
    program.shows("signed in as Countess").await;

    program.line("sign out").await;
    program.shows("signed out").await;
    site.kill().await;
    std::fs::remove_dir_all(folder).unwrap();
}
