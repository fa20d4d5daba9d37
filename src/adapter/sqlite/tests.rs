//! What is particular to SQLite. What every adapter does is tested for all of them.

mod clean_up;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use sqlx::{Connection as _, Sqlite};

use super::SqliteAdapter;
use crate::adapter::sql::tests::fault::{Fault, Injection, withstands};
use crate::adapter::sql::{DatabaseOptions, Driver as _, PoolDriver};
use crate::adapter::tests::fails_everywhere;
use crate::adapter::{SessionStore, UserAccountStore, UserStore, VerificationTokenStore};
use crate::crypto::secret::SessionToken;
use crate::error::{AdapterError, AdapterErrorKind};
use crate::model::{NewAccount, NewUser, TokenSet, UserUpdate};
use crate::testing::adapter::fixture::{account, ada, link_for, session, time};

pub(in crate::adapter) async fn in_memory() -> SqliteAdapter {
    let adapter = SqliteAdapter::connect("sqlite::memory:").await.unwrap();
    adapter.migrate().await.unwrap();
    adapter
}

impl SqliteAdapter {
    pub(in crate::adapter) async fn clear(&self) {
        run(&self.store.driver.writer, "DELETE FROM users; DELETE FROM verification_tokens")
            .await
            .unwrap();
    }
}

async fn run(connections: &PoolDriver<Sqlite>, sql: &'static str) -> sqlx::Result<()> {
    let mut lent = connections.lend().await.unwrap();
    let answer = sqlx::raw_sql(sql).execute(lent.connection().unwrap()).await;
    lent.mark_clean();
    answer.map(drop)
}

/// The rows of one column.
async fn column<T>(connections: &PoolDriver<Sqlite>, sql: &'static str) -> Vec<T>
where
    T: Send + Unpin + sqlx::Type<Sqlite> + for<'r> sqlx::Decode<'r, Sqlite>,
{
    let mut lent = connections.lend().await.unwrap();
    let rows = sqlx::query_scalar(sql).fetch_all(lent.connection().unwrap()).await.unwrap();
    lent.mark_clean();
    rows
}

#[track_caller]
fn assert_unavailable<T: std::fmt::Debug>(answer: Result<T, AdapterError>) {
    assert_eq!(answer.unwrap_err().kind(), AdapterErrorKind::Unavailable);
}

/// A folder of one's own, removed in the end.
pub(in crate::adapter) struct Folder(PathBuf);

impl Folder {
    pub(in crate::adapter) fn new() -> Self {
        let name = format!("typegate-{}", crate::crypto::random::uuid().unwrap());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(in crate::adapter) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(in crate::adapter) fn url(&self) -> String {
        format!("sqlite://{}", self.file("auth.db").display())
    }

    /// Runs statements on a connection of its own.
    pub(in crate::adapter) async fn sql(&self, sql: &str) {
        let url = format!("{}?mode=rwc", self.url());
        let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    async fn connect(&self) -> SqliteAdapter {
        SqliteAdapter::connect(&self.url()).await.unwrap()
    }

    pub(in crate::adapter) async fn migrated(&self) -> SqliteAdapter {
        let adapter = self.connect().await;
        adapter.migrate().await.unwrap();
        adapter
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

#[tokio::test]
async fn addresses_of_other_databases_are_refused() {
    for url in ["", "sqlite:", "sqlite://", "auth.db", "postgres://localhost/auth"] {
        assert_unavailable(SqliteAdapter::connect(url).await);
    }
    assert_unavailable(SqliteAdapter::connect("sqlite::memory:?speed=high").await);
}

#[cfg(unix)]
#[tokio::test]
async fn files_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::new();
    let adapter = folder.migrated().await;
    adapter.create_user(ada()).await.unwrap();
    for name in ["auth.db", "auth.db-wal", "auth.db-shm"] {
        let mode = std::fs::metadata(folder.file(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn r198_no_slow_statement_writes_a_line() {
    let adapter = Folder::new().connect().await;
    for connections in [&adapter.store.driver.writer, &adapter.store.driver.reader] {
        let said = format!("{:?}", connections.pool.options);
        assert!(said.contains("slow_statements_level: Off"), "{said}");
    }
}

#[tokio::test]
async fn connections_are_set_up() {
    let folder = Folder::new();
    let adapter = folder.connect().await;
    for connections in [&adapter.store.driver.writer, &adapter.store.driver.reader] {
        assert_eq!(column::<String>(connections, "PRAGMA journal_mode").await, ["wal"]);
        for (sql, value) in
            [("PRAGMA foreign_keys", 1), ("PRAGMA synchronous", 1), ("PRAGMA busy_timeout", 5000)]
        {
            assert_eq!(column::<i64>(connections, sql).await, [value], "{sql}");
        }
    }
    adapter.migrate().await.unwrap();
    assert!(run(&adapter.store.driver.reader, "DELETE FROM users").await.is_err());
}

#[tokio::test]
async fn tables_are_made_on_request_and_once() {
    let folder = Folder::new();
    let adapter = folder.connect().await;
    assert_unavailable(adapter.user("1").await);
    assert_unavailable(adapter.create_user(ada()).await);

    adapter.migrate().await.unwrap();
    let ada = adapter.create_user(ada()).await.unwrap();
    adapter.migrate().await.unwrap();
    assert_eq!(adapter.user(&ada.id).await.unwrap(), Some(ada));
    let versions = "SELECT version FROM typegate_migrations";
    assert_eq!(column::<i64>(&adapter.store.driver.reader, versions).await, [1, 2, 3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_may_start_at_the_same_time() {
    for _ in 0..20 {
        let folder = Folder::new();
        let url = format!("sqlite://{}", folder.file("auth.db").display());
        let starts: Vec<_> = (0..8)
            .map(|_| {
                let url = url.clone();
                tokio::spawn(async move {
                    let adapter = SqliteAdapter::connect(&url).await?;
                    adapter.migrate().await
                })
            })
            .collect();
        for start in starts {
            start.await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn tables_of_something_else_are_left_alone() {
    let adapter = SqliteAdapter::connect("sqlite::memory:").await.unwrap();
    let other = "CREATE TABLE sessions (id TEXT); INSERT INTO sessions VALUES ('kept')";
    run(&adapter.store.driver.writer, other).await.unwrap();

    assert_unavailable(adapter.migrate().await);
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let tables = column::<String>(&adapter.store.driver.reader, tables).await;
    assert_eq!(tables, ["sessions"], "all tables are made or none");
}

#[tokio::test]
async fn rows_survive_a_restart() {
    let folder = Folder::new();
    let before = folder.migrated().await;
    let ada = before.create_user_with_account(ada(), account("github", "1")).await.unwrap();
    before.create_session(session("s", &ada.id, time())).await.unwrap();
    drop(before);

    let after = folder.connect().await;
    let (_, owner) = after.session_and_user(&"s".into()).await.unwrap().unwrap();
    assert_eq!(owner, ada);
}

/// What stands in the write-ahead log is in the file, too.
#[tokio::test]
async fn a_copy_of_a_file_that_was_closed_is_whole() {
    let (folder, backup) = (Folder::new(), Folder::new());
    let adapter = folder.migrated().await;
    let ada = adapter.create_user(ada()).await.unwrap();
    adapter.create_session(session("s", &ada.id, time())).await.unwrap();
    adapter.close().await.unwrap();
    std::fs::copy(folder.file("auth.db"), backup.file("auth.db")).unwrap();
    let (_, owner) = backup.connect().await.session_and_user(&"s".into()).await.unwrap().unwrap();
    assert_eq!(owner, ada);
}

#[tokio::test]
async fn tables_of_a_later_release_are_used_and_told() {
    let folder = Folder::new();
    drop(folder.migrated().await);
    folder.sql("INSERT INTO typegate_migrations (version) VALUES (1000)").await;
    let adapter = folder.migrated().await;
    adapter.create_user(ada()).await.unwrap();
    let report = adapter.check_schema().await.unwrap();
    assert!(report.problems.is_empty(), "{report}");
    assert!(report.to_string().contains("schema 1000, this release"), "{report}");
    folder.sql("DROP TABLE sessions").await;
    let said = SqliteAdapter::connect(&folder.url()).await.unwrap_err().to_string();
    assert!(said.contains("the table `sessions` is not there"), "{said}");
}

/// Two adapters of one file stand for two processes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r103_processes_see_each_others_writes_at_once() {
    let folder = Folder::new();
    let here = folder.migrated().await;
    let there = folder.connect().await;
    let ada = here.create_user(ada()).await.unwrap();
    for round in 0..50 {
        here.create_session(session("s", &ada.id, time())).await.unwrap();
        assert!(there.session_and_user(&"s".into()).await.unwrap().is_some(), "{round}");
        there.delete_session(&"s".into()).await.unwrap();
        assert!(here.session_and_user(&"s".into()).await.unwrap().is_none(), "{round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_of_two_processes_wait_for_each_other() {
    let folder = Folder::new();
    let adapters = [folder.migrated().await, folder.connect().await];
    let tasks: Vec<_> = (0..200)
        .map(|index| {
            let adapter = adapters.get(index % 2).unwrap().clone();
            let account = account("github", &index.to_string());
            tokio::spawn(async move {
                adapter.create_user_with_account(NewUser::default(), account).await
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn an_abandoned_call_leaves_the_writer_usable() {
    let folder = Folder::new();
    let adapter = folder.migrated().await;
    for step in 0..40 {
        let call = adapter.create_user_with_account(ada(), account("github", "1"));
        drop(tokio::time::timeout(Duration::from_micros(step * 20), call).await);
        // The next write has its turn only when the abandoned one is over.
        adapter.delete_user("nobody").await.unwrap();
        let user = adapter.user_by_email("ada@example.com").await.unwrap();
        let owner = adapter.user_by_account("github", "1").await.unwrap();
        assert_eq!(user, owner, "both or neither");
        if let Some(user) = user {
            adapter.delete_user(&user.id).await.unwrap();
        }
    }
    adapter.create_user_with_account(ada(), account("github", "1")).await.unwrap();
}

/// The faults of each statement of each method.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r106_whatever_fails_the_next_call_has_a_good_connection() {
    let folder = Folder::new();
    for adapter in [in_memory().await, folder.migrated().await] {
        let driver = &adapter.store.driver;
        let both = [&driver.writer.pool.fault, &driver.reader.pool.fault];
        for fault in [
            Fault::Instead("SELEC"),
            // As SQLite does by itself when the disk is full.
            Fault::Instead("ROLLBACK; SELEC"),
            Fault::Silence,
        ] {
            withstands(&adapter, &both as &[&Injection], fault).await;
        }
    }
}

#[tokio::test]
async fn r106_a_full_disk_is_an_error_until_there_is_room_again() {
    let folder = Folder::new();
    for adapter in [in_memory().await, folder.migrated().await] {
        let writer = &adapter.store.driver.writer;
        let pages = column::<i64>(writer, "PRAGMA page_count").await[0];
        // A cache of no pages, so that the transaction reaches the disk before its end, too.
        for cache in ["PRAGMA cache_size = 0", "PRAGMA cache_size = -2000"] {
            run(writer, cache).await.unwrap();
            for room in 0..4 {
                let mut full = account("github", "1");
                full.tokens.insert("id_token", "x".repeat(1 << 20).as_str());
                let limit = format!("PRAGMA max_page_count = {}", pages + room);
                run(writer, limit.leak()).await.unwrap();
                let answer = adapter.create_user_with_account(ada(), full).await;
                let said = crate::error::chain(&answer.unwrap_err());
                assert!(said.contains("full"), "{said}");
                run(writer, "PRAGMA max_page_count = 1000000").await.unwrap();

                assert_eq!(adapter.user_by_email("ada@example.com").await.unwrap(), None);
                let account = account("github", "1");
                let ada = adapter.create_user_with_account(ada(), account).await.unwrap();
                adapter.delete_user(&ada.id).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn r106_a_failing_database_is_an_error_and_not_an_absence() {
    let adapter = SqliteAdapter::connect("sqlite::memory:").await.unwrap();
    fails_everywhere(&adapter).await;
}

#[tokio::test]
async fn r106_missing_tables_are_an_error_and_not_an_absence() {
    fails_everywhere(&Folder::new().connect().await).await;
}

#[tokio::test]
async fn r106_a_busy_writer_is_an_error_in_time() {
    let folder = Folder::new();
    drop(folder.migrated().await);
    let options = DatabaseOptions::default().deadline(Duration::from_millis(200));
    let adapter = SqliteAdapter::connect_with(&folder.url(), options).await.unwrap();
    let busy = adapter.store.driver.begin().await.unwrap();
    assert_unavailable(adapter.create_user(ada()).await);
    assert_unavailable(adapter.use_verification_token("ada@example.com", &"t".into()).await);
    assert_eq!(adapter.user("unknown").await.unwrap(), None, "reads go on");
    drop(busy);
    adapter.create_user(ada()).await.unwrap();
}

#[tokio::test]
async fn r106_a_read_only_database_is_an_error_for_writes() {
    let folder = Folder::new();
    let before = folder.migrated().await;
    let ada = before.create_user(ada()).await.unwrap();
    before.create_session(session("s", &ada.id, time())).await.unwrap();

    let adapter = SqliteAdapter::connect(&format!("{}?mode=ro", folder.url())).await.unwrap();
    assert!(adapter.session_and_user(&"s".into()).await.unwrap().is_some());
    assert_unavailable(adapter.create_user(NewUser::default()).await);
    assert_unavailable(adapter.update_session(&"s".into(), time()).await);
    assert_unavailable(adapter.delete_session(&"s".into()).await);
    assert_unavailable(adapter.use_verification_token("ada@example.com", &"t".into()).await);
}

#[tokio::test]
async fn r108_long_texts_are_refused_before_the_driver() {
    let adapter = in_memory().await;
    let ada = adapter.create_user(ada()).await.unwrap();
    let long = "x".repeat(5 << 20);

    let user = NewUser { image: Some(long.clone()), ..NewUser::default() };
    assert_unavailable(adapter.create_user(user).await);
    let update = UserUpdate { name: Some(Some(long.clone())), ..UserUpdate::new(&ada.id) };
    assert_unavailable(adapter.update_user(update).await);
    let mut github = account("github", "1");
    github.tokens.insert("access_token", long.as_str());
    assert_unavailable(adapter.create_user_with_account(NewUser::default(), github).await);
    assert_unavailable(adapter.create_session(session(&long, &ada.id, time())).await);
    assert_unavailable(adapter.create_verification_token(link_for(&long, "t")).await);

    assert_eq!(adapter.user(&long).await.unwrap(), None);
    assert_eq!(adapter.user_by_email(&long).await.unwrap(), None);
    assert_eq!(adapter.user_by_account("github", &long).await.unwrap(), None);
    let token = SessionToken::new(long.as_str());
    assert!(adapter.session_and_user(&token).await.unwrap().is_none());
    assert!(adapter.delete_session(&token).await.unwrap().is_none());
    let used = adapter.use_verification_token("ada@example.com", &long.into()).await;
    assert!(used.unwrap().is_none());
    let users = column::<i64>(&adapter.store.driver.reader, "SELECT count(*) FROM users").await;
    assert_eq!(users, [1]);
}

#[tokio::test]
async fn members_without_a_column_are_ignored() {
    let adapter = in_memory().await;
    let ada = adapter.create_user(ada()).await.unwrap();
    let members = json!({
        "access_token": "at",
        "scope": ["not", "text"],
        "expires_at": "not a number",
        "not-before-policy": 0,
    });
    let mut github = account("github", "1");
    github.tokens = TokenSet::from_members(members.as_object().unwrap().clone());
    adapter.link_account(NewAccount::new(&ada.id, github)).await.unwrap();

    let accounts = adapter.accounts_of_user(&ada.id).await.unwrap();
    let stored = accounts.first().unwrap().tokens.members();
    assert_eq!(json!(stored), json!({"access_token": "at"}));
}

#[tokio::test]
async fn reads_use_an_index() {
    let adapter = in_memory().await;
    for sql in [
        "EXPLAIN QUERY PLAN SELECT * FROM users WHERE email = ?1",
        "EXPLAIN QUERY PLAN SELECT * FROM accounts WHERE userId = ?1",
        "EXPLAIN QUERY PLAN SELECT * FROM sessions WHERE userId = ?1",
        "EXPLAIN QUERY PLAN SELECT * FROM sessions JOIN users ON users.id = sessions.userId
         WHERE sessionToken = ?1",
        "EXPLAIN QUERY PLAN DELETE FROM verification_tokens
         WHERE identifier = ?1 AND token = ?2",
    ] {
        let mut lent = adapter.store.driver.reader.lend().await.unwrap();
        let connection = lent.connection().unwrap();
        let steps: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sql).bind("x").fetch_all(connection).await.unwrap();
        lent.mark_clean();
        assert!(steps.iter().all(|step| step.3.starts_with("SEARCH")), "{sql}: {steps:?}");
    }
}

#[tokio::test]
async fn a_file_that_is_up_to_date_may_be_read_only() {
    let folder = Folder::new();
    drop(folder.migrated().await);
    let adapter = SqliteAdapter::connect(&format!("{}?mode=ro", folder.url())).await.unwrap();
    adapter.migrate().await.unwrap();
}

/// The path stands in every message, and what there is to do.
#[tokio::test]
async fn a_message_names_the_file_and_what_to_do() {
    let folder = Folder::new();
    let path = folder.file("auth.db").display().to_string();
    drop(folder.migrated().await);
    let file = || format!("the SQLite file `{path}`");

    let nowhere = format!("sqlite://{}/none/auth.db", folder.file("").display());
    let said = SqliteAdapter::connect(&nowhere).await.unwrap_err().to_string();
    assert!(said.contains("/none/auth.db`: ") && said.contains("make its folder"), "{said}");

    let adapter = SqliteAdapter::connect(&format!("{}?mode=ro", folder.url())).await.unwrap();
    let said = adapter.create_user(ada()).await.unwrap_err().to_string();
    assert!(said.contains(&file()) && said.contains("let this process write"), "{said}");
    let report = adapter.check_schema().await.unwrap();
    assert!(report.problems.iter().any(|told| told.contains("may only be read")), "{report:?}");

    folder.sql("DROP TABLE accounts; DROP TABLE users").await;
    let adapter = SqliteAdapter::connect(&folder.url()).await;
    let said = adapter.unwrap_err().to_string();
    assert!(said.contains("`users` is not there") && said.contains("migrate"), "{said}");

    std::fs::write(folder.file("text.db"), "no database ".repeat(100)).unwrap();
    let text = format!("sqlite://{}", folder.file("text.db").display());
    let said = SqliteAdapter::connect(&text).await.unwrap_err().to_string();
    assert!(said.contains("text.db`: ") && said.contains("another kind of file"), "{said}");
}
