//! Silence: the host of a server goes away without a word, and another one takes over its address.

use tokio::io::{AsyncReadExt as _, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use url::Url;

use super::{DEADLINE, Place, TestServer, on_each_server, options};
use crate::adapter::sql::Driver as _;
use crate::adapter::{SqlAdapter, UserStore};

on_each_server! {
    #[tokio::test] r106_connections_that_went_silent_do_not_fill_a_pool
    #[tokio::test] r106_questions_about_a_server_that_went_silent_end_in_time
    #[tokio::test] r106_a_server_that_goes_silent_at_any_point_of_the_start_is_an_error_in_time
}

async fn r106_connections_that_went_silent_do_not_fill_a_pool<D: TestServer>(place: Place) {
    drop(place.migrated::<D>().await);
    let network = Network::before(&place.url, D::PORT).await;
    let options = options().max_connections(2).deadline(DEADLINE);
    let adapter = SqlAdapter::connect_with(&network.url, options).await.unwrap();
    goes_on::<D>(&network, &adapter).await;
}

/// What is asked of the server itself, beside statements.
async fn r106_questions_about_a_server_that_went_silent_end_in_time<D: TestServer>(place: Place) {
    drop(place.migrated::<D>().await);
    let network = Network::before(&place.url, D::PORT).await;
    let options = options().max_connections(1).deadline(DEADLINE);
    let adapter = SqlAdapter::<D>::connect_with(&network.url, options).await.unwrap();
    let driver = &adapter.store.driver;
    let in_time = DEADLINE * 50;
    fill(&adapter, "at first").await;
    network.cut();
    let answer = tokio::time::timeout(in_time, D::takes_writes(driver)).await;
    assert!(answer.expect("whether it takes writes").is_err());
    fill(&adapter, "after that").await;
    network.cut();
    let answer = tokio::time::timeout(in_time, D::zone(driver)).await;
    // PostgreSQL is not asked.
    assert!(answer.expect("its zone").is_err() || D::SCHEME.starts_with("postgres"));
    fill(&adapter, "after all").await;
}

async fn r106_a_server_that_goes_silent_at_any_point_of_the_start_is_an_error_in_time<
    D: TestServer,
>(
    place: Place,
) {
    drop(place.migrated::<D>().await);
    let mut starts = tokio::task::JoinSet::new();
    for bytes in (0..3000).step_by(60) {
        let network = Network::up_to(bytes, &place.url, D::PORT).await;
        starts.spawn(async move {
            let options = options().max_connections(1).deadline(DEADLINE);
            let started = SqlAdapter::<D>::connect_with(&network.url, options);
            let started = tokio::time::timeout(DEADLINE * 50, started).await;
            assert!(started.is_ok(), "silent after {bytes} bytes");
            started.is_ok_and(|started| started.is_err())
        });
    }
    let started = starts.join_all().await;
    assert!(started.contains(&true), "some of them are too early");
}

/// What stands between a pool and its server.
pub(in crate::adapter) struct Network {
    pub(in crate::adapter) url: String,
    /// How often everything that was connected was cut off, without either side hearing of it.
    cut: watch::Sender<u32>,
}

impl Network {
    pub(in crate::adapter) async fn before(url: &str, port: u16) -> Self {
        Self::up_to(u64::MAX, url, port).await
    }

    /// Of each connection, so many bytes of the server come through.
    async fn up_to(bytes: u64, url: &str, port: u16) -> Self {
        let mut url: Url = url.parse().unwrap();
        let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(port));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        let cut = watch::Sender::new(0);
        let cuts = cut.clone();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let mut server = TcpStream::connect(&server).await.unwrap();
                let mut cut = cuts.subscribe();
                tokio::spawn(async move {
                    let (mut from_server, mut to_server) = server.split();
                    let (mut from_client, mut to_client) = client.split();
                    let mut said = (&mut from_server).take(bytes);
                    tokio::select! {
                        // Whoever hung up is gone; what is too much is silence.
                        _ = copy(&mut from_client, &mut to_server) => return,
                        Ok(copied) = copy(&mut said, &mut to_client) => {
                            if copied < bytes {
                                return;
                            }
                        }
                        _ = cut.changed() => {}
                    }
                    // Both stay open, and nothing comes through.
                    std::future::pending::<()>().await;
                });
            }
        });
        Self { url: url.into(), cut }
    }

    pub(in crate::adapter) fn cut(&self) {
        self.cut.send_modify(|cuts| *cuts += 1);
    }
}

/// Connections that were cut off are not waited for, whatever was being done with them.
async fn goes_on<D: TestServer>(network: &Network, adapter: &SqlAdapter<D>) {
    fill(adapter, "at first").await;
    network.cut();
    let (one, two) = tokio::join!(adapter.user("unknown"), adapter.user("unknown"));
    assert!(one.is_err() && two.is_err());
    fill(adapter, "after statements").await;

    let both = (adapter.store.driver.begin().await, adapter.store.driver.begin().await);
    network.cut();
    drop(both);
    fill(adapter, "after transactions").await;

    // They are on their way back into the pool, too. The second caller may get a new connection
    // in the place of the first one's, and an answer.
    network.cut();
    for _ in 0..2 {
        let _ = tokio::time::timeout(DEADLINE / 10, adapter.user("unknown")).await;
    }
    fill(adapter, "after callers who went away").await;
}

/// Uses both connections of the pool, as soon as there are any.
async fn fill(users: &impl UserStore, when: &str) {
    let answered = async {
        loop {
            let both = tokio::join!(users.user("unknown"), users.user("unknown"));
            if let (Ok(one), Ok(two)) = both {
                break assert_eq!((one, two), (None, None));
            }
        }
    };
    tokio::time::timeout(DEADLINE * 50, answered).await.expect(when);
}
