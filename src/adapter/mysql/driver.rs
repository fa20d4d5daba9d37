//! Connections to MySQL and MariaDB: TLS, session settings and limits.

use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::mysql::{
    MySqlConnectOptions, MySqlConnection, MySqlDatabaseError, MySqlQueryResult, MySqlSslMode,
};
use sqlx::{AssertSqlSafe, MySql, SqlStr};

use crate::adapter::database_url::{DatabaseUrl, Protection, warn_unverified};
use crate::adapter::sql::{
    Call, DatabaseOptions, Failure, Manner, PoolDriver, Protocol, QueryResult, Written, execute,
};

impl QueryResult for MySqlQueryResult {
    fn affected(&self) -> u64 {
        self.rows_affected()
    }

    fn inserted(&self) -> Option<u64> {
        Some(self.last_insert_id())
    }
}

pub(in crate::adapter) type MySqlDriver = PoolDriver<MySql>;

pub(super) async fn connect(
    url: &DatabaseUrl<'_>,
    options: &DatabaseOptions,
) -> Result<MySqlDriver, Failure> {
    let server: MySqlConnectOptions = url.text().parse()?;
    if server.get_database().is_none_or(str::is_empty) && options.schema.namespace_name().is_none()
    {
        return Err(Failure::Refused(
            "the address names no database: write one behind the host, as in `host/auth`",
        ));
    }
    let protection = match server.get_ssl_mode() {
        MySqlSslMode::VerifyCa | MySqlSslMode::VerifyIdentity => Protection::Verified,
        MySqlSslMode::Disabled => Protection::Declined,
        MySqlSslMode::Preferred | MySqlSslMode::Required => Protection::Unverified,
    };
    let host = server.get_socket().is_none().then(|| server.get_host());
    let (verify, decline) = ("?ssl-mode=VERIFY_IDENTITY", "?ssl-mode=DISABLED");
    warn_unverified("MySQL", host, protection, verify, decline);
    // Whatever the address says: instants are written and read in UTC, and texts in UTF-8.
    let server = server.timezone(Some("+00:00".to_owned())).charset("utf8mb4");
    PoolDriver::connect(server, Manner::beginning_with("BEGIN"), options).await
}

/// As the server gives it, such as `10.11.19-MariaDB`.
pub(super) async fn version(connection: &mut MySqlConnection) -> sqlx::Result<String> {
    sqlx::query_scalar("SELECT version()").fetch_one(connection).await
}

/// The server's own numbers, because it has no SQLSTATE for it: too many connections, too many of
/// this user, and a limit of the user's account.
const LIMITS: [u16; 3] = [1040, 1203, 1226];

/// Likewise: an option of the server's such as `--read-only`, a transaction that only reads, and a
/// server that only reads.
const READ_ONLY: [u16; 3] = [1290, 1792, 1836];

/// What the servers take for a wait, in seconds: a year.
const LONGEST: u64 = 365 * 24 * 3600;

impl Protocol for MySql {
    const KEEPS_NUL: bool = true;

    fn address(options: &MySqlConnectOptions) -> String {
        match options.get_socket() {
            Some(socket) => format!("`{}`", socket.display()),
            None => format!("`{}:{}`", options.get_host(), options.get_port()),
        }
    }

    fn is_limit(error: &dyn DatabaseError) -> bool {
        has_number(error, &LIMITS)
    }

    fn is_outdated(error: &dyn DatabaseError) -> bool {
        has_number(error, &READ_ONLY)
    }

    async fn set_up(connection: &mut MySqlConnection, deadline: Duration) -> sqlx::Result<()> {
        // A text that is too long is an error: a server in its lenient mode cuts it, and a
        // shortened token is another token.
        // A server may be set to wait for a commit after each statement, or to speak as Oracle.
        let seconds = deadline.as_secs().clamp(1, LONGEST);
        let set_up = format!(
            "SET SESSION sql_mode = 'PIPES_AS_CONCAT,NO_ENGINE_SUBSTITUTION,STRICT_ALL_TABLES', \
             autocommit = 1, innodb_lock_wait_timeout = {seconds}"
        );
        sqlx::raw_sql(AssertSqlSafe(set_up)).execute(&mut *connection).await?;
        let is_mariadb = is_mariadb(&version(connection).await?);
        limit(connection, is_mariadb, deadline).await?;
        Ok(())
    }

    async fn execute(
        connection: &mut MySqlConnection,
        call: Call<'_>,
        manner: &Manner,
    ) -> sqlx::Result<Written> {
        execute(connection, call, manner).await
    }

    async fn command(connection: &mut MySqlConnection, sql: SqlStr) -> sqlx::Result<()> {
        sqlx::raw_sql(sql).execute(connection).await?;
        Ok(())
    }
}

fn has_number(error: &dyn DatabaseError, numbers: &[u16]) -> bool {
    let error = error.try_downcast_ref::<MySqlDatabaseError>();
    error.is_some_and(|error| numbers.contains(&error.number()))
}

/// How long the server works on a statement.
pub(super) async fn limit(
    connection: &mut MySqlConnection,
    is_mariadb: bool,
    time: Duration,
) -> sqlx::Result<()> {
    let time = time.clamp(Duration::from_millis(1), Duration::from_secs(LONGEST));
    let limit = match is_mariadb {
        true => format!("SET SESSION max_statement_time = {}", time.as_secs_f64()),
        false => format!("SET SESSION max_execution_time = {}", time.as_millis()),
    };
    sqlx::raw_sql(AssertSqlSafe(limit)).execute(connection).await?;
    Ok(())
}

pub(super) fn is_mariadb(version: &str) -> bool {
    version.contains("MariaDB")
}

/// MariaDB returns what it deletes since 10.5.
pub(super) fn returns_deleted(version: &str) -> bool {
    // Some servers put `5.5.5-` in front for the sake of old clients.
    let version = version.strip_prefix("5.5.5-").unwrap_or(version);
    let mut numbers = version.split(['.', '-']).map(|part| part.parse::<u32>().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    is_mariadb(version) && (major, minor) >= (10, 5)
}
