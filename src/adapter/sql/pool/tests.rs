//! Which connections a pool lends again.

use std::time::{Duration, Instant};

use super::{LIFETIME, TRUSTED_FOR};
use crate::adapter::sql::tests::fault::Fault;
use crate::adapter::sql::tests::silence::Network;
use crate::adapter::sql::tests::{Place, TestServer, on_each_server, options};
use crate::adapter::{SessionStore as _, SqlAdapter, UserStore as _};
use crate::testing::adapter::fixture::{account, ada, time};

on_each_server! {
    #[tokio::test] a_busy_connection_is_replaced_when_it_is_old
    #[tokio::test] r106_an_outdated_connection_is_left
    #[tokio::test] r106_an_idle_connection_that_went_silent_costs_no_answer
}

/// As if what is idle had been opened and used so much earlier.
fn age<D: TestServer>(adapter: &SqlAdapter<D>, opened: Duration, used: Duration) {
    for open in adapter.store.driver.pool.idle().iter_mut() {
        open.opened = open.opened.checked_sub(opened).unwrap();
        open.used = open.used.checked_sub(used).unwrap();
    }
}

/// When the one connection of a pool was opened, which tells it from another one.
fn opened<D: TestServer>(adapter: &SqlAdapter<D>) -> Option<Instant> {
    let pool = &adapter.store.driver.pool;
    let idle = pool.idle();
    assert!(idle.len() <= 1, "{}", idle.len());
    idle.first().map(|open| open.opened)
}

async fn one_connection<D: TestServer>(place: &Place) -> SqlAdapter<D> {
    drop(place.migrated::<D>().await);
    place.connect(options().max_connections(1)).await
}

async fn a_busy_connection_is_replaced_when_it_is_old<D: TestServer>(place: Place) {
    let adapter = one_connection::<D>(&place).await;
    let first = opened(&adapter);
    adapter.user("unknown").await.unwrap();
    assert_eq!(opened(&adapter), first);
    age(&adapter, LIFETIME, Duration::ZERO);
    adapter.user("unknown").await.unwrap();
    assert!(opened(&adapter) > first);
}

/// The name of a server that takes no writes leads to another one by then; a table that has other
/// columns by now needs its statements prepared anew.
async fn r106_an_outdated_connection_is_left<D: TestServer>(place: Place) {
    let adapter = one_connection::<D>(&place).await;
    let injection = &adapter.store.driver.pool.fault;
    // In the middle of a transaction, too.
    for (fault, statements) in D::OUTDATED.iter().flat_map(|fault| [(fault, 0), (fault, 1)]) {
        let first = opened(&adapter);
        injection.after(statements, Fault::Instead(fault));
        let failed = adapter.create_user_with_account(ada(), account("github", "1")).await;
        assert!(failed.is_err() && !injection.is_left(), "{fault}: {failed:?}");
        adapter.user("unknown").await.unwrap();
        assert!(opened(&adapter) > first, "{fault} at {statements}");
        injection.after(0, Fault::Instead(fault));
        let first = opened(&adapter);
        adapter.update_session(&"unknown".into(), time()).await.unwrap_err();
        adapter.user("unknown").await.unwrap();
        assert!(opened(&adapter) > first, "{fault} alone");
    }
    // Any other that a server refuses is kept.
    let first = opened(&adapter);
    injection.after(0, Fault::Instead("SELEC"));
    adapter.user("unknown").await.unwrap_err();
    adapter.user("unknown").await.unwrap();
    assert_eq!(opened(&adapter), first);
}

async fn r106_an_idle_connection_that_went_silent_costs_no_answer<D: TestServer>(place: Place) {
    drop(place.migrated::<D>().await);
    let network = Network::before(&place.url, D::PORT).await;
    let options = options().max_connections(3).deadline(Duration::from_secs(3));
    let adapter = SqlAdapter::<D>::connect_with(&network.url, options).await.unwrap();
    let driver = &adapter.store.driver;
    let all = tokio::join!(driver.lend(), driver.lend(), driver.lend());
    for lent in [all.0, all.1, all.2] {
        lent.unwrap().mark_clean();
    }
    network.cut();
    age(&adapter, Duration::ZERO, TRUSTED_FOR);
    assert_eq!(adapter.user("unknown").await.unwrap(), None);
}
