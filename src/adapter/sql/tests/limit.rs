//! Servers that let in fewer than a pool would like, and those that let nobody in.

use std::time::{Duration, Instant};

use tokio::net::TcpListener;

use super::{Place, TestServer, on_each_server, options};
use crate::adapter::tests::cleaned_up;
use crate::adapter::{SqlAdapter, UserStore as _};

on_each_server! {
    #[tokio::test] a_pool_is_as_large_as_its_server_lets_it_be
    #[tokio::test] a_server_that_lets_nobody_in_is_told_at_once
    #[tokio::test] a_server_that_is_not_there_is_told_at_once
    #[tokio::test] deadlines_of_days_are_kept
}

/// Runs a test with the address of a user who may have so many connections.
pub(in crate::adapter) async fn limited<D: TestServer>(
    place: &Place,
    limit: u32,
    test: impl AsyncFnOnce(String),
) {
    let made = D::LIMITED_USER.replace("{limit}", &limit.to_string());
    with_user::<D>(place, &made, test).await;
}

/// Runs a test with the address of a user of its own, whom this makes.
pub(super) async fn with_user<D: TestServer>(
    place: &Place,
    made: &str,
    test: impl AsyncFnOnce(String),
) {
    drop(place.migrated::<D>().await);
    let user: String = place.name().chars().take(30).collect();
    let sql =
        |statements: &str| statements.replace("{user}", &user).replace("{place}", place.name());
    place.sql(&sql(made)).await;
    let mut url: url::Url = place.url.parse().unwrap();
    url.set_username(&user).unwrap();
    url.set_password(Some("pw")).unwrap();
    cleaned_up(test(url.into()), place.sql(&sql(D::NO_LIMITED_USER))).await;
}

async fn a_pool_is_as_large_as_its_server_lets_it_be<D: TestServer>(place: Place) {
    limited::<D>(&place, 2, async |url| {
        let adapter = SqlAdapter::<D>::connect_with(&url, options()).await.unwrap();
        for _ in 0..50 {
            assert_eq!(adapter.user("unknown").await.unwrap(), None);
        }
        let callers: Vec<_> = (0..20)
            .map(|_| {
                let adapter = adapter.clone();
                tokio::spawn(async move {
                    for _ in 0..20 {
                        adapter.user("unknown").await?;
                    }
                    Ok::<_, crate::AdapterError>(())
                })
            })
            .collect();
        for caller in callers {
            caller.await.unwrap().unwrap();
        }
    })
    .await;
}

async fn a_server_that_lets_nobody_in_is_told_at_once<D: TestServer>(place: Place) {
    limited::<D>(&place, 1, async |url| {
        let _one = SqlAdapter::<D>::connect_with(&url, options()).await.unwrap();
        let start = Instant::now();
        let other = SqlAdapter::<D>::connect_with(&url, options()).await;
        let said = other.unwrap_err().to_string();
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
        for part in [" at `127.0.0.1:", D::LIMIT_REACHED, "`max_connections`"] {
            assert!(said.contains(part), "{said}");
        }
    })
    .await;
}

async fn a_server_that_is_not_there_is_told_at_once<D: TestServer>(_: Place) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let start = Instant::now();
    let url = format!("{}ada:pw-canary@{address}/auth", D::SCHEME);
    let nobody = SqlAdapter::<D>::connect_with(&url, options()).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    for said in [nobody.to_string(), format!("{nobody:?}")] {
        assert!(said.contains(&format!(" at `{address}`: ")), "{said}");
        assert!(said.contains("refused"), "{said}");
        assert!(!said.contains("pw-canary"), "{said}");
    }
}

async fn deadlines_of_days_are_kept<D: TestServer>(place: Place) {
    drop(place.migrated::<D>().await);
    for deadline in [Duration::from_secs(40 * 24 * 3600), Duration::MAX] {
        let adapter = place.connect::<D>(options().deadline(deadline)).await;
        assert_eq!(adapter.user("unknown").await.unwrap(), None);
        adapter.delete_user("unknown").await.unwrap();
    }
}
