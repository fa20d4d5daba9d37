//! What only the adapter for PostgreSQL does, and what it does when the server fails.

use std::time::{Duration, Instant};

use super::PostgresAdapter;
use crate::adapter::sql::Driver as _;
use crate::adapter::sql::tests::{Place, Server, options};
use crate::adapter::tests::fails_everywhere;
use crate::adapter::{SessionStore as _, UserStore as _};
use crate::error::chain;
use crate::testing::adapter::fixture::{account, ada, session, time};

/// Short, so that tests of waiting are over soon.
const DEADLINE: Duration = Duration::from_millis(300);

async fn migrated(place: &Place) -> PostgresAdapter {
    let adapter = place.postgres().await;
    adapter.migrate().await.unwrap();
    adapter
}

#[tokio::test]
async fn addresses_of_other_databases_are_refused() {
    for url in ["", "localhost", "sqlite::memory:", "mysql://localhost/test"] {
        assert!(PostgresAdapter::connect(url).await.is_err(), "{url}");
    }
}

#[tokio::test]
async fn r106_a_server_that_is_down_is_an_error_in_time() {
    let start = Instant::now();
    let url = "postgres://nobody@127.0.0.1:1/nothing";
    let down = PostgresAdapter::connect_with(url, options().deadline(DEADLINE)).await;
    let said = chain(&down.unwrap_err());
    assert!(said.contains("refused"), "{said}");
    assert!(start.elapsed() < DEADLINE * 10);
}

#[tokio::test]
async fn r106_missing_tables_are_an_error_and_not_an_absence() {
    Server::Postgres
        .run(async |place: Place| fails_everywhere(&place.postgres().await).await)
        .await;
}

#[tokio::test]
async fn r106_an_exhausted_pool_is_an_error_and_not_an_absence() {
    Server::Postgres
        .run(async |place: Place| {
            drop(migrated(&place).await);
            let options = options().max_connections(1).deadline(DEADLINE);
            let adapter = PostgresAdapter::connect_with(&place.url, options).await.unwrap();
            let busy = adapter.store.driver.begin().await.unwrap();
            fails_everywhere(&adapter).await;
            drop(busy);
            assert_eq!(adapter.user("unknown").await.unwrap(), None);
        })
        .await;
}

#[tokio::test]
async fn r198_no_slow_statement_writes_a_line() {
    Server::Postgres
        .run(async |place: Place| {
            let driver = &place.postgres().await.store.driver;
            let said = format!("{:?}", driver.pool.connect_options());
            assert!(said.contains("slow_statements_level: Off"), "{said}");
        })
        .await;
}

#[tokio::test]
async fn r106_a_statement_that_takes_too_long_is_an_error() {
    Server::Postgres
        .run(async |place: Place| {
            drop(migrated(&place).await);
            let options = options().deadline(DEADLINE);
            let adapter = PostgresAdapter::connect_with(&place.url, options).await.unwrap();
            let mut lock = place.postgres().await.store.driver.pool.begin().await.unwrap();
            sqlx::raw_sql("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
                .execute(&mut *lock)
                .await
                .unwrap();
            assert!(adapter.user("unknown").await.is_err());
            lock.rollback().await.unwrap();
            assert_eq!(adapter.user("unknown").await.unwrap(), None);
        })
        .await;
}

#[tokio::test]
async fn r106_lost_connections_never_look_like_absence() {
    Server::Postgres
        .run(async |place: Place| {
            let adapter = migrated(&place).await;
            let ada = adapter.create_user(ada()).await.unwrap();
            adapter.create_session(session("s", &ada.id, time())).await.unwrap();
            for _ in 0..5 {
                place
                    .sql(&format!(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                         WHERE pid <> pg_backend_pid() AND application_name = '{}'",
                        place.name()
                    ))
                    .await;
                let mut answers = 0;
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

#[tokio::test]
async fn zones_of_server_and_connection_do_not_matter() {
    Server::Postgres
        .run(async |place: Place| {
            migrated(&place).await;
            let url = format!("{}&options[timezone]=America/St_Johns", place.url);
            let there = PostgresAdapter::connect(&url).await.unwrap();
            let ada = there.create_user(ada()).await.unwrap();
            there.create_session(session("s", &ada.id, time())).await.unwrap();
            let here = place.postgres().await;
            for adapter in [&here, &there] {
                let (session, _) = adapter.session_and_user(&"s".into()).await.unwrap().unwrap();
                assert_eq!(session.expires, time());
            }
        })
        .await;
}

#[tokio::test]
async fn processes_may_start_at_the_same_time() {
    Server::Postgres
        .run(async |place: Place| {
            let starts: Vec<_> = (0..8)
                .map(|_| {
                    let url = place.url.clone();
                    tokio::spawn(
                        async move { PostgresAdapter::connect(&url).await?.migrate().await },
                    )
                })
                .collect();
            for start in starts {
                start.await.unwrap().unwrap();
            }
        })
        .await;
}

/// Longer than a statement may take that somebody waits for.
#[tokio::test]
async fn r107_a_migration_waits_for_its_turn() {
    Server::Postgres
        .run(async |place: Place| {
            let options = options().deadline(DEADLINE);
            let adapter = PostgresAdapter::connect_with(&place.url, options).await.unwrap();
            let mut other = place.postgres().await.store.driver.pool.begin().await.unwrap();
            sqlx::raw_sql(super::schema::LOCK).execute(&mut *other).await.unwrap();
            let mut migration = std::pin::pin!(adapter.migrate());
            let early = tokio::time::timeout(DEADLINE * 4, &mut migration).await;
            assert!(early.is_err(), "{early:?}");
            other.rollback().await.unwrap();
            migration.await.unwrap();
            assert_eq!(adapter.user("unknown").await.unwrap(), None);
        })
        .await;
}

#[tokio::test]
async fn tables_of_something_else_are_left_alone() {
    Server::Postgres
        .run(async |place: Place| {
            place.sql("CREATE TABLE sessions (id text)").await;
            let adapter = place.postgres().await;
            assert!(adapter.migrate().await.is_err());
            place.sql("CREATE TABLE users (id text)").await; // not made by the failed attempt
        })
        .await;
}

#[tokio::test]
async fn values_with_nul_are_refused() {
    Server::Postgres
        .run(async |place: Place| {
            let adapter = migrated(&place).await;
            let mut user = ada();
            user.name = Some("nul \0 inside".to_owned());
            assert!(adapter.create_user(user).await.is_err());
            let account = account("github", "\0");
            assert!(adapter.create_user_with_account(ada(), account).await.is_err());
            assert_eq!(adapter.user_by_email("ada@example.com").await.unwrap(), None);
        })
        .await;
}
