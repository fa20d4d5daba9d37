//! Every SQL database, for tests that ask the same of each.

use crate::adapter::sql::tests::{Place, Server};
use crate::adapter::sqlite::tests::Folder;
use crate::adapter::{MySql, Postgres, redis};

/// Empty tables of one's own.
pub(super) enum Database {
    Sqlite(Folder),
    Server(Server, Place),
}

impl Database {
    /// Runs a test on each SQL database that there is a server for.
    pub(super) async fn each(test: impl AsyncFn(Self)) {
        let folder = Folder::new();
        drop(folder.migrated().await);
        test(Self::Sqlite(folder)).await;
        Server::Postgres
            .run(async |place: Place| {
                drop(place.migrated::<Postgres>().await);
                test(Self::Server(Server::Postgres, place)).await;
            })
            .await;
        Server::MySql
            .run(async |place: Place| {
                drop(place.migrated::<MySql>().await);
                test(Self::Server(Server::MySql, place)).await;
            })
            .await;
    }

    pub(super) fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => folder.url(),
            Self::Server(_, place) => place.url.clone(),
        }
    }

    pub(super) async fn sql(&self, sql: &str) {
        match self {
            Self::Sqlite(folder) => folder.sql(sql).await,
            Self::Server(_, place) => place.sql(sql).await,
        }
    }
}

/// Runs a test at the address of each database, that of Redis with users in SQLite among them.
pub(super) async fn at_each(test: impl AsyncFn(&str)) {
    Database::each(async |database| test(&database.url()).await).await;
    redis::tests::run(async |place| {
        let folder = Folder::new();
        drop(folder.migrated().await);
        test(&format!("{}#{}#{}", place.url, place.key_prefix, folder.url())).await;
    })
    .await;
}
