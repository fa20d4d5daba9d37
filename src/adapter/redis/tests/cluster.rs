//! Redis Cluster: three primaries with a replica each.

use std::sync::Mutex;
use std::time::Duration;

use jiff::ToSpan as _;
use redis::cluster_routing::Slot;

use super::load::{Load, is_kept};
use super::servers::{Cluster, Server, program, server, until};
use super::{conform, refusal, with_ada_at};
use crate::adapter::redis::key::handle;
use crate::adapter::sqlite::tests::in_memory;
use crate::adapter::{
    MemoryAdapter, RedisAdapter, RedisAddress, SessionStore as _, UserSessionStore as _,
    UserStore as _, VerificationTokenStore as _,
};
use crate::testing::adapter::fixture::{grace, link_for, session, time};

/// Nobody is taken for lost, however busy the machine is.
const NEVER: u32 = 60_000;
/// What no call takes, on a machine however busy.
const IN_TIME: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_cluster_conforms() {
    let Some(program) = program() else { return };
    let cluster = Cluster::start(&program, NEVER).await;
    let fresh = async || {
        cluster.clear().await;
        let nodes = RedisAddress::cluster(cluster.urls());
        RedisAdapter::connect(nodes, in_memory().await).await.unwrap()
    };
    conform(fresh, &[]).await;
    // Sessions of one user are at several nodes, and are listed and ended together.
    let (adapter, id) = with_ada_at(RedisAddress::cluster(cluster.urls())).await;
    for number in 0..50 {
        adapter.create_session(session(&format!("s{number}"), &id, time())).await.unwrap();
    }
    for primary in &cluster.primaries {
        assert!(primary.ask::<u64>("DBSIZE").await.unwrap() > 0);
    }
    assert_eq!(adapter.sessions_of_user(&id).await.unwrap().len(), 50);
    assert_eq!(adapter.delete_sessions_of_user(&id, Some(&"s7".into())).await.unwrap(), 49);
    assert_eq!(adapter.sessions_of_user(&id).await.unwrap().len(), 1);
}

/// A replica takes over when it has all that its primary has, which Redis calls a manual failover.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_planned_failover_loses_no_session_and_brings_none_back() {
    let Some(program) = program() else { return };
    let cluster = Cluster::start(&program, NEVER).await;
    let (adapter, id) = with_ada_at(RedisAddress::cluster(cluster.urls())).await;
    let load = Load::start(&adapter, &id, 0);
    for replica in &cluster.replicas {
        load.goes_on().await;
        replica.ask::<()>("CLUSTER FAILOVER").await.unwrap();
        until("the replica takes over", async || replica.is_primary().await).await;
    }
    load.goes_on().await;
    let acknowledged = load.end().await;
    assert!(acknowledged.ended.len() > 20);
    is_kept(&adapter, &acknowledged).await;
    // All that know the former primaries only find the way too.
    let former: Vec<_> = cluster.primaries.iter().map(|node| node.url()).collect();
    let users = in_memory().await;
    let other = RedisAdapter::connect(RedisAddress::cluster(former), users).await.unwrap();
    other.create_verification_token(link_for("ada@example.com", "t")).await.unwrap();
    assert!(other.use_verification_token("ada@example.com", &"t".into()).await.unwrap().is_some());
}

/// Slots move to another node, key by key, as in a cluster that grows: those of the sets of users, which
/// are changed in transactions, and that of sessions.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slot_that_moves_loses_no_session_and_costs_nobody_an_error() {
    let Some(program) = program() else { return };
    let cluster = Cluster::start(&program, NEVER).await;
    let (adapter, ada) = with_ada_at(RedisAddress::cluster(cluster.urls())).await;
    let grace = adapter.create_user(grace()).await.unwrap().id;
    let key = |token: &str| adapter.keys.session(&handle(&token.into()));
    let slot = Slot::for_key(key("kept"));
    let beside = (0..).map(|number| format!("beside-{number}"));
    let beside = Mutex::new(beside.filter(|token| Slot::for_key(key(token)) == slot));
    let next = || beside.lock().unwrap().next().unwrap();
    let there = [String::from("kept"), next(), next()];
    for token in &there {
        adapter.create_session(session(token, &grace, time())).await.unwrap();
    }
    let load = [0, 1, 2, 3].map(|number| Load::start(&adapter, &ada, number));
    let meanwhile = async |when: &str| {
        let failed = |error| panic!("{when}: {error}");
        for token in &there {
            let token = token.as_str().into();
            let found = adapter.session_and_user(&token).await.unwrap_or_else(failed);
            assert!(found.is_some(), "{when}");
            adapter.update_session(&token, time() + 1.hour()).await.unwrap();
        }
        let new = next();
        adapter.create_session(session(&new, &grace, time())).await.unwrap();
        let listed = adapter.sessions_of_user(&grace).await.unwrap();
        let mut listed: Vec<_> = listed.iter().map(|one| one.session_token.expose()).collect();
        let mut all: Vec<_> = there.iter().chain([&new]).collect();
        listed.sort();
        all.sort();
        assert_eq!(listed, all, "{when}");
        assert!(adapter.delete_session(&new.as_str().into()).await.unwrap().is_some(), "{when}");
        for load in &load {
            load.goes_on().await;
            load.met_no_error(when);
        }
    };
    meanwhile("at first").await;
    let sets = [&grace, &ada].map(|user| adapter.keys.sessions_of_user(user));
    for moved in sets.into_iter().chain([key("kept")]) {
        cluster.move_slot_of(&moved, meanwhile).await;
    }
    for load in load {
        is_kept(&adapter, &load.end().await).await;
    }
    for token in &there {
        let found = adapter.session_and_user(&token.as_str().into()).await.unwrap();
        assert_eq!(found.unwrap().0.expires, time() + 1.hour(), "{token}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_was_killed_signs_nobody_out() {
    loses_a_primary(|primary| primary.kill()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_went_silent_signs_nobody_out() {
    loses_a_primary(|primary| primary.silence()).await;
}

/// An error in time and never an absence, for those who were connected and for those who come.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_of_which_no_node_is_left_is_an_error_in_time() {
    let Some(program) = program() else { return };
    let mut cluster = Cluster::start(&program, NEVER).await;
    let (adapter, id) = with_ada_at(RedisAddress::cluster(cluster.urls())).await;
    adapter.create_session(session("s", &id, time())).await.unwrap();
    let urls = cluster.urls();
    cluster.primaries.iter_mut().chain(&mut cluster.replicas).for_each(Server::kill);
    for number in 0..10 {
        let found = tokio::time::timeout(IN_TIME, adapter.session_and_user(&"s".into())).await;
        assert!(found.expect("reads end").is_err(), "{number}");
        let made = adapter.create_session(session(&format!("new-{number}"), &id, time()));
        assert!(tokio::time::timeout(IN_TIME, made).await.expect("writes end").is_err());
        let listed = tokio::time::timeout(IN_TIME, adapter.sessions_of_user(&id)).await;
        assert!(listed.expect("lists end").is_err());
    }
    let refused = tokio::time::timeout(IN_TIME, refusal(RedisAddress::cluster(urls))).await;
    let refused = refused.expect("a start ends");
    assert!(refused.contains("refused"), "{refused}");
}

async fn loses_a_primary(lose: impl FnOnce(&mut Server)) {
    const SOON: u32 = 2_000;
    let Some(program) = program() else { return };
    let mut cluster = Cluster::start(&program, SOON).await;
    let (adapter, id) = with_ada_at(RedisAddress::cluster(cluster.urls())).await;
    let tokens: Vec<_> = (0..60).map(|number| format!("s{number}")).collect();
    for token in &tokens {
        adapter.create_session(session(token, &id, time())).await.unwrap();
    }
    cluster.is_replicated().await;
    lose(&mut cluster.primaries[0]);
    for token in &tokens {
        until("there is a successor", async || {
            // An error until then, and never an absence.
            let found = adapter.session_and_user(&token.as_str().into()).await;
            found.is_ok_and(|found| {
                assert!(found.is_some(), "{token}");
                true
            })
        })
        .await;
    }
    for number in 0..60 {
        let token = format!("after-{number}");
        adapter.create_session(session(&token, &id, time())).await.unwrap();
    }
    assert_eq!(adapter.sessions_of_user(&id).await.unwrap().len(), 120);
}

#[tokio::test]
async fn one_kind_of_server_taken_for_another_is_told() {
    let Some(program) = program() else { return };
    let cluster = Cluster::start(&program, NEVER).await;
    let refused = refusal(cluster.primaries[1].url()).await;
    assert!(refused.contains("`RedisAddress::cluster([…])`"), "{refused}");
    let alone = server(&program, &[]).await;
    let refused = refusal(RedisAddress::cluster([alone.url()])).await;
    assert!(refused.contains("without `RedisAddress::cluster`"), "{refused}");
    let refused = refusal(RedisAddress::cluster(Vec::<String>::new())).await;
    assert!(refused.contains("there is no address"), "{refused}");
    let mixed =
        [cluster.primaries[0].url(), cluster.primaries[1].url().replace("redis:", "rediss:")];
    let refused = refusal(RedisAddress::cluster(mixed)).await;
    assert!(refused.contains("different TLS modes"), "{refused}");
    // A cluster of one node serves every key, so it is a server.
    let one = server(&program, &["--cluster-enabled", "yes", "--cluster-port", "BUS"]).await;
    one.ask::<()>("CLUSTER ADDSLOTSRANGE 0 16383").await.unwrap();
    until("the node is ready", async || one.says("CLUSTER INFO", "cluster_state:ok").await).await;
    RedisAdapter::connect(one.url(), MemoryAdapter::new()).await.unwrap();
}
