//! Do the adapters for servers do what every adapter must, on the tables that typegate makes?

use super::{Place, Server};
use crate::adapter::mysql::tests::without_returning;
use crate::adapter::tests::conform;
use crate::testing::adapter::{Conformance, Limit};

const CLEAR: &str = "DELETE FROM users; DELETE FROM verification_tokens;";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_conforms() {
    Server::Postgres.run(conforming_postgres).await;
}

async fn conforming_postgres(place: Place) {
    let adapter = place.postgres().await;
    adapter.migrate().await.unwrap();
    conform!(
        async || {
            place.sql(CLEAR).await;
            adapter.clone()
        },
        [Limit::NoNul]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mysql_conforms() {
    Server::MySql.run(conforming_mysql).await;
}

async fn conforming_mysql(place: Place) {
    let adapter = place.mysql().await;
    adapter.migrate().await.unwrap();
    conform!(async || {
        place.sql(CLEAR).await;
        adapter.clone()
    });
}

/// MySQL has no `RETURNING`. The statements for it are run on whichever server there is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mysql_conforms_without_returning() {
    Server::MySql.run(conforming_mysql_without_returning).await;
}

async fn conforming_mysql_without_returning(place: Place) {
    let adapter = without_returning(&place.url).await;
    adapter.migrate().await.unwrap();
    conform!(async || {
        place.sql(CLEAR).await;
        adapter.clone()
    });
}
