//! Connections to PostgreSQL: TLS and limits.

use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgQueryResult, PgRow, PgSslMode};
use sqlx::{AssertSqlSafe, Postgres, Row as _, SqlSafeStr as _, SqlStr};

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
    // Poolers know nothing of it, and it is for floating-point numbers, of which there are none.
    let server = server.extra_float_digits(None);
    let limit = options.deadline.as_millis().clamp(1, LONGEST);
    if url.value("statement-cache-capacity") != Some("0") {
        match direct(server.clone(), options, limit).await {
            Ok(Some(driver)) => return Ok(driver),
            Err(failure) if !is_by_pooler(&failure) => return Err(failure.into()),
            Ok(None) | Err(_) => {}
        }
    }
    let begin = AssertSqlSafe(format!("BEGIN; SET LOCAL statement_timeout = {limit}"));
    let manner = Manner { begin: begin.into_sql_str(), shared: true };
    Ok(PoolDriver::connect(server.statement_cache_capacity(0), manner, options).await?)
}

/// Asks the server itself to end what takes too long, as a connection begins: that costs nothing,
/// and a pooler that would take the setting from one client to another refuses it or drops it.
async fn direct(
    server: PgConnectOptions,
    options: &DatabaseOptions,
    limit: u128,
) -> Result<Option<PostgresDriver>, Failure> {
    let server = server.options([("statement_timeout", limit)]);
    let driver = PoolDriver::connect(server, Manner::beginning_with("BEGIN"), options).await?;
    let mut lent = driver.lend().await?;
    let kept = sqlx::raw_sql(STATEMENT_TIMEOUT).fetch_optional(lent.connection()?).await?;
    let kept: Option<String> = kept.map(|row: PgRow| row.try_get(0)).transpose()?;
    lent.mark_clean();
    drop(lent);
    Ok(kept.is_some_and(|kept| kept == limit.to_string()).then_some(driver))
}

/// In milliseconds, as this connection asked for it: a role or a database may have the same limit
/// behind a pooler that drops the question.
const STATEMENT_TIMEOUT: &str = "SELECT setting FROM pg_settings \
    WHERE name = 'statement_timeout' AND source = 'client'";

/// `PgBouncer` and Amazon RDS Proxy, in the words of each.
fn is_by_pooler(failure: &Failure) -> bool {
    let Failure::Connect { cause, .. } = failure else { return false };
    let said = cause.to_string().to_ascii_lowercase();
    said.contains("startup parameter") || said.contains("command-line options")
}

/// The longest that the server can be told to work on a statement, 24 days.
const LONGEST: u128 = i32::MAX as u128;

/// SQLSTATE `too_many_connections`.
const LIMIT: &str = "53300";

/// SQLSTATE `read_only_sql_transaction`, and `feature_not_supported`, which the server says where the
/// columns of a prepared statement's table have another type by now.
const OUTDATED: [&str; 2] = ["25006", "0A000"];

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

    fn is_outdated(error: &dyn DatabaseError) -> bool {
        error.code().is_some_and(|code| OUTDATED.contains(&&*code))
    }

    /// Nothing that a pooler would take to another client.
    async fn set_up(_: &mut PgConnection, _: Duration) -> sqlx::Result<()> {
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
