//! Races for a link: it works once, however many processes and callers follow it at the same time.

use std::process::Stdio;

use bytes::Bytes;
use http::Request;
use http::header::SET_COOKIE;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::{Place, TestServer, on_each_server};
use crate::adapter::redis;
use crate::adapter::sqlite::tests::Folder;
use crate::adapter::tests::engine::{SESSION, engine_at, error, link};
use crate::testing::IdentityProvider;

const ROUNDS: usize = 200;
const CALLERS: usize = 100;
/// The address of the database, for the processes that this one starts.
const VARIABLE: &str = "TYPEGATE_TEST_RACE";
const ADA: &str = "ada@example.com";

#[tokio::test]
async fn r075_two_processes_on_sqlite() {
    let folder = Folder::new();
    drop(folder.migrated().await);
    race(&folder.url()).await;
}

on_each_server! {
    #[tokio::test] r075_two_processes
}

async fn r075_two_processes<D: TestServer>(place: Place) {
    drop(place.migrated::<D>().await);
    race(&place.url).await;
}

#[tokio::test]
async fn r075_two_processes_on_redis() {
    redis::tests::run(async |place| {
        let folder = Folder::new();
        drop(folder.migrated().await);
        race(&format!("{}#{}#{}", place.url, place.key_prefix, folder.url())).await;
    })
    .await;
}

/// In each round two processes of 100 callers each get the word at the same time, and follow the
/// same link through the whole engine.
async fn race(url: &str) {
    let auth = engine_at(url, &IdentityProvider::new()).await;
    let mut processes = [Process::start(url), Process::start(url)];
    for process in &mut processes {
        process.answer("ready").await;
    }
    for round in 0..ROUNDS {
        let link = link(&auth, ADA, &format!("round-{round}")).await;
        for process in &mut processes {
            process.tell(&link).await;
        }
        let mut sessions = 0;
        for process in &mut processes {
            sessions += process.answer("sessions").await;
        }
        assert_eq!(sessions, 1, "round {round}");
    }
}

struct Process {
    _child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Process {
    /// This test binary once more, for the one test that plays the other process.
    fn start(url: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["adapter::sql::tests::race::the_other_process", "--exact", "--nocapture"])
            .env(VARIABLE, url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { _child: child, input, output }
    }

    async fn tell(&mut self, link: &str) {
        self.input.write_all(format!("{link}\n").as_bytes()).await.unwrap();
        self.input.flush().await.unwrap();
    }

    /// The number after the word, past what the test harness prints.
    async fn answer(&mut self, word: &str) -> usize {
        loop {
            let line = self.output.next_line().await.unwrap().expect("the process is alive");
            if let Some((_, number)) = line.split_once(&format!("{word}: ")) {
                return number.parse().unwrap();
            }
        }
    }
}

/// Does nothing unless [`race`] started it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_other_process() {
    let Ok(url) = std::env::var(VARIABLE) else { return };
    let auth = engine_at(&url, &IdentityProvider::new()).await;
    println!("ready: 0");
    for link in std::io::stdin().lines() {
        let link = link.unwrap();
        let calls: Vec<_> = (0..CALLERS)
            .map(|_| {
                let (auth, link) = (auth.clone(), link.clone());
                tokio::spawn(async move {
                    let answer = auth.handle(Request::get(link).body(Bytes::new()).unwrap()).await;
                    let mut cookies = answer.headers().get_all(SET_COOKIE).iter();
                    let is_in = cookies.any(|line| line.to_str().unwrap().starts_with(SESSION));
                    let expected = if is_in { None } else { Some("Verification") };
                    assert_eq!(error(&answer), expected);
                    is_in
                })
            })
            .collect();
        let mut sessions = 0;
        for call in calls {
            sessions += usize::from(call.await.unwrap());
        }
        println!("sessions: {sessions}");
    }
    // The harness of the parent must not wait for this one to read its input to the end.
    std::process::exit(0);
}
