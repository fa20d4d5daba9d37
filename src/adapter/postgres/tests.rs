//! PostgreSQL in the tests of both servers, and what is particular to it.

#[cfg(unix)]
mod pooler;

use super::{Postgres, schema};
use crate::adapter::UserStore as _;
use crate::adapter::sql::SqlAdapter;
use crate::adapter::sql::tests::{Place, Server, TestServer};
use crate::testing::adapter::Limit;
use crate::testing::adapter::fixture::{account, ada};

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
    const READ_ONLY: &'static [&'static str] = &[
        "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '25006'; END $$",
        "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '0A000'; END $$",
    ];
    const LIMITED_USER: &'static str = "CREATE ROLE {user} LOGIN PASSWORD 'pw' \
         CONNECTION LIMIT {limit}; \
         GRANT USAGE ON SCHEMA {place} TO {user}; \
         GRANT ALL ON ALL TABLES IN SCHEMA {place} TO {user}";
    const NO_LIMITED_USER: &'static str = "DROP OWNED BY {user}; DROP ROLE {user}";
    const LIMIT_REACHED: &'static str = "too many connections";

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
