//! The conformance of the adapters for servers, on the tables that typegate makes.

use super::{Place, Server, TestServer, on_each_server};
use crate::adapter::mysql::tests::without_returning;
use crate::adapter::tests::conform;
use crate::adapter::{MySql, SqlAdapter};
use crate::testing::adapter::Conformance;

on_each_server! {
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)] the_adapter_conforms
}

async fn the_adapter_conforms<D: TestServer>(place: Place) {
    conforms(&place, place.adapter::<D>().await).await;
}

/// MySQL has no `RETURNING`. The statements for it are run on whichever server there is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mysql_conforms_without_returning() {
    Server::MySql
        .run(async |place: Place| {
            conforms::<MySql>(&place, without_returning(&place.url).await).await;
        })
        .await;
}

async fn conforms<D: TestServer>(place: &Place, adapter: SqlAdapter<D>) {
    adapter.migrate().await.unwrap();
    conform!(
        async || {
            place.sql("DELETE FROM users; DELETE FROM verification_tokens;").await;
            adapter.clone()
        },
        D::LIMITS.iter().copied()
    );
}
