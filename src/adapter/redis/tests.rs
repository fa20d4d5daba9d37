//! Redis with users in another database, and failures of its server.
//!
//! `TYPEGATE_TEST_REDIS` is the address of a server. Every test has keys of its own and removes
//! them.

#[cfg(feature = "redis-cluster")]
mod cluster;
#[cfg(feature = "redis-cluster")]
mod load;
mod outage;
mod sentinel;
mod servers;
#[cfg(feature = "redis-cluster")]
mod tls;

use std::time::{Duration, Instant};

use jiff::{Timestamp, ToSpan as _};
use redis::cmd;

use super::{RedisAdapter, RedisAddress, RedisOptions};
use crate::adapter::sql::tests::silence::Network;
use crate::adapter::sql::tests::{Place as SqlPlace, Server, TestServer};
use crate::adapter::tests::{cleaned_up, fails_for_sessions, server_address};
use crate::adapter::{
    MemoryAdapter, MySql, Postgres, SessionStore as _, SqliteAdapter, UserAccountStore,
    UserSessionStore as _, UserStore, VerificationTokenStore as _,
};
use crate::crypto::random;
use crate::testing::adapter::fixture::{ada, grace, link_for, session, time};
use crate::testing::adapter::{Conformance, Limit};

/// Short, so that tests of waiting are over soon.
const DEADLINE: Duration = Duration::from_millis(300);

/// Keys of one's own on the server.
#[derive(Clone, Debug)]
pub(in crate::adapter) struct Place {
    pub(in crate::adapter) url: String,
    pub(in crate::adapter) key_prefix: String,
}

pub(in crate::adapter) async fn run(test: impl AsyncFnOnce(Place)) {
    let Some(url) = server_address("TYPEGATE_TEST_REDIS", "Redis") else { return };
    let place = Place { url, key_prefix: format!("typegate-{}:", random::uuid().unwrap()) };
    cleaned_up(test(place.clone()), place.clear()).await;
}

pub(in crate::adapter) async fn at<U: UserStore>(
    url: &str,
    key_prefix: &str,
    users: U,
) -> RedisAdapter<U> {
    let options = RedisOptions::default().key_prefix(key_prefix);
    RedisAdapter::connect_with(url, users, options).await.unwrap()
}

impl Place {
    async fn adapter<U: UserStore>(&self, users: U) -> RedisAdapter<U> {
        at(&self.url, &self.key_prefix, users).await
    }

    async fn keys(&self) -> Vec<String> {
        let adapter = self.adapter(MemoryAdapter::new()).await;
        let mut keys = Vec::new();
        let mut cursor = 0_u64;
        loop {
            let mut scan = cmd("SCAN");
            scan.arg(cursor)
                .arg("MATCH")
                .arg(format!("{}*", self.key_prefix))
                .arg("COUNT")
                .arg(1000);
            let (next, found): (u64, Vec<String>) = adapter.connection.run(&scan).await.unwrap();
            keys.extend(found);
            cursor = next;
            if cursor == 0 {
                return keys;
            }
        }
    }

    async fn clear(&self) {
        let adapter = self.adapter(MemoryAdapter::new()).await;
        for key in self.keys().await {
            adapter.connection.run::<()>(cmd("DEL").arg(key)).await.unwrap();
        }
    }
}

/// Every group of cases but the one about cleaning up, which the server does.
async fn conform<U>(fresh: impl AsyncFn() -> RedisAdapter<U>, limits: &[Limit])
where
    U: UserStore + UserAccountStore + std::fmt::Debug,
{
    Conformance::of(fresh)
        .limited_by(limits.iter().copied())
        .users()
        .await
        .accounts()
        .await
        .sessions()
        .await
        .user_sessions()
        .await
        .verification_tokens()
        .await
        .secrecy()
        .await
        .report()
        .assert();
}

/// Why nobody connects.
async fn refusal(address: impl Into<RedisAddress>) -> String {
    refusal_with(address, RedisOptions::default()).await
}

async fn refusal_with(address: impl Into<RedisAddress>, options: RedisOptions) -> String {
    let options = options.deadline(DEADLINE * 10);
    let refused = RedisAdapter::connect_with(address, MemoryAdapter::new(), options).await;
    crate::error::chain(&refused.unwrap_err())
}

async fn with_ada_at(address: impl Into<RedisAddress>) -> (RedisAdapter<SqliteAdapter>, String) {
    let users = crate::adapter::sqlite::tests::in_memory().await;
    let ada = users.create_user(ada()).await.unwrap();
    let options = RedisOptions::default().deadline(DEADLINE * 4);
    (RedisAdapter::connect_with(address, users, options).await.unwrap(), ada.id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_with_users_in_sqlite_conforms() {
    run(async |place: Place| {
        let fresh = async || {
            place.clear().await;
            place.adapter(crate::adapter::sqlite::tests::in_memory().await).await
        };
        conform(fresh, &[]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_with_users_in_postgresql_conforms() {
    run(async |place: Place| {
        Server::Postgres.run(async |sql| with_users_in::<Postgres>(place, sql).await).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_with_users_in_mysql_conforms() {
    run(async |place: Place| {
        Server::MySql.run(async |sql| with_users_in::<MySql>(place, sql).await).await;
    })
    .await;
}

async fn with_users_in<D: TestServer>(place: Place, sql: SqlPlace) {
    let users = sql.migrated::<D>().await;
    let fresh = async || {
        sql.sql("DELETE FROM users").await;
        place.clear().await;
        place.adapter(users.clone()).await
    };
    conform(fresh, D::LIMITS).await;
}

async fn with_ada(place: &Place) -> (RedisAdapter<SqliteAdapter>, String) {
    let adapter = place.adapter(crate::adapter::sqlite::tests::in_memory().await).await;
    let ada = adapter.create_user(ada()).await.unwrap();
    (adapter, ada.id)
}

#[tokio::test]
async fn addresses_of_other_databases_are_refused() {
    for url in ["", "localhost", "sqlite::memory:", "postgres://localhost/test"] {
        assert!(RedisAdapter::connect(url, MemoryAdapter::new()).await.is_err(), "{url}");
    }
}

#[tokio::test]
async fn r106_a_server_that_is_down_is_an_error_in_time() {
    let start = Instant::now();
    let options = RedisOptions::default().deadline(DEADLINE);
    let users = MemoryAdapter::new();
    let down = RedisAdapter::connect_with("redis://127.0.0.1:1", users, options).await;
    assert!(down.is_err());
    assert!(start.elapsed() < DEADLINE * 10);
}

/// A server that takes connections and answers to nothing.
#[tokio::test]
async fn r106_a_server_that_is_silent_is_an_error_in_time() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", silent.local_addr().unwrap());
    let start = Instant::now();
    let options = RedisOptions::default().deadline(DEADLINE);
    let answer = RedisAdapter::connect_with(&url, MemoryAdapter::new(), options).await;
    assert!(answer.is_err());
    assert!(start.elapsed() < DEADLINE * 10);
}

#[tokio::test]
async fn r106_a_connection_that_went_silent_is_made_anew() {
    run(async |place: Place| {
        let network = Network::before(&place.url, 6379).await;
        let options = RedisOptions::default().key_prefix(&place.key_prefix).deadline(DEADLINE);
        let users = MemoryAdapter::new();
        let adapter = RedisAdapter::connect_with(&network.url, users, options).await.unwrap();
        let clone = adapter.clone();
        for _ in 0..2 {
            assert!(adapter.session_and_user(&"s".into()).await.unwrap().is_none());
            network.cut();
            let call = async || adapter.session_and_user(&"s".into()).await;
            let (one, two) = tokio::join!(call(), call());
            assert!(one.is_err() && two.is_err());
            let answered = async { while clone.session_and_user(&"s".into()).await.is_err() {} };
            tokio::time::timeout(DEADLINE * 50, answered).await.expect("at once");
        }
    })
    .await;
}

#[tokio::test]
async fn r106_a_server_that_refuses_is_an_error_and_not_an_absence() {
    run(async |place: Place| {
        let (adapter, id) = with_ada(&place).await;
        adapter.create_session(session("s", &id, time())).await.unwrap();
        // Keys of other types, as another application might have made them.
        for key in place.keys().await {
            adapter.connection.run::<()>(cmd("DEL").arg(&key)).await.unwrap();
            adapter.connection.run::<()>(cmd("RPUSH").arg(&key).arg("x")).await.unwrap();
        }
        assert!(adapter.session_and_user(&"s".into()).await.is_err());
        assert!(adapter.update_session(&"s".into(), time()).await.is_err());
        assert!(adapter.delete_session(&"s".into()).await.is_err());
        assert!(adapter.sessions_of_user(&id).await.is_err());
        assert!(adapter.delete_sessions_of_user(&id, None).await.is_err());
        assert!(adapter.delete_user(&id).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn r106_a_record_that_is_none_is_an_error_and_not_an_absence() {
    run(async |place: Place| {
        let (adapter, id) = with_ada(&place).await;
        adapter.create_session(session("s", &id, time())).await.unwrap();
        adapter.create_verification_token(link_for("ada@example.com", "t")).await.unwrap();
        for key in place.keys().await.iter().filter(|key| !key.contains("sessions-of-user")) {
            adapter.connection.run::<()>(cmd("SET").arg(key).arg("canary")).await.unwrap();
        }
        let error = adapter.session_and_user(&"s".into()).await.unwrap_err();
        assert!(!crate::error::chain(&error).contains("canary"));
        assert!(adapter.sessions_of_user(&id).await.is_err());
        assert!(adapter.use_verification_token("ada@example.com", &"t".into()).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn r106_a_failing_user_store_is_an_error_and_not_an_absence() {
    run(async |place: Place| {
        let (adapter, id) = with_ada(&place).await;
        adapter.create_session(session("s", &id, time())).await.unwrap();
        // No tables.
        let users = SqliteAdapter::connect("sqlite::memory:").await.unwrap();
        let adapter = place.adapter(users).await;
        assert!(adapter.session_and_user(&"s".into()).await.is_err());
        assert!(adapter.create_session(session("t", &id, time())).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn r106_lost_connections_never_look_like_absence() {
    run(async |place: Place| {
        let (adapter, id) = with_ada(&place).await;
        adapter.create_session(session("s", &id, time())).await.unwrap();
        let other = place.adapter(MemoryAdapter::new()).await;
        for _ in 0..5 {
            let mut answers = 0;
            let client: u64 = loop {
                let mut ask = cmd("CLIENT");
                if let Ok(id) = adapter.connection.run(ask.arg("ID")).await {
                    break id;
                }
            };
            let mut kill = cmd("CLIENT");
            kill.arg("KILL").arg("ID").arg(client);
            assert_eq!(other.connection.run::<u64>(&kill).await.unwrap(), 1);
            while answers < 20 {
                // An error at first, the session as soon as there is a connection again.
                if let Ok(answer) = adapter.session_and_user(&"s".into()).await {
                    assert!(answer.is_some());
                    answers += 1;
                }
            }
        }
    })
    .await;
}

/// A server that went away after the connection was made.
#[tokio::test]
async fn r106_a_server_that_went_away_is_an_error_everywhere() {
    let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", server.local_addr().unwrap());
    let answers = tokio::spawn(async move {
        let (mut stream, _) = server.accept().await.unwrap();
        let mut bytes = [0; 4096];
        loop {
            let length = tokio::io::AsyncReadExt::read(&mut stream, &mut bytes).await.unwrap();
            let request = String::from_utf8_lossy(&bytes[..length]).into_owned();
            let replies = "+OK\r\n".repeat(request.matches("CLIENT").count());
            let pong = if request.contains("PING") { "+PONG\r\n" } else { "" };
            let probed = ":0\r\n".repeat(request.matches("ZREM").count());
            let reply = format!("{replies}{pong}{probed}");
            tokio::io::AsyncWriteExt::write_all(&mut stream, reply.as_bytes()).await.unwrap();
            if !probed.is_empty() {
                return;
            }
        }
    });
    let options = RedisOptions::default().deadline(DEADLINE);
    let users = crate::adapter::sqlite::tests::in_memory().await;
    let adapter = RedisAdapter::connect_with(&url, users, options).await.unwrap();
    answers.await.unwrap();
    fails_for_sessions(&adapter).await;
}

#[tokio::test]
async fn names_of_keys_have_no_tokens_and_every_key_ends() {
    run(async |place: Place| {
        let (adapter, id) = with_ada(&place).await;
        adapter
            .create_session(session("canary", &id, Timestamp::now() + 48.hours()))
            .await
            .unwrap();
        adapter.create_session(session("canary2", &id, Timestamp::now())).await.unwrap();
        adapter.create_verification_token(link_for("canary@example.com", "canary")).await.unwrap();
        let keys = place.keys().await;
        assert_eq!(keys.len(), 4, "{keys:?}");
        for key in keys {
            assert!(!key.contains("canary"), "{key}");
            let left: i64 = adapter.connection.run(cmd("PTTL").arg(&key)).await.unwrap();
            assert!(left > 0, "{key} never ends");
            // The set ends with the session that ends last.
            let is_long = key.contains("sessions-of-user");
            assert!(!is_long || left > 48 * 60 * 60 * 1000, "{key} ends before its session");
        }
    })
    .await;
}

#[tokio::test]
async fn the_server_drops_what_ended_an_hour_ago() {
    run(async |place: Place| {
        let (adapter, id) = with_ada(&place).await;
        for (token, end) in [("past", time()), ("later", Timestamp::now() + 2.hours())] {
            adapter.create_session(session(token, &id, end)).await.unwrap();
        }
        let left = async |token: &str| -> i64 {
            let key = adapter.keys.session(&super::key::handle(&token.into()));
            adapter.connection.run(cmd("PTTL").arg(key)).await.unwrap()
        };
        const HOUR: i64 = 60 * 60 * 1000;
        let (past, later) = (left("past").await, left("later").await);
        assert!((HOUR - 60_000..=HOUR).contains(&past), "{past}");
        assert!((3 * HOUR - 60_000..=3 * HOUR).contains(&later), "{later}");
        adapter.update_session(&"past".into(), Timestamp::now() + 2.hours()).await.unwrap();
        assert!(left("past").await > 2 * HOUR);
    })
    .await;
}

/// A refused duplicate must not put a session within reach of somebody else.
#[tokio::test]
async fn a_refused_duplicate_lists_nobody_elses_session() {
    run(async |place: Place| {
        let (adapter, id) = with_ada(&place).await;
        let grace = adapter.create_user(grace()).await.unwrap();
        adapter.create_session(session("s", &id, time())).await.unwrap();
        assert!(adapter.create_session(session("s", &grace.id, time())).await.is_err());
        // As if the server had failed before the handle was taken out again.
        let handle = super::key::handle(&"s".into());
        let lifetime = super::record::Lifetime::of(time());
        adapter.enlist(&grace.id, &handle, lifetime).await.unwrap();
        assert!(adapter.sessions_of_user(&grace.id).await.unwrap().is_empty());
        assert_eq!(adapter.delete_sessions_of_user(&grace.id, None).await.unwrap(), 0);
        assert!(adapter.session_and_user(&"s".into()).await.unwrap().is_some());
    })
    .await;
}

/// A sign-in that is under way stays within reach of a later "end all".
#[tokio::test]
async fn a_session_that_is_being_made_stays_in_the_set() {
    run(async |place: Place| {
        let (adapter, id) = with_ada(&place).await;
        adapter.create_session(session("first", &id, time())).await.unwrap();
        let handle = super::key::handle(&"second".into());
        let lifetime = super::record::Lifetime::of(time());
        adapter.enlist(&id, &handle, lifetime).await.unwrap();
        assert_eq!(adapter.delete_sessions_of_user(&id, None).await.unwrap(), 1);
        let second = super::record::write_session(&session("second", &id, time())).unwrap();
        let set = super::store::set(&adapter.keys.session(&handle), second, lifetime, "NX");
        adapter.connection.run::<Option<String>>(&set).await.unwrap();
        assert_eq!(adapter.delete_sessions_of_user(&id, None).await.unwrap(), 1);
        assert!(adapter.session_and_user(&"second".into()).await.unwrap().is_none());
        // A set that is empty is no key.
        assert_eq!(place.keys().await, Vec::<String>::new());
    })
    .await;
}
