//! Which connections a pool lends again.

use std::time::{Duration, Instant};

use super::{IDLE_FOR, LIFETIME, MODEST_FOR, TRUSTED_FOR};
use crate::adapter::sql::tests::fault::Fault;
use crate::adapter::sql::tests::limit::limited;
use crate::adapter::sql::tests::silence::Network;
use crate::adapter::sql::tests::{Place, TestServer, on_each_server, options};
use crate::adapter::{SessionStore as _, SqlAdapter, UserStore as _};
use crate::testing::adapter::fixture::{account, ada, time};

on_each_server! {
    #[tokio::test] a_busy_connection_is_replaced_when_it_is_old
    #[tokio::test] a_connection_that_nobody_needed_is_closed
    #[tokio::test] a_server_that_refused_one_more_is_asked_again_later
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

async fn a_connection_that_nobody_needed_is_closed<D: TestServer>(place: Place) {
    drop(place.migrated::<D>().await);
    let adapter = place.connect::<D>(options().max_connections(3)).await;
    let driver = &adapter.store.driver;
    let all = tokio::join!(driver.lend(), driver.lend(), driver.lend());
    for lent in [all.0, all.1, all.2] {
        lent.unwrap().mark_clean();
    }
    age(&adapter, Duration::ZERO, IDLE_FOR + TRUSTED_FOR);
    // One after the other, and the one that is used stays.
    for left in [2, 1, 1] {
        adapter.user("unknown").await.unwrap();
        assert_eq!(driver.pool.idle().len(), left);
    }
}

async fn a_server_that_refused_one_more_is_asked_again_later<D: TestServer>(place: Place) {
    limited::<D>(&place, 1, async |url| {
        let adapter =
            SqlAdapter::<D>::connect_with(&url, options().max_connections(2)).await.unwrap();
        let pool = &adapter.store.driver.pool;
        let look = || Box::pin(adapter.user("unknown"));
        let mut first = adapter.store.driver.lend().await.unwrap();
        let is_refused = async {
            while pool.given_up.lock().unwrap().is_none() {
                tokio::task::yield_now().await;
            }
            first.mark_clean();
            drop(first);
        };
        let (found, ()) = tokio::join!(look(), is_refused);
        assert_eq!(found.unwrap(), None);
        assert_eq!(pool.turns.available_permits(), 1);
        let (turns, since) = pool.given_up.lock().unwrap().unwrap();
        let since = since.checked_sub(MODEST_FOR + TRUSTED_FOR).unwrap();
        *pool.given_up.lock().unwrap() = Some((turns, since));
        look().await.unwrap();
        assert_eq!(pool.turns.available_permits(), 2);
    })
    .await;
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
