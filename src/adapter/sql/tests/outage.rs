//! Servers that fail: every call is an error in time, and none is taken for an absence.

use std::time::Instant;

use sqlx::SqlSafeStr as _;

use super::{DEADLINE, Place, TestServer, on_each_server, options};
use crate::adapter::sql::Driver as _;
use crate::adapter::sql::pool::Protocol as _;
use crate::adapter::tests::fails_everywhere;
use crate::adapter::{SessionStore as _, SqlAdapter, UserStore as _};
use crate::error::chain;
use crate::testing::adapter::fixture::{ada, session, time};

on_each_server! {
    #[tokio::test] r106_a_server_that_is_down_is_an_error_in_time
    #[tokio::test] r106_missing_tables_are_an_error_and_not_an_absence
    #[tokio::test] r106_an_exhausted_pool_is_an_error_and_not_an_absence
    #[tokio::test] r106_a_statement_that_takes_too_long_is_an_error
    #[tokio::test] r106_lost_connections_never_look_like_absence
}

async fn r106_a_server_that_is_down_is_an_error_in_time<D: TestServer>(_: Place) {
    let start = Instant::now();
    let url = format!("{}nobody@127.0.0.1:1/nothing", D::SCHEME);
    let down = SqlAdapter::<D>::connect_with(&url, options().deadline(DEADLINE)).await;
    let said = chain(&down.unwrap_err());
    assert!(said.contains("refused"), "{said}");
    assert!(start.elapsed() < DEADLINE * 10);
}

async fn r106_missing_tables_are_an_error_and_not_an_absence<D: TestServer>(place: Place) {
    fails_everywhere(&place.adapter::<D>().await).await;
}

async fn r106_an_exhausted_pool_is_an_error_and_not_an_absence<D: TestServer>(place: Place) {
    drop(place.migrated::<D>().await);
    let adapter = place.connect::<D>(options().max_connections(1).deadline(DEADLINE)).await;
    let busy = adapter.store.driver.begin().await.unwrap();
    fails_everywhere(&adapter).await;
    drop(busy);
    assert_eq!(adapter.user("unknown").await.unwrap(), None);
}

async fn r106_a_statement_that_takes_too_long_is_an_error<D: TestServer>(place: Place) {
    let first = place.migrated::<D>().await;
    let ada = first.create_user(ada()).await.unwrap();
    let adapter = place.connect::<D>(options().deadline(DEADLINE)).await;
    let mut lent = first.store.driver.lend().await.unwrap();
    lent.begin().await.unwrap();
    let lock = lent.connection().unwrap();
    D::Protocol::command(lock, D::LOCK_USERS.into_sql_str()).await.unwrap();
    assert!(adapter.delete_user(&ada.id).await.is_err());
    assert_eq!(adapter.user("unknown").await.is_err(), D::LOCK_IS_FOR_READERS);
    D::Protocol::roll_back(lock).await.unwrap();
    assert_eq!(adapter.user("unknown").await.unwrap(), None);
    assert_eq!(adapter.user(&ada.id).await.unwrap(), Some(ada));
}

async fn r106_lost_connections_never_look_like_absence<D: TestServer>(place: Place) {
    let adapter = place.migrated::<D>().await;
    let ada = adapter.create_user(ada()).await.unwrap();
    adapter.create_session(session("s", &ada.id, time())).await.unwrap();
    for _ in 0..5 {
        D::disconnect(&adapter, &place).await;
        let mut answers = 0;
        while answers < 20 {
            // An error at first, the session as soon as there is a connection again.
            if let Ok(answer) = adapter.session_and_user(&"s".into()).await {
                assert!(answer.is_some());
                answers += 1;
            }
        }
    }
}
