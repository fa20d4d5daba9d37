//! Addresses, and the settings of connections.

use super::{Place, TestServer, on_each_server};
use crate::adapter::{SessionStore as _, SqlAdapter, UserStore as _};
use crate::testing::adapter::fixture::{ada, session, time};

on_each_server! {
    #[tokio::test] addresses_of_other_databases_are_refused
    #[tokio::test] r198_no_slow_statement_writes_a_line
    #[tokio::test] zones_of_server_and_connection_do_not_matter
}

async fn addresses_of_other_databases_are_refused<D: TestServer>(_: Place) {
    let others = ["", "localhost", "sqlite::memory:", "mysql://localhost/test"];
    let others = others.into_iter().chain(["postgres://localhost/test"]);
    for url in others.filter(|url| !url.starts_with(D::SCHEME)) {
        assert!(SqlAdapter::<D>::connect(url).await.is_err(), "{url}");
    }
}

async fn r198_no_slow_statement_writes_a_line<D: TestServer>(place: Place) {
    let adapter = place.adapter::<D>().await;
    let said = format!("{:?}", adapter.store.driver.pool.options);
    assert!(said.contains("slow_statements_level: Off"), "{said}");
}

async fn zones_of_server_and_connection_do_not_matter<D: TestServer>(place: Place) {
    let here = place.migrated::<D>().await;
    let url = format!("{}&{}", place.url, D::ZONE);
    let there = SqlAdapter::<D>::connect(&url).await.unwrap();
    let ada = there.create_user(ada()).await.unwrap();
    there.create_session(session("s", &ada.id, time())).await.unwrap();
    for adapter in [&here, &there] {
        let (session, _) = adapter.session_and_user(&"s".into()).await.unwrap().unwrap();
        assert_eq!(session.expires, time());
    }
}
