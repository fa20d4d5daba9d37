//! Servers of one's own: processes that end with the test, a cluster of them, and a Sentinel.
//!
//! `TYPEGATE_TEST_REDIS_SERVER` is the path of `redis-server`.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use redis::{Client, FromRedisValue, RedisResult, TlsCertificates};

use crate::adapter::sqlite::tests::Folder;
use crate::adapter::tests::server_address;
use crate::crypto::install_tls_provider;

/// The program, if the machine has one.
pub(super) fn program() -> Option<String> {
    server_address("TYPEGATE_TEST_REDIS_SERVER", "Redis Cluster, Sentinel and TLS")
}

/// A file of those with which servers of the tests speak TLS.
pub(super) fn certificate(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls").join(name)
}

/// Waits for something that other processes do.
pub(super) async fn until(what: &str, mut is_done: impl AsyncFnMut() -> bool) {
    let done = async {
        while !is_done().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), done).await.unwrap_or_else(|_| panic!("{what}"));
}

/// A process.
pub(super) struct Server {
    child: Child,
    pub(super) port: u16,
    bus: u16,
    speaks_tls: bool,
    /// Removed after the process has ended.
    _folder: Folder,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Server {
    /// Starts one. Somebody else may take its port in between, and then it takes another.
    pub(super) async fn start(program: &str, options: &[&str]) -> Self {
        loop {
            let mut server = Self::run(program, options, None);
            if server.answers().await {
                return server;
            }
        }
    }

    fn run(program: &str, options: &[&str], configuration: Option<&str>) -> Self {
        let (port, bus, folder) = (free_port(), free_port(), Folder::new());
        let mut command = Command::new(program);
        if let Some(text) = configuration {
            let file = folder.file("redis.conf");
            std::fs::write(&file, text).unwrap();
            command.arg(file);
        }
        let (port_text, bus_text) = (port.to_string(), bus.to_string());
        let speaks_tls = options.contains(&"--tls-port");
        if !speaks_tls {
            command.args(["--port", &port_text]);
        }
        for option in options {
            command.arg(match *option {
                "PORT" => &port_text,
                "BUS" => &bus_text,
                other => other,
            });
        }
        command.args(["--bind", "127.0.0.1", "--dir"]).arg(folder.file(""));
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        Self { child, port, bus, speaks_tls, _folder: folder }
    }

    /// Whether it takes connections, or `false` if it ended.
    async fn answers(&mut self) -> bool {
        loop {
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            if tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(super) fn url(&self) -> String {
        match self.speaks_tls {
            // The name in its certificate.
            true => format!("rediss://localhost:{}", self.port),
            false => format!("redis://127.0.0.1:{}", self.port),
        }
    }

    fn client(&self) -> RedisResult<Client> {
        if !self.speaks_tls {
            return Client::open(self.url());
        }
        install_tls_provider();
        let authority = std::fs::read(certificate("ca.pem")).unwrap();
        let tls = TlsCertificates { client_tls: None, root_cert: Some(authority) };
        Client::build_with_tls(self.url(), tls)
    }

    /// Asks the server itself, whatever it is.
    pub(super) async fn ask<T: FromRedisValue>(&self, words: &str) -> RedisResult<T> {
        let client = self.client()?;
        let mut connection = client.get_multiplexed_async_connection().await?;
        let mut words = words.split(' ');
        let mut command = redis::cmd(words.next().unwrap());
        command.arg(words.collect::<Vec<_>>());
        command.query_async(&mut connection).await
    }

    /// Whether an answer in lines has that line.
    pub(super) async fn says(&self, words: &str, line: &str) -> bool {
        let answer = self.ask::<String>(words).await;
        answer.is_ok_and(|answer| answer.lines().any(|found| found == line))
    }

    pub(super) async fn is_primary(&self) -> bool {
        self.says("INFO replication", "role:master").await
    }

    /// As if its machine had lost power.
    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As if its network had gone: connections stay open, and nothing comes.
    pub(super) fn silence(&self) {
        let signal = Command::new("kill").arg("-STOP").arg(self.child.id().to_string()).status();
        assert!(signal.unwrap().success());
    }
}

const IN_MEMORY: [&str; 4] = ["--save", "", "--appendonly", "no"];

/// A server that keeps nothing.
pub(super) async fn server(program: &str, options: &[&str]) -> Server {
    Server::start(program, &[&IN_MEMORY, options].concat()).await
}

/// The slots of the three primaries of a cluster.
const PARTS: [(u16, u16); 3] = [(0, 5460), (5461, 10_922), (10_923, 16_383)];

/// Three primaries, and a replica of each.
pub(super) struct Cluster {
    pub(super) primaries: Vec<Server>,
    pub(super) replicas: Vec<Server>,
}

impl Cluster {
    /// Nodes that take another one for lost after so many milliseconds.
    pub(super) async fn start(program: &str, node_timeout: u32) -> Self {
        Self::start_with(program, node_timeout, &[]).await
    }

    pub(super) async fn start_with(program: &str, node_timeout: u32, options: &[&str]) -> Self {
        let node_timeout = node_timeout.to_string();
        let of_a_cluster = [
            "--cluster-enabled",
            "yes",
            "--cluster-port",
            "BUS",
            "--cluster-node-timeout",
            &node_timeout,
            "--repl-diskless-sync-delay",
            "0",
        ];
        let options = [&of_a_cluster, options].concat();
        let mut nodes = Vec::new();
        for _ in 0..6 {
            nodes.push(server(program, &options).await);
        }
        for (epoch, node) in nodes.iter().enumerate() {
            node.ask::<()>(&format!("CLUSTER SET-CONFIG-EPOCH {}", epoch + 1)).await.unwrap();
        }
        for (node, (from, to)) in nodes.iter().zip(PARTS) {
            node.ask::<()>(&format!("CLUSTER ADDSLOTSRANGE {from} {to}")).await.unwrap();
        }
        for node in &nodes[1..] {
            let meet = format!("CLUSTER MEET 127.0.0.1 {} {}", node.port, node.bus);
            nodes[0].ask::<()>(&meet).await.unwrap();
        }
        for node in &nodes {
            until("all nodes know each other", async || {
                node.says("CLUSTER INFO", "cluster_known_nodes:6").await
                    && node.says("CLUSTER INFO", "cluster_state:ok").await
            })
            .await;
        }
        let replicas = nodes.split_off(3);
        for (primary, replica) in nodes.iter().zip(&replicas) {
            let id: String = primary.ask("CLUSTER MYID").await.unwrap();
            until("the replica follows", async || {
                replica.ask::<()>(&format!("CLUSTER REPLICATE {id}")).await.is_ok()
            })
            .await;
        }
        for replica in &replicas {
            until("the replica is up to date", async || {
                replica.says("INFO replication", "master_link_status:up").await
            })
            .await;
        }
        let cluster = Self { primaries: nodes, replicas };
        for node in cluster.nodes() {
            until("every node knows the replicas", async || {
                let known = node.ask::<String>("CLUSTER NODES").await;
                known.is_ok_and(|known| {
                    known.matches(" slave ").count() + known.matches(",slave ").count() == 3
                })
            })
            .await;
        }
        cluster
    }

    fn nodes(&self) -> impl Iterator<Item = &Server> {
        self.primaries.iter().chain(&self.replicas)
    }

    pub(super) fn urls(&self) -> Vec<String> {
        self.nodes().map(Server::url).collect()
    }

    pub(super) async fn clear(&self) {
        for primary in &self.primaries {
            primary.ask::<()>("FLUSHALL").await.unwrap();
        }
    }

    /// Moves the slot of a key to another primary, as `redis-cli --cluster reshard` does it, the key
    /// first and then those beside it. What happens meanwhile is told when that is.
    pub(super) async fn move_slot_of(&self, key: &str, meanwhile: impl AsyncFn(&str)) {
        let [first, second, third] = &self.primaries[..] else { panic!("three primaries") };
        let slot: u16 = first.ask(&format!("CLUSTER KEYSLOT {key}")).await.unwrap();
        let owner = PARTS.iter().position(|(from, to)| (*from..=*to).contains(&slot)).unwrap();
        let (source, target) = [(first, second), (second, third), (third, first)][owner];
        let source_id: String = source.ask("CLUSTER MYID").await.unwrap();
        let target_id: String = target.ask("CLUSTER MYID").await.unwrap();
        let import = format!("CLUSTER SETSLOT {slot} IMPORTING {source_id}");
        target.ask::<()>(&import).await.unwrap();
        let migrate = format!("CLUSTER SETSLOT {slot} MIGRATING {target_id}");
        source.ask::<()>(&migrate).await.unwrap();
        meanwhile("before a key has moved").await;
        let mut keys = vec![key.to_owned()];
        while !keys.is_empty() {
            for key in &keys {
                let migrate = format!("MIGRATE 127.0.0.1 {} {key} 0 5000", target.port);
                source.ask::<()>(&migrate).await.unwrap();
                meanwhile("when a key has moved").await;
            }
            keys = source.ask(&format!("CLUSTER GETKEYSINSLOT {slot} 10")).await.unwrap();
        }
        meanwhile("when all keys have moved").await;
        for node in [target, source, first, second, third] {
            let owner = format!("CLUSTER SETSLOT {slot} NODE {target_id}");
            node.ask::<()>(&owner).await.unwrap();
        }
        meanwhile("when the slot has moved").await;
    }

    /// Waits until each replica has as many keys as its primary.
    pub(super) async fn is_replicated(&self) {
        for (primary, replica) in self.primaries.iter().zip(&self.replicas) {
            catches_up(primary, replica).await;
        }
    }
}

/// Waits until a replica has as many keys as its primary.
pub(super) async fn catches_up(primary: &Server, replica: &Server) {
    until("the replica has all keys", async || {
        let keys: u64 = primary.ask("DBSIZE").await.unwrap();
        replica.ask::<u64>("DBSIZE").await.unwrap() == keys
    })
    .await;
}

/// A primary, a replica of it, and a Sentinel that watches them by the name `mymaster`.
pub(super) struct Watched {
    pub(super) primary: Server,
    pub(super) replica: Server,
    pub(super) sentinel: Server,
}

impl Watched {
    pub(super) async fn start(program: &str) -> Self {
        let primary = server(program, &["--repl-diskless-sync-delay", "0"]).await;
        let port = primary.port.to_string();
        let replica = server(program, &["--replicaof", "127.0.0.1", &port]).await;
        until("the replica is up to date", async || {
            replica.says("INFO replication", "master_link_status:up").await
        })
        .await;
        let configuration = format!(
            "sentinel monitor mymaster 127.0.0.1 {port} 1\n\
             sentinel down-after-milliseconds mymaster 1000\n\
             sentinel failover-timeout mymaster 5000\n"
        );
        let sentinel = loop {
            let mut sentinel = Server::run(program, &["--sentinel"], Some(&configuration));
            if sentinel.answers().await {
                break sentinel;
            }
        };
        until("the Sentinel knows both", async || {
            let known = sentinel.ask::<Vec<redis::Value>>("SENTINEL REPLICAS mymaster").await;
            known.is_ok_and(|known| known.len() == 1)
        })
        .await;
        Self { primary, replica, sentinel }
    }
}
