//! PostgreSQL in the tests of both servers, and what is particular to it.

#[cfg(unix)]
mod pooler;

use super::{Postgres, schema};
use crate::adapter::sql::SqlAdapter;
use crate::adapter::sql::tests::{Place, Server, TestServer};
use crate::adapter::{DatabaseOptions, SchemaProfile, SessionStore as _, UserStore as _};
use crate::testing::adapter::Limit;
use crate::testing::adapter::fixture::{account, ada, session, time};

impl TestServer for Postgres {
    type Protocol = sqlx::Postgres;

    const SERVER: Server = Server::Postgres;
    const SCHEME: &'static str = "postgres://";
    const PORT: u16 = 5432;
    const QUOTE: char = '"';
    const ZONE: &'static str = "options[timezone]=America/St_Johns";
    const LIMITS: &'static [Limit] = &[Limit::NoNul];
    const MIGRATION: &'static [&'static str] = &["BEGIN", schema::LOCK];
    const LOCK_USERS: &'static str = "LOCK TABLE users IN ACCESS EXCLUSIVE MODE";
    const LOCK_IS_FOR_READERS: bool = true;
    const END_OF_CONNECTION: &'static str = "SELECT pg_terminate_backend(pg_backend_pid())";
    const OUTDATED: &'static [&'static str] =
        &["DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '25006'; END $$"];
    const DEADLOCK: &'static str = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$";
    const LIMITED_USER: &'static str = "CREATE ROLE {user} LOGIN PASSWORD 'pw' \
         CONNECTION LIMIT {limit}; \
         GRANT USAGE ON SCHEMA {place} TO {user}; \
         GRANT ALL ON ALL TABLES IN SCHEMA {place} TO {user}";
    const READING_USER: &'static str = "CREATE ROLE {user} LOGIN PASSWORD 'pw'; \
         GRANT USAGE ON SCHEMA {place} TO {user}; \
         GRANT SELECT ON ALL TABLES IN SCHEMA {place} TO {user}";
    const NO_LIMITED_USER: &'static str = "DROP OWNED BY {user}; DROP ROLE {user}";
    const LIMIT_REACHED: &'static str = "too many connections";

    const ANALYZE: &'static str = "ANALYZE";
    const EXPLAIN: &'static str = "EXPLAIN";
    const BY_INDEX: &'static str = "Index";
    const WHOLE_TABLE: &'static str = "Seq Scan";

    fn drop_index(name: &str) -> String {
        format!("DROP INDEX {name}")
    }

    async fn disconnect(_: &SqlAdapter<Self>, place: &Place) {
        place
            .sql(&format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE pid <> pg_backend_pid() AND application_name = '{}'",
                place.name()
            ))
            .await;
    }
}

#[tokio::test]
async fn a_migration_that_fails_makes_no_table() {
    Server::Postgres
        .run(async |place: Place| {
            place.sql("CREATE TABLE sessions (id text)").await;
            assert!(place.adapter::<Postgres>().await.migrate().await.is_err());
            place.sql("CREATE TABLE users (id text)").await;
        })
        .await;
}

#[tokio::test]
async fn values_with_nul_are_refused() {
    Server::Postgres
        .run(async |place: Place| {
            let adapter = place.migrated::<Postgres>().await;
            let mut user = ada();
            user.name = Some("nul \0 inside".to_owned());
            assert!(adapter.create_user(user).await.is_err());
            let account = account("github", "\0");
            assert!(adapter.create_user_with_account(ada(), account).await.is_err());
            assert_eq!(adapter.user_by_email("ada@example.com").await.unwrap(), None);
        })
        .await;
}

/// As an application's own migration does while everything runs: each connection has prepared
/// statements for the columns as they were.
#[tokio::test]
async fn r217_a_column_of_another_type_costs_nobody_an_answer() {
    Server::Postgres
        .run(async |place: Place| {
            let adapter = place.migrated::<Postgres>().await;
            let before = adapter.create_user_with_account(ada(), account("github", "1")).await;
            let before = before.unwrap();
            // As many connections as there are callers, and all know the statements.
            let look = async || {
                let calls = (0..4).map(|_| {
                    let (adapter, id) = (adapter.clone(), before.id.clone());
                    tokio::spawn(async move { adapter.user(&id).await })
                });
                for call in calls.collect::<Vec<_>>() {
                    assert_eq!(call.await.unwrap().unwrap().as_ref(), Some(&before));
                }
            };
            look().await;
            for token in ["one", "two"] {
                adapter.create_session(session(token, &before.id, time())).await.unwrap();
            }
            adapter.delete_session(&"one".into()).await.unwrap().unwrap();
            place
                .sql(
                    "ALTER TABLE users ALTER COLUMN name TYPE varchar(300); \
                     ALTER TABLE sessions ALTER COLUMN \"userId\" TYPE varchar(300)",
                )
                .await;
            look().await;
            // A write that returns what it did, too: once, and not twice.
            assert!(adapter.delete_session(&"two".into()).await.unwrap().is_some());
            assert!(adapter.delete_session(&"two".into()).await.unwrap().is_none());
        })
        .await;
}

/// As at a replica, or with a role that is set to read.
#[tokio::test]
async fn a_server_that_takes_no_writes_is_a_problem_and_lets_sessions_be_read() {
    Server::Postgres
        .run(async |place: Place| {
            let before = place.migrated::<Postgres>().await;
            let ada = before.create_user(ada()).await.unwrap();
            before.create_session(session("s", &ada.id, time())).await.unwrap();
            let url = format!("{}&options[default_transaction_read_only]=on", place.url);
            let adapter = SqlAdapter::<Postgres>::connect(&url).await.unwrap();
            assert!(adapter.session_and_user(&"s".into()).await.unwrap().is_some());
            let report = adapter.check_schema().await.unwrap();
            let told = report.problems.iter().any(|told| told.contains("the server is a replica"));
            assert!(told, "{report}");
            let said = adapter.delete_session(&"s".into()).await.unwrap_err().to_string();
            assert!(said.contains("the server that takes writes"), "{said}");
            assert!(before.session_and_user(&"s".into()).await.unwrap().is_some());
        })
        .await;
}

/// The statements are those of the warnings, and nothing is left to warn of afterwards.
#[tokio::test]
async fn what_a_warning_says_to_run_ends_it() {
    Server::Postgres
        .run(async |place: Place| {
            place
                .sql(include_str!(concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/tests/data/schemas/sequelize.postgres.sql"
                )))
                .await;
            let options = DatabaseOptions::default().schema(SchemaProfile::sequelize());
            let adapter = SqlAdapter::<Postgres>::connect_with(&place.url, options).await.unwrap();
            let before = adapter.check_schema().await.unwrap();
            for part in ["`accounts.scope` ends after 255", "no index that begins with `user_id`"] {
                assert!(before.warnings.iter().any(|said| said.contains(part)), "{before}");
            }
            for warning in &before.warnings {
                if let Some((_, statement)) = warning.split_once("run: ") {
                    place.sql(statement).await;
                }
            }
            let after = adapter.check_schema().await.unwrap();
            assert!(!after.to_string().contains("run: "), "{after}");
        })
        .await;
}
