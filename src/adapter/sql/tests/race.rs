//! Does a link work once, however many processes and callers follow it at the same time?

use std::process::Stdio;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::{Place, Server};
use crate::adapter::sqlite::tests::Folder;
use crate::adapter::{
    DatabaseOptions, DynamicAdapter, ErasedVerificationTokenStore, MemoryAdapter, redis,
};
use crate::testing::adapter::fixture::link_for;

const ROUNDS: usize = 20;
const CALLERS: usize = 100;
/// The address of the database, for the processes that this one starts.
const VARIABLE: &str = "TYPEGATE_TEST_RACE";
const ADA: &str = "ada@example.com";

#[tokio::test]
async fn r077_two_processes_on_sqlite() {
    let folder = Folder::new();
    drop(folder.migrated().await);
    race(&folder.url()).await;
}

#[tokio::test]
async fn r077_two_processes_on_postgresql() {
    Server::Postgres
        .run(async |place: Place| {
            place.postgres().await.migrate().await.unwrap();
            race(&place.url).await;
        })
        .await;
}

#[tokio::test]
async fn r077_two_processes_on_mysql() {
    Server::MySql
        .run(async |place: Place| {
            place.mysql().await.migrate().await.unwrap();
            race(&place.url).await;
        })
        .await;
}

#[tokio::test]
async fn r077_two_processes_on_redis() {
    redis::tests::run(async |place| race(&format!("{}#{}", place.url, place.key_prefix)).await)
        .await;
}

/// Opens the database that an address leads to, in this process or in another.
async fn links_at(url: &str) -> Arc<dyn ErasedVerificationTokenStore> {
    if let Some((url, key_prefix)) = url.split_once('#') {
        return Arc::new(redis::tests::at(url, key_prefix, MemoryAdapter::new()).await);
    }
    let adapter = DynamicAdapter::connect(url, DatabaseOptions::default()).await.unwrap();
    adapter.verification_tokens.unwrap()
}

/// In each round two processes of 100 callers each get the word at the same time.
async fn race(url: &str) {
    let links = links_at(url).await;
    let mut processes = [Process::start(url), Process::start(url)];
    for process in &mut processes {
        process.answer("ready").await;
    }
    for round in 0..ROUNDS {
        links.create_verification_token(link_for(ADA, &round.to_string())).await.unwrap();
        for process in &mut processes {
            process.tell(round).await;
        }
        let mut winners = 0;
        for process in &mut processes {
            winners += process.answer("winners").await;
        }
        assert_eq!(winners, 1, "round {round}");
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

    async fn tell(&mut self, round: usize) {
        self.input.write_all(format!("{round}\n").as_bytes()).await.unwrap();
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
    let links = links_at(&url).await;
    println!("ready: 0");
    for round in std::io::stdin().lines() {
        let round = round.unwrap();
        let calls: Vec<_> = (0..CALLERS)
            .map(|_| {
                let (links, round) = (links.clone(), round.clone());
                tokio::spawn(async move {
                    let hash = round.into();
                    links.use_verification_token(ADA, &hash).await.unwrap().is_some()
                })
            })
            .collect();
        let mut winners = 0;
        for call in calls {
            winners += usize::from(call.await.unwrap());
        }
        println!("winners: {winners}");
    }
    // The harness of the parent must not wait for this one to read its input to the end.
    std::process::exit(0);
}
