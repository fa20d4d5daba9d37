//! Connections to PostgreSQL: TLS and limits.

use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgQueryResult, PgSslMode};
use sqlx::{AssertSqlSafe, Postgres, SqlStr};

use crate::adapter::database_url::{DatabaseUrl, Protection, check_environment, warn_unverified};
use crate::adapter::sql::{
    Call, DatabaseOptions, Failure, Manner, PoolDriver, Protocol, QueryResult, Written, execute,
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
    Ok(PoolDriver::connect(server, Manner::beginning_with("BEGIN"), options).await?)
}

/// The longest that the server can be told to work on a statement, 24 days.
const LONGEST: u128 = i32::MAX as u128;

/// SQLSTATE `too_many_connections`.
const LIMIT: &str = "53300";

impl Protocol for Postgres {
    const KEEPS_NUL: bool = false;

    fn address(options: &PgConnectOptions) -> String {
        match options.get_socket() {
            Some(folder) => format!("`{}/.s.PGSQL.{}`", folder.display(), options.get_port()),
            None => format!("`{}:{}`", options.get_host(), options.get_port()),
        }
    }

    fn is_limit(error: &dyn DatabaseError) -> bool {
        error.code().is_some_and(|code| code == LIMIT)
    }

    async fn set_up(
        connection: &mut PgConnection,
        _: &Manner,
        deadline: Duration,
    ) -> sqlx::Result<()> {
        let limit = deadline.as_millis().clamp(1, LONGEST);
        let limit = format!("SET statement_timeout = {limit}");
        sqlx::raw_sql(AssertSqlSafe(limit)).execute(connection).await?;
        Ok(())
    }

    async fn execute(
        connection: &mut PgConnection,
        call: Call<'_>,
        manner: &Manner,
    ) -> sqlx::Result<Written> {
        execute(connection, call, manner).await
    }

    async fn command(connection: &mut PgConnection, sql: SqlStr) -> sqlx::Result<()> {
        sqlx::raw_sql(sql).execute(connection).await?;
        Ok(())
    }
}
