//! What only the adapter for MySQL does, and what it does when the server fails.

use std::time::{Duration, Instant};

use super::MySqlAdapter;
use super::driver::{connect, returns_deleted};
use crate::adapter::database_url::{DatabaseUrl, MYSQL};
use crate::adapter::sql::tests::{Place, Server, options};
use crate::adapter::sql::{DatabaseOptions, Dialect, Driver as _};
use crate::adapter::tests::fails_everywhere;
use crate::adapter::{SessionStore as _, UserStore as _};
use crate::error::chain;
use crate::model::NewUser;
use crate::testing::adapter::fixture::{ada, new_user, session, time};

/// Short, so that tests of waiting are over soon. The server counts in seconds.
const DEADLINE: Duration = Duration::from_millis(300);

/// As on a server that does not return what it deletes.
pub(in crate::adapter) async fn without_returning(url: &str) -> MySqlAdapter {
    let options = DatabaseOptions::default();
    let url = DatabaseUrl::parse(url, &MYSQL).unwrap();
    let driver = connect(&url, &options).await.unwrap();
    MySqlAdapter::over(driver, Dialect::MySql { returning: false }, options).await.unwrap()
}

async fn migrated(place: &Place) -> MySqlAdapter {
    let adapter = place.mysql().await;
    adapter.migrate().await.unwrap();
    adapter
}

#[test]
fn servers_are_told_apart_by_their_version() {
    for (version, returns) in [
        ("10.11.19-MariaDB-0+deb12u1", true),
        ("5.5.5-10.11.19-MariaDB", true),
        ("10.5.0-MariaDB", true),
        ("10.4.34-MariaDB", false),
        ("8.4.3", false),
        ("8.0.36-0ubuntu0.22.04.1", false),
        ("11.0.1-MariaDB", true),
    ] {
        assert_eq!(returns_deleted(version), returns, "{version}");
    }
}

#[tokio::test]
async fn addresses_of_other_databases_are_refused() {
    for url in ["", "localhost", "sqlite::memory:", "postgres://localhost/test"] {
        assert!(MySqlAdapter::connect(url).await.is_err(), "{url}");
    }
}

#[tokio::test]
async fn r106_a_server_that_is_down_is_an_error_in_time() {
    let start = Instant::now();
    let url = "mysql://nobody@127.0.0.1:1/nothing";
    let down = MySqlAdapter::connect_with(url, options().deadline(DEADLINE)).await;
    let said = chain(&down.unwrap_err());
    assert!(said.contains("refused"), "{said}");
    assert!(start.elapsed() < DEADLINE * 10);
}

#[tokio::test]
async fn r106_missing_tables_are_an_error_and_not_an_absence() {
    Server::MySql.run(async |place: Place| fails_everywhere(&place.mysql().await).await).await;
}

#[tokio::test]
async fn r106_an_exhausted_pool_is_an_error_and_not_an_absence() {
    Server::MySql
        .run(async |place: Place| {
            drop(migrated(&place).await);
            let options = options().max_connections(1).deadline(DEADLINE);
            let adapter = MySqlAdapter::connect_with(&place.url, options).await.unwrap();
            let busy = adapter.store.driver.begin().await.unwrap();
            fails_everywhere(&adapter).await;
            drop(busy);
            assert_eq!(adapter.user("unknown").await.unwrap(), None);
        })
        .await;
}

#[tokio::test]
async fn r106_a_statement_that_takes_too_long_is_an_error() {
    Server::MySql
        .run(async |place: Place| {
            let first = migrated(&place).await;
            let ada = first.create_user(ada()).await.unwrap();
            let options = options().deadline(DEADLINE);
            let adapter = MySqlAdapter::connect_with(&place.url, options).await.unwrap();
            let mut lock = first.store.driver.pool.begin().await.unwrap();
            sqlx::raw_sql("SELECT * FROM users FOR UPDATE").execute(&mut *lock).await.unwrap();
            assert!(adapter.delete_user(&ada.id).await.is_err());
            lock.rollback().await.unwrap();
            assert_eq!(adapter.user(&ada.id).await.unwrap(), Some(ada));
        })
        .await;
}

#[tokio::test]
async fn r106_lost_connections_never_look_like_absence() {
    Server::MySql
        .run(async |place: Place| {
            let adapter = migrated(&place).await;
            let ada = adapter.create_user(ada()).await.unwrap();
            adapter.create_session(session("s", &ada.id, time())).await.unwrap();
            for _ in 0..5 {
                let mut own = adapter.store.driver.pool.acquire().await.unwrap();
                let id: u64 = sqlx::query_scalar("SELECT CONNECTION_ID()")
                    .fetch_one(&mut *own)
                    .await
                    .unwrap();
                drop(own);
                place.sql(&format!("KILL {id}")).await;
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
    Server::MySql
        .run(async |place: Place| {
            let here = migrated(&place).await;
            let url = format!("{}&timezone=%2B05:30", place.url);
            let there = MySqlAdapter::connect(&url).await.unwrap();
            let ada = there.create_user(ada()).await.unwrap();
            there.create_session(session("s", &ada.id, time())).await.unwrap();
            for adapter in [&here, &there] {
                let (session, _) = adapter.session_and_user(&"s".into()).await.unwrap().unwrap();
                assert_eq!(session.expires, time());
            }
        })
        .await;
}

#[tokio::test]
async fn r107_a_migration_goes_on_where_an_earlier_one_ended() {
    Server::MySql
        .run(async |place: Place| {
            let adapter = migrated(&place).await;
            // The process ended between the second table and its record.
            place.sql("DROP TABLE verification_tokens").await;
            place.sql("DROP TABLE sessions").await;
            place.sql("DELETE FROM typegate_migrations WHERE version > 1").await;
            adapter.migrate().await.unwrap();
            let ada = adapter.create_user(ada()).await.unwrap();
            adapter.create_session(session("s", &ada.id, time())).await.unwrap();
            adapter.migrate().await.unwrap();
        })
        .await;
}

/// Longer than a statement may take that somebody waits for.
#[tokio::test]
async fn r107_a_migration_waits_for_its_turn() {
    Server::MySql
        .run(async |place: Place| {
            let options = options().deadline(DEADLINE);
            let adapter = MySqlAdapter::connect_with(&place.url, options).await.unwrap();
            let mut other = place.mysql().await.store.driver.pool.acquire().await.unwrap().detach();
            sqlx::raw_sql(super::schema::LOCK).execute(&mut other).await.unwrap();
            let mut migration = std::pin::pin!(adapter.migrate());
            let early = tokio::time::timeout(DEADLINE * 4, &mut migration).await;
            assert!(early.is_err(), "{early:?}");
            drop(other);
            migration.await.unwrap();
            assert_eq!(adapter.user("unknown").await.unwrap(), None);
        })
        .await;
}

#[tokio::test]
async fn tables_of_something_else_are_not_taken_over() {
    Server::MySql
        .run(async |place: Place| {
            place.sql("CREATE TABLE sessions (id text)").await;
            let adapter = place.mysql().await;
            for _ in 0..2 {
                assert!(adapter.migrate().await.is_err());
            }
            place.sql("INSERT INTO sessions VALUES ('kept')").await;
        })
        .await;
}

#[tokio::test]
async fn texts_that_do_not_fit_are_refused_and_not_cut() {
    Server::MySql
        .run(async |place: Place| {
            let adapter = migrated(&place).await;
            let long = "x".repeat(300);
            assert!(adapter.create_user(new_user(&long)).await.is_err());
            let ada = adapter.create_user(NewUser::default()).await.unwrap();
            assert!(adapter.create_session(session(&long, &ada.id, time())).await.is_err());
            let token = long.get(..255).unwrap().into();
            assert!(adapter.session_and_user(&token).await.unwrap().is_none());
        })
        .await;
}

#[tokio::test]
async fn processes_may_start_at_the_same_time() {
    Server::MySql
        .run(async |place: Place| {
            let starts: Vec<_> = (0..8)
                .map(|_| {
                    let url = place.url.clone();
                    tokio::spawn(async move { MySqlAdapter::connect(&url).await?.migrate().await })
                })
                .collect();
            for start in starts {
                start.await.unwrap().unwrap();
            }
        })
        .await;
}
