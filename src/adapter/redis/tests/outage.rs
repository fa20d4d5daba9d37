//! Redis goes away and comes back at the same address.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::servers::{program, server};
use super::{DEADLINE, Place, at, run};
use crate::adapter::{
    MemoryAdapter, RedisAdapter, RedisOptions, SessionStore as _, UserStore as _,
    VerificationTokenStore as _,
};
use crate::testing::adapter::fixture::{ada, link_for, session, time};

/// Stands before a server, and can be shut: connections end, and new ones are refused.
struct Door {
    server: String,
    port: u16,
    open: Option<JoinHandle<()>>,
}

impl Door {
    async fn before(place: &Place) -> Self {
        let url: url::Url = place.url.parse().unwrap();
        let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(6379));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut door = Self { server, port, open: None };
        door.lead(listener);
        door
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    fn lead(&mut self, listener: TcpListener) {
        let server = self.server.clone();
        self.open = Some(tokio::spawn(async move {
            // They end with the task.
            let mut guests = tokio::task::JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let server = server.clone();
                guests.spawn(async move {
                    let mut server = TcpStream::connect(&server).await.unwrap();
                    let _ = copy_bidirectional(&mut client, &mut server).await;
                });
            }
        }));
    }

    async fn shut(&mut self) {
        let open = self.open.take().unwrap();
        open.abort();
        let _ = open.await;
    }

    async fn open(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        self.lead(listener);
    }
}

fn a_while_ago() -> Instant {
    Instant::now().checked_sub(Duration::from_secs(2)).unwrap()
}

#[tokio::test]
async fn r215_the_first_call_after_an_outage_is_answered() {
    run(async |place: Place| {
        let mut door = Door::before(&place).await;
        let users = MemoryAdapter::new();
        let id = users.create_user(ada()).await.unwrap().id;
        let adapter = at(&door.url(), &place.key_prefix, users).await;
        for token in ["one", "two"] {
            adapter.create_session(session(token, &id, time())).await.unwrap();
        }
        // What may be sent twice is; what may not asks first.
        door.shut().await;
        door.open().await;
        assert!(adapter.session_and_user(&"one".into()).await.unwrap().is_some());

        door.shut().await;
        door.open().await;
        adapter.connection.answered_at(a_while_ago());
        assert!(adapter.delete_session(&"one".into()).await.unwrap().is_some());

        door.shut().await;
        door.open().await;
        adapter.connection.answered_at(a_while_ago());
        adapter.create_session(session("three", &id, time())).await.unwrap();
    })
    .await;
}

/// A link that was taken, and whose answer was lost, must not be asked for again and found gone.
#[tokio::test]
async fn r215_what_may_have_happened_is_an_error_and_not_an_absence() {
    run(async |place: Place| {
        let mut door = Door::before(&place).await;
        let adapter = at(&door.url(), &place.key_prefix, MemoryAdapter::new()).await;
        adapter.create_verification_token(link_for("ada@example.com", "t")).await.unwrap();
        // Nothing tells yet that it is lost.
        adapter.connection.answered_at(Instant::now() + Duration::from_secs(60));
        door.shut().await;
        door.open().await;
        let used = adapter.use_verification_token("ada@example.com", &"t".into()).await;
        let said = used.unwrap_err().to_string();
        assert!(said.contains(&format!("Redis at `127.0.0.1:{}`: ", door.port)), "{said}");
        let used = adapter.use_verification_token("ada@example.com", &"t".into()).await;
        assert!(used.unwrap().is_some());
    })
    .await;
}

/// Of any number of callers one at a time tries to connect.
#[tokio::test]
async fn r215_while_the_server_is_gone_calls_are_told_at_once() {
    const CALLS: usize = 200;
    run(async |place: Place| {
        let mut door = Door::before(&place).await;
        let options = RedisOptions::default().key_prefix(&place.key_prefix).deadline(DEADLINE);
        let users = MemoryAdapter::new();
        let adapter = RedisAdapter::connect_with(door.url(), users, options).await.unwrap();
        door.shut().await;
        // Takes connections and says nothing, which is the slow way to be gone.
        let silent = TcpListener::bind(("127.0.0.1", door.port)).await.unwrap();
        let attempts = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&attempts);
        tokio::spawn(async move {
            let mut guests = Vec::new();
            while let Ok((guest, _)) = silent.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                guests.push(guest);
            }
        });
        let start = Instant::now();
        for _ in 0..CALLS {
            assert!(adapter.session_and_user(&"s".into()).await.is_err());
        }
        assert!(start.elapsed() < DEADLINE * 20, "{:?}", start.elapsed());
        assert!(attempts.load(Ordering::SeqCst) < CALLS / 4, "{attempts:?}");
    })
    .await;
}

#[tokio::test]
async fn a_message_names_redis_its_address_and_what_to_do() {
    let users = MemoryAdapter::new();
    let address = "redis://ada:canary@127.0.0.1:1";
    let said = RedisAdapter::connect(address, users).await.unwrap_err().to_string();
    for part in ["Redis at `127.0.0.1:1`: ", "refused", "start the server"] {
        assert!(said.contains(part), "{said}");
    }
    assert!(!said.contains("canary") && !said.contains("ada"), "{said}");
}

#[tokio::test]
async fn a_refused_password_and_a_taken_key_are_told_with_what_to_do() {
    run(async |place: Place| {
        let address = place.url.replacen("redis://", "redis://nobody:canary@", 1);
        let refused = RedisAdapter::connect(address, MemoryAdapter::new()).await.unwrap_err();
        let said = refused.to_string();
        assert!(said.contains("mend user and password"), "{said}");
        assert!(!said.contains("canary"), "{said}");

        let adapter = at(&place.url, &place.key_prefix, MemoryAdapter::new()).await;
        let key = adapter.keys.session(&crate::adapter::redis::key::handle(&"s".into()));
        adapter.connection.run::<u64>(redis::cmd("RPUSH").arg(&key).arg("x")).await.unwrap();
        let said = adapter.session_and_user(&"s".into()).await.unwrap_err().to_string();
        assert!(said.contains("`RedisOptions::key_prefix`"), "{said}");
    })
    .await;
}

/// A server that keeps what it has and takes nothing more, as `noeviction` does.
#[tokio::test]
async fn a_full_server_reads_and_signs_out_and_says_why_nobody_signs_in() {
    let Some(program) = program() else { return };
    let server = server(&program, &[]).await;
    let users = MemoryAdapter::new();
    let id = users.create_user(ada()).await.unwrap().id;
    let adapter = RedisAdapter::connect(server.url(), users).await.unwrap();
    adapter.create_session(session("s", &id, time())).await.unwrap();
    adapter.create_verification_token(link_for("ada@example.com", "t")).await.unwrap();
    server.ask::<()>("CONFIG SET maxmemory 1").await.unwrap();

    let said = adapter.create_session(session("new", &id, time())).await.unwrap_err().to_string();
    assert!(said.contains("give the server more `maxmemory`"), "{said}");
    assert_eq!(said.matches("OOM").count(), 1, "{said}");
    assert!(adapter.session_and_user(&"s".into()).await.unwrap().is_some());
    let used = adapter.use_verification_token("ada@example.com", &"t".into()).await;
    assert!(used.unwrap().is_some());
    assert!(adapter.delete_session(&"s".into()).await.unwrap().is_some());
    server.ask::<()>("CONFIG SET maxmemory 0").await.unwrap();
    adapter.create_session(session("new", &id, time())).await.unwrap();
}
