//! Tests on database servers, and what they share.
//!
//! `TYPEGATE_TEST_POSTGRES` and `TYPEGATE_TEST_MYSQL` are addresses at which a user may create
//! schemas or databases. Without one, its tests do nothing, which is said on standard error, and
//! fail where `CI` is `true`.

mod calendar;
mod conformance;
mod connection;
pub(in crate::adapter) mod fault;
pub(in crate::adapter) mod limit;
mod members;
mod migration;
mod outage;
mod plans;
mod profiles;
mod race;
pub(in crate::adapter) mod silence;
mod trouble;

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _};

use super::{Backend, PoolDriver, SqlAdapter, SqlDatabase, pool};
use crate::adapter::DatabaseOptions;
use crate::adapter::tests::{cleaned_up, server_address};
use crate::crypto::random;
use crate::testing::adapter::Limit;

/// Short, so that tests of waiting are over soon. MySQL counts in seconds.
const DEADLINE: Duration = Duration::from_millis(300);

/// A database on a server, and what tests say in its language.
pub(in crate::adapter) trait TestServer:
    SqlDatabase + Backend<Driver = PoolDriver<Self::Protocol>>
{
    type Protocol: pool::Protocol;

    const SERVER: Server;
    const SCHEME: &'static str;
    const PORT: u16;
    /// Around a name.
    const QUOTE: char;
    /// A parameter of an address: a zone that is not UTC.
    const ZONE: &'static str;
    /// What no table of the server's can do.
    const LIMITS: &'static [Limit];
    /// What a migration waits for, on a connection, until that is closed.
    const MIGRATION: &'static [&'static str];
    /// In a transaction: nobody else changes a user.
    const LOCK_USERS: &'static str;
    /// Nor reads one.
    const LOCK_IS_FOR_READERS: bool;

    /// The server closes the connection on which this runs.
    const END_OF_CONNECTION: &'static str;
    /// Fail as statements do on an outdated connection: the server takes no writes any more, or a
    /// table has other columns.
    const OUTDATED: &'static [&'static str];

    /// Fails as a statement does whose transaction is the victim of a deadlock.
    const DEADLOCK: &'static str;

    /// Makes `{user}`, who may have `{limit}` connections to `{place}`, and the end of it.
    const LIMITED_USER: &'static str;
    /// Makes `{user}`, who may read the tables of `{place}` and do nothing else.
    const READING_USER: &'static str;
    const NO_LIMITED_USER: &'static str;
    /// What the server says of one too many.
    const LIMIT_REACHED: &'static str;

    /// Makes the server look at a table.
    const ANALYZE: &'static str;
    /// Makes the server tell how it would run a statement, in one column of text.
    const EXPLAIN: &'static str;
    /// What it says of an index, and of a table without one.
    const BY_INDEX: &'static str;
    const WHOLE_TABLE: &'static str;

    fn drop_index(name: &str) -> String;

    /// Closes the connections of the adapter, of which there is one, from the server's side.
    async fn disconnect(adapter: &SqlAdapter<Self>, place: &Place)
    where
        Self: Sized;
}

/// Makes tests of functions: each is run for PostgreSQL and for MySQL, in a place of its own.
macro_rules! on_each_server {
    ($(#[$attribute:meta] $test:ident)*) => {
        mod postgresql {
            use crate::adapter::Postgres;
            use crate::adapter::sql::tests::Server;

            $(#[$attribute]
            async fn $test() {
                Server::Postgres.run(super::$test::<Postgres>).await;
            })*
        }

        mod mysql {
            use crate::adapter::MySql;
            use crate::adapter::sql::tests::Server;

            $(#[$attribute]
            async fn $test() {
                Server::MySql.run(super::$test::<MySql>).await;
            })*
        }
    };
}

pub(in crate::adapter) use on_each_server;

#[derive(Clone, Copy, Debug)]
pub(in crate::adapter) enum Server {
    Postgres,
    MySql,
}

/// Tables of one's own on a server, at an address that leads to them.
#[derive(Clone, Debug)]
pub(in crate::adapter) struct Place {
    server: Server,
    /// Leads to what existed before.
    outside: String,
    name: String,
    pub(in crate::adapter) url: String,
}

impl Server {
    pub(in crate::adapter) fn url(self) -> Option<String> {
        let (variable, what) = match self {
            Self::Postgres => ("TYPEGATE_TEST_POSTGRES", "PostgreSQL"),
            Self::MySql => ("TYPEGATE_TEST_MYSQL", "MySQL"),
        };
        server_address(variable, what)
    }

    /// Runs a test in a place of its own, which is removed whatever comes of it.
    pub(in crate::adapter) async fn run(self, test: impl AsyncFnOnce(Place)) {
        let Some(outside) = self.url() else { return };
        let name = format!("typegate_{}", random::uuid().unwrap().replace('-', ""));
        let (base, parameters) = outside.split_once('?').unwrap_or((&outside, ""));
        let url = match self {
            Self::Postgres => format!(
                "{base}?options[search_path]={name}&application_name={name}\
                 &options[synchronous_commit]=off&{parameters}"
            ),
            Self::MySql => {
                let server = base.rsplit_once('/').unwrap().0;
                format!("{server}/{name}?{parameters}")
            }
        };
        let place = Place { server: self, outside, name, url };
        let kind = if matches!(self, Self::Postgres) { "SCHEMA" } else { "DATABASE" };
        place.outside(&format!("CREATE {kind} {}", place.name)).await;
        let all = if matches!(self, Self::Postgres) { " CASCADE" } else { "" };
        cleaned_up(test(place.clone()), async {
            place.outside(&format!("DROP {kind} {}{all}", place.name)).await;
        })
        .await;
    }
}

impl Place {
    async fn outside(&self, sql: &str) {
        run_sql(self.server, &self.outside, sql).await;
    }

    /// The schema or the database of its own.
    pub(in crate::adapter) fn name(&self) -> &str {
        &self.name
    }

    /// Runs statements where the tables are.
    pub(in crate::adapter) async fn sql(&self, sql: &str) {
        run_sql(self.server, &self.url, sql).await;
    }

    pub(in crate::adapter) async fn connect<D: SqlDatabase>(
        &self,
        options: DatabaseOptions,
    ) -> SqlAdapter<D> {
        SqlAdapter::connect_with(&self.url, options).await.unwrap()
    }

    pub(in crate::adapter) async fn adapter<D: SqlDatabase>(&self) -> SqlAdapter<D> {
        self.connect(options()).await
    }

    /// With typegate's own tables.
    pub(in crate::adapter) async fn migrated<D: SqlDatabase>(&self) -> SqlAdapter<D> {
        let adapter = self.adapter().await;
        adapter.migrate().await.unwrap();
        adapter
    }
}

/// Patient: what is tested is what the database answers, on a machine that may be busy.
pub(in crate::adapter) fn options() -> DatabaseOptions {
    DatabaseOptions::default().deadline(Duration::from_secs(60))
}

async fn run_sql(server: Server, url: &str, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    match server {
        Server::Postgres => {
            let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
        Server::MySql => {
            let mut connection = sqlx::MySqlConnection::connect(url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
    }
}
