//! The rate limit over several processes: they count as one, in every store that they can share.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan as _};

use super::database::Database;
use crate::adapter::sql::tests::{Place, Server, TestServer, on_each_server};
use crate::adapter::sqlite::tests::Folder;
use crate::adapter::{
    DatabaseOptions, DeletedRows, DynamicAdapter, ExpiredRows, MemoryAdapter, MySql, Postgres,
    SchemaProfile, SqlAdapter, SqliteAdapter, UserStore as _, redis,
};
use crate::error::{AdapterError, chain};
use crate::rate_limit::{
    Allowances, Attempt, AttemptKey, AttemptStore, ClientNetwork, LimitedAction, MemoryAttempts,
    RateLimit as _, Verdict,
};

const WINDOW: u32 = 900;
const CALLERS: u32 = 200;

pub(in crate::adapter) fn attempt(account: &str, client: Option<&str>, now: Timestamp) -> Attempt {
    let client = client.map(|address| ClientNetwork::of(address.parse().unwrap()));
    let mut attempt = Attempt::new(LimitedAction::Credentials, client, now);
    attempt.name(vec![("username".into(), account.to_owned())]);
    attempt
}

/// Two processes, as far as a store can tell.
async fn stores_share<S: AttemptStore>(one: S, other: S) {
    let now = Timestamp::now();
    let (one, other) = (Arc::new(one), Arc::new(other));
    every_caller_gets_a_number(&one, &other, now).await;
    numbers_are_taken_back(&one, &other, now).await;
    clients_are_remembered(&one, &other, now).await;
    allowances_hold([one, other], now).await;
}

async fn every_caller_gets_a_number<S: AttemptStore>(one: &Arc<S>, other: &Arc<S>, now: Timestamp) {
    let calls: Vec<_> = (0..CALLERS)
        .map(|number| {
            let store = Arc::clone(if number % 2 == 0 { one } else { other });
            tokio::spawn(async move {
                let attempt = attempt("numbers", None, now);
                store.count(AttemptKey::of_strangers(&attempt, "numbers"), now, WINDOW).await
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for call in calls {
        let counted = call.await.unwrap().unwrap();
        assert!(counted.ends > now && counted.ends <= now + i64::from(WINDOW).seconds());
        numbers.push(counted.attempts);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=CALLERS).collect::<Vec<_>>());
}

async fn numbers_are_taken_back<S: AttemptStore>(one: &S, other: &S, now: Timestamp) {
    let attempt = attempt("taken back", None, now);
    let key = AttemptKey::of_strangers(&attempt, "taken back");
    let count = async |store: &S| store.count(key, now, WINDOW).await.unwrap().attempts;
    assert_eq!((count(one).await, count(other).await), (1, 2));
    other.take_back(key, now).await.unwrap();
    assert_eq!(count(one).await, 2);
    // Another key is another counter.
    let other_key = AttemptKey::of_strangers(&attempt, "Taken back");
    assert_eq!(one.count(other_key, now, WINDOW).await.unwrap().attempts, 1);
}

async fn clients_are_remembered<S: AttemptStore>(one: &S, other: &S, now: Timestamp) {
    let attempt = attempt("remembered", None, now);
    let key = AttemptKey::of_strangers(&attempt, "remembered");
    assert!(!one.remembers(key, now).await.unwrap());
    one.remember(key, now, now + 24.hours()).await.unwrap();
    // A shorter time does not make it forget.
    other.remember(key, now, now + 1.hours()).await.unwrap();
    assert!(other.remembers(key, now).await.unwrap());
    assert!(one.remembers(key, now + 2.hours()).await.unwrap());
}

async fn allowances_hold<S: AttemptStore>(processes: [Arc<S>; 2], now: Timestamp) {
    let limits = processes.map(|store| Allowances::default().counted_in(store));
    let home = || attempt("ada", Some("198.51.100.7"), now);
    assert_eq!(limits[0].allow(home()).await.unwrap(), Verdict::Allowed);
    limits[0].signed_in(home()).await.unwrap();
    let mut guesses = 0;
    for number in 0..100 {
        let stranger = attempt("ada", Some(&format!("203.0.113.{number}")), now);
        let verdict = limits[number % 2].allow(stranger).await.unwrap();
        guesses += usize::from(verdict == Verdict::Allowed);
    }
    assert_eq!(guesses, 30);
    for _ in 0..10 {
        assert_eq!(limits[1].allow(home()).await.unwrap(), Verdict::Allowed);
    }
    assert_ne!(limits[0].allow(home()).await.unwrap(), Verdict::Allowed);
}

/// Windows end by the application's clock, and what has ended is removed.
async fn windows_end<S: AttemptStore + ExpiredRows>(store: &S) {
    let now = Timestamp::from_second(4_000_000_000).unwrap();
    let attempt = attempt("window", None, now);
    let key = AttemptKey::of_strangers(&attempt, "window");
    let count = async |second: i64| {
        store.count(key, now + second.seconds(), WINDOW).await.unwrap().attempts
    };
    assert_eq!((count(0).await, count(899).await, count(900).await), (1, 2, 1));
    // A clock that was set back.
    assert_eq!((count(1).await, count(2).await), (1, 2));
    let deleted = store.delete_expired(now + 900.seconds()).await.unwrap();
    assert_eq!(deleted.attempts, 0);
    assert_eq!(count(3).await, 3);
    assert_eq!(store.delete_expired(now + 901.seconds()).await.unwrap().attempts, 1);
    assert_eq!(count(4).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r194_configurations_of_one_process_count_together_in_memory() {
    let store = Arc::new(MemoryAttempts::default());
    stores_share(Arc::clone(&store), store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r194_processes_count_together_in_sqlite() {
    let folder = Folder::new();
    let adapter = folder.migrated().await;
    windows_end(&adapter).await;
    stores_share(adapter, SqliteAdapter::connect(&folder.url()).await.unwrap()).await;
}

on_each_server! {
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)] r194_processes_count_together
    #[tokio::test] r194_tables_that_are_up_to_date_need_no_right_to_make_any
}

async fn r194_processes_count_together<D: TestServer>(place: Place) {
    let adapter = place.migrated::<D>().await;
    windows_end(&adapter).await;
    stores_share(adapter, place.adapter::<D>().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r194_processes_count_together_in_redis() {
    redis::tests::run(async |place| {
        let adapter =
            async || redis::tests::at(&place.url, &place.key_prefix, MemoryAdapter::new()).await;
        let (one, other) = (adapter().await, adapter().await);
        // The server forgets by its own clock: a window of a millisecond is over at some answer.
        let now = Timestamp::now();
        let attempt = attempt("window", None, now);
        let key = AttemptKey::of_strangers(&attempt, "window");
        for _ in 0..2 {
            while one.count(key, now, 0).await.unwrap().attempts != 1 {}
        }
        stores_share(one, other).await;
    })
    .await;
}

/// Removes what ended before the end of the calendar.
async fn clean_up(database: &Database) -> DeletedRows {
    let now = Timestamp::MAX;
    let deleted = match database {
        Database::Sqlite(folder) => {
            let adapter = SqliteAdapter::connect(&folder.url()).await.unwrap();
            adapter.delete_expired(now).await
        }
        Database::Server(Server::Postgres, place) => {
            place.adapter::<Postgres>().await.delete_expired(now).await
        }
        Database::Server(Server::MySql, place) => {
            place.adapter::<MySql>().await.delete_expired(now).await
        }
    };
    deleted.unwrap()
}

/// A program that is newer than its tables, whose limit counts in memory.
#[tokio::test]
async fn r194_rows_are_cleaned_up_without_a_table_of_attempts() {
    Database::each(async |database| {
        database.sql("INSERT INTO typegate_attempts (id, attempts, ends) VALUES ('a', 1, 1)").await;
        assert_eq!(clean_up(&database).await.attempts, 1);
        database.sql("DROP TABLE typegate_attempts; DELETE FROM typegate_migrations").await;
        assert_eq!(clean_up(&database).await, DeletedRows::new(0, 0), "{}", database.url());
    })
    .await;
}

/// Anybody makes rows there, by trying one account after another.
#[tokio::test]
async fn r157_counters_beside_another_adapters_tables_do_not_pile_up() {
    let folder = Folder::new();
    folder.sql(include_str!("../../../tests/data/schemas/drizzle.sqlite.sql")).await;
    // As docs/limits.md has it.
    let table = "CREATE TABLE typegate_attempts \
                 (id varchar(64) PRIMARY KEY, attempts bigint NOT NULL, ends bigint NOT NULL);";
    let options = DatabaseOptions::default().schema(SchemaProfile::drizzle());
    let adapter = SqliteAdapter::connect_with(&folder.url(), options).await.unwrap();
    let now = Timestamp::now();
    assert_eq!(adapter.delete_expired(now).await.unwrap(), DeletedRows::new(0, 0));
    folder.sql(table).await;
    let limit = Allowances::default().counted_in(adapter.clone());
    for number in 0..20 {
        let stranger = attempt(&format!("account {number}"), Some("203.0.113.7"), now);
        assert_eq!(limit.allow(stranger).await.unwrap(), Verdict::Allowed);
    }
    // Of the client, of the client at each account, and of all strangers there.
    let deleted = adapter.delete_expired(now + 1.hours()).await.unwrap();
    assert_eq!(deleted.attempts, 41);
}

/// An account of the database's that may work with the tables and make none.
struct Restricted<'a> {
    place: &'a Place,
    user: String,
    url: String,
}

impl<'a> Restricted<'a> {
    async fn new(server: Server, place: &'a Place) -> Self {
        let (name, user) = (place.name(), place.name().replace("typegate_", ""));
        let rights = match server {
            Server::Postgres => format!(
                "CREATE ROLE \"{user}\" LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA {name} TO \"{user}\"; \
                 GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {name} TO \"{user}\""
            ),
            Server::MySql => format!(
                "CREATE USER '{user}'@'%' IDENTIFIED BY 'x'; \
                 GRANT SELECT, INSERT, UPDATE, DELETE ON {name}.* TO '{user}'@'%'"
            ),
        };
        place.sql(&rights).await;
        let mut url: url::Url = place.url.parse().unwrap();
        url.set_username(&user).unwrap();
        url.set_password(Some("x")).unwrap();
        Self { place, user, url: url.into() }
    }

    async fn remove(self, server: Server) {
        let user = self.user;
        let removal = match server {
            Server::Postgres => format!("DROP OWNED BY \"{user}\"; DROP ROLE \"{user}\""),
            Server::MySql => format!("DROP USER '{user}'@'%'"),
        };
        self.place.sql(&removal).await;
    }

    async fn migrate<D: TestServer>(&self) -> Result<(), AdapterError> {
        SqlAdapter::<D>::connect(&self.url).await?.migrate().await
    }
}

/// The program may be an account that makes no tables, once somebody has made them.
async fn r194_tables_that_are_up_to_date_need_no_right_to_make_any<D: TestServer>(place: Place) {
    drop(place.migrated::<D>().await);
    place.sql("INSERT INTO users (id, name) VALUES ('1', 'Ada')").await;
    let restricted = Restricted::new(D::SERVER, &place).await;
    let up_to_date = restricted.migrate::<D>().await;
    // Tables of an earlier release.
    for index in ["sessions_expires", "verification_tokens_expires"] {
        place.sql(&D::drop_index(index)).await;
    }
    place
        .sql(&format!(
            "DROP TABLE typegate_attempts; DELETE FROM typegate_migrations WHERE version >= {}",
            D::ALL_TABLES
        ))
        .await;
    let old = restricted.migrate::<D>().await;
    let url = restricted.url.clone();
    let options = DatabaseOptions::default();
    let ada = DynamicAdapter::connect(&url, options).await.unwrap().user("1").await;
    restricted.remove(D::SERVER).await;
    up_to_date.unwrap();
    let refused = chain(&old.unwrap_err());
    assert!(refused.contains("denied"), "{refused}");
    assert_eq!(ada.unwrap().unwrap().name.as_deref(), Some("Ada"));
    // Whoever may make tables brings them up to date, and everybody is still there.
    let users = DynamicAdapter::connect(&place.url, DatabaseOptions::default());
    drop(place.migrated::<D>().await);
    assert!(users.await.unwrap().user("1").await.unwrap().is_some());
    place.sql("SELECT attempts FROM typegate_attempts").await;
}
