//! Connections to PostgreSQL: TLS and limits.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgQueryResult, PgSslMode};
use sqlx::{AssertSqlSafe, Postgres};

use crate::adapter::database_url::{DatabaseUrl, Protection, check_environment, warn_unverified};
use crate::adapter::sql::{
    Call, DatabaseOptions, Failure, PoolDriver, QueryResult, Server, Written, execute,
};
use crate::error::AdapterError;
use crate::runtime::environment::environment;

impl QueryResult for PgQueryResult {
    fn affected(&self) -> u64 {
        self.rows_affected()
    }

    fn inserted(&self) -> Option<u64> {
        None
    }
}

pub(in crate::adapter) type PostgresDriver = PoolDriver<Postgres>;

pub(super) async fn connect(
    url: &DatabaseUrl<'_>,
    options: &DatabaseOptions,
) -> Result<PostgresDriver, AdapterError> {
    check_environment(url.value("sslmode"), environment("PGSSLMODE").as_deref())?;
    let server: PgConnectOptions = url.text().parse().map_err(Failure::from)?;
    let protection = match server.get_ssl_mode() {
        PgSslMode::VerifyCa | PgSslMode::VerifyFull => Protection::Verified,
        PgSslMode::Disable => Protection::Declined,
        PgSslMode::Allow | PgSslMode::Prefer | PgSslMode::Require => Protection::Unverified,
    };
    let host = server.get_socket().is_none().then(|| server.get_host());
    warn_unverified("PostgreSQL", host, protection, "?sslmode=verify-full", "?sslmode=disable");
    Ok(PoolDriver::connect(server, options).await?)
}

impl Server for Postgres {
    const KEEPS_NUL: bool = false;

    async fn set_up(connection: &mut PgConnection, deadline: Duration) -> sqlx::Result<()> {
        let limit = format!("SET statement_timeout = {}", deadline.as_millis());
        sqlx::raw_sql(AssertSqlSafe(limit)).execute(connection).await?;
        Ok(())
    }

    async fn execute(connection: &mut PgConnection, call: Call<'_>) -> sqlx::Result<Written> {
        execute(connection, call).await
    }

    async fn command(connection: &mut PgConnection, sql: &'static str) -> sqlx::Result<()> {
        sqlx::raw_sql(sql).execute(connection).await?;
        Ok(())
    }
}
