//! Migrations: run by several processes at once, and beside tables that something else made.

use sqlx::SqlSafeStr as _;

use super::{DEADLINE, Place, TestServer, on_each_server, options};
use crate::adapter::sql::pool::Protocol as _;
use crate::adapter::{SqlAdapter, UserStore as _};

on_each_server! {
    #[tokio::test] processes_may_start_at_the_same_time
    #[tokio::test] r107_a_migration_waits_for_its_turn
    #[tokio::test] tables_of_something_else_are_not_taken_over
    #[tokio::test] a_table_that_went_away_is_noticed
    #[tokio::test] tables_of_an_earlier_release_get_what_is_new
}

async fn processes_may_start_at_the_same_time<D: TestServer>(place: Place) {
    let starts: Vec<_> = (0..8)
        .map(|_| {
            let url = place.url.clone();
            tokio::spawn(async move { SqlAdapter::<D>::connect(&url).await?.migrate().await })
        })
        .collect();
    for start in starts {
        start.await.unwrap().unwrap();
    }
}

/// Longer than a statement may take that somebody waits for.
async fn r107_a_migration_waits_for_its_turn<D: TestServer>(place: Place) {
    let adapter = place.connect::<D>(options().deadline(DEADLINE)).await;
    let other = place.adapter::<D>().await;
    let mut other = other.store.driver.lend().await.unwrap();
    for statement in D::MIGRATION {
        let sql = statement.into_sql_str();
        D::Protocol::command(other.connection().unwrap(), sql).await.unwrap();
    }
    let mut migration = std::pin::pin!(adapter.migrate());
    let early = tokio::time::timeout(DEADLINE * 4, &mut migration).await;
    assert!(early.is_err(), "{early:?}");
    drop(other);
    migration.await.unwrap();
    assert_eq!(adapter.user("unknown").await.unwrap(), None);
}

async fn tables_of_something_else_are_not_taken_over<D: TestServer>(place: Place) {
    place.sql("CREATE TABLE sessions (id text)").await;
    let adapter = place.adapter::<D>().await;
    for _ in 0..2 {
        assert!(adapter.migrate().await.is_err());
    }
    place.sql("INSERT INTO sessions VALUES ('kept')").await;
}

async fn a_table_that_went_away_is_noticed<D: TestServer>(place: Place) {
    drop(place.migrated::<D>().await);
    for table in ["typegate_attempts", "sessions"] {
        place.sql(&format!("DROP TABLE {table}")).await;
        let said = SqlAdapter::<D>::connect(&place.url).await.unwrap_err().to_string();
        assert!(said.contains(&format!("the table `{table}` is not there")), "{said}");
    }
}

async fn tables_of_an_earlier_release_get_what_is_new<D: TestServer>(place: Place) {
    drop(place.migrated::<D>().await);
    for index in ["sessions_expires", "verification_tokens_expires", "typegate_attempts_ends"] {
        place.sql(&D::drop_index(index)).await;
    }
    place.sql(&format!("DELETE FROM typegate_migrations WHERE version > {}", D::ALL_TABLES)).await;
    let adapter = place.adapter::<D>().await;
    for _ in 0..2 {
        adapter.migrate().await.unwrap();
    }
    // They are there again.
    for index in ["sessions_expires", "verification_tokens_expires", "typegate_attempts_ends"] {
        place.sql(&D::drop_index(index)).await;
    }
}
