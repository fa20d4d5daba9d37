//! Redis Sentinel: a primary, a replica and one who watches them.

use super::servers::{Watched, catches_up, program, server, until};
use super::{conform, refusal, with_ada_at};
use crate::adapter::sqlite::tests::in_memory;
use crate::adapter::{RedisAdapter, RedisAddress, SessionStore as _};
use crate::testing::adapter::fixture::{session, time};

fn address(watched: &Watched) -> RedisAddress {
    // The first one is gone, and the next one is asked.
    RedisAddress::sentinel(
        ["redis://127.0.0.1:1".to_owned(), watched.sentinel.url()],
        "redis://mymaster",
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_behind_a_sentinel_conforms() {
    let Some(program) = program() else { return };
    let watched = Watched::start(&program).await;
    let fresh = async || {
        watched.primary.ask::<()>("FLUSHALL").await.unwrap();
        RedisAdapter::connect(address(&watched), in_memory().await).await.unwrap()
    };
    conform(fresh, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_was_killed_has_a_successor() {
    goes_on(|watched| watched.primary.kill(), async |_| {}).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_went_silent_has_a_successor() {
    goes_on(|watched| watched.primary.silence(), async |_| {}).await;
}

/// The former primary lives on as a replica, and takes no writes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_was_replaced_is_left() {
    let replace = async |watched: &Watched| {
        until("the Sentinel replaces it", async || {
            watched.sentinel.ask::<()>("SENTINEL FAILOVER mymaster").await.is_ok()
        })
        .await;
    };
    goes_on(|_| {}, replace).await;
}

async fn goes_on(lose: impl FnOnce(&mut Watched), replace: impl AsyncFnOnce(&Watched)) {
    let Some(program) = program() else { return };
    let mut watched = Watched::start(&program).await;
    let (adapter, id) = with_ada_at(address(&watched)).await;
    for number in 0..20 {
        adapter.create_session(session(&format!("s{number}"), &id, time())).await.unwrap();
    }
    catches_up(&watched.primary, &watched.replica).await;
    lose(&mut watched);
    replace(&watched).await;
    let mut number = 0;
    until("the successor takes writes", async || {
        let found = adapter.session_and_user(&"s7".into()).await;
        if let Ok(found) = found {
            assert!(found.is_some(), "an error until then, and never an absence");
        }
        // Two are primaries for a moment, and what the former one takes then is lost.
        let is_over = watched.replica.is_primary().await && !watched.primary.is_primary().await;
        number += 1;
        let made = adapter.create_session(session(&format!("n{number}"), &id, time())).await;
        is_over && made.is_ok()
    })
    .await;
    for number in 0..20 {
        let found = adapter.session_and_user(&format!("s{number}").as_str().into()).await.unwrap();
        assert!(found.is_some());
    }
    adapter.create_session(session("after", &id, time())).await.unwrap();
    let key = adapter.keys.session(&crate::adapter::redis::key::handle(&"after".into()));
    assert!(watched.replica.ask::<bool>(&format!("EXISTS {key}")).await.unwrap());
}

#[tokio::test]
async fn what_is_no_sentinel_or_no_primary_is_told() {
    let Some(program) = program() else { return };
    let watched = Watched::start(&program).await;
    let sentinel = watched.sentinel.url();
    let refused = refusal(sentinel.clone()).await;
    assert!(refused.contains("`RedisAddress::sentinel([…], …)`"), "{refused}");
    let refused = refusal(watched.replica.url()).await;
    assert!(refused.contains("the server is a replica"), "{refused}");
    let refused = refusal(RedisAddress::sentinel([sentinel], "redis://othermaster")).await;
    assert!(refused.contains("sentinel monitor"), "{refused}");
    let alone = server(&program, &[]).await;
    let refused = refusal(RedisAddress::sentinel([alone.url()], "redis://mymaster")).await;
    assert!(refused.contains("without `RedisAddress::sentinel`"), "{refused}");
    let refused = refusal(RedisAddress::sentinel(Vec::<String>::new(), "redis://mymaster")).await;
    assert!(refused.contains("there is no address"), "{refused}");
}
