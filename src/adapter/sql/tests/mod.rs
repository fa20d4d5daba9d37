//! Tests on servers, and what they share.
//!
//! `TYPEGATE_TEST_POSTGRES` and `TYPEGATE_TEST_MYSQL` are addresses at which a user may create
//! schemas or databases. Without one, its tests do nothing, which is said on standard error, and
//! fail where `CI` is `true`.

mod calendar;
mod conformance;
mod profiles;
mod race;
pub(in crate::adapter) mod silence;

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _};

use crate::adapter::tests::{cleaned_up, server_address};
use crate::adapter::{DatabaseOptions, MySqlAdapter, PostgresAdapter};
use crate::crypto::random;

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

    pub(in crate::adapter) async fn postgres(&self) -> PostgresAdapter {
        PostgresAdapter::connect_with(&self.url, options()).await.unwrap()
    }

    pub(in crate::adapter) async fn mysql(&self) -> MySqlAdapter {
        MySqlAdapter::connect_with(&self.url, options()).await.unwrap()
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
