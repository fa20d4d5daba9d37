//! Connections to MySQL and MariaDB: TLS, session settings and limits.

use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::mysql::{
    MySqlConnectOptions, MySqlConnection, MySqlDatabaseError, MySqlQueryResult, MySqlSslMode,
};
use sqlx::{AssertSqlSafe, MySql, SqlStr};

use crate::adapter::database_url::{DatabaseUrl, Protection, warn_unverified};
use crate::adapter::sql::{
    Call, DatabaseOptions, Failure, Manner, PoolDriver, Protocol, QueryResult, Trouble, Written,
    execute,
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
    let server: MySqlConnectOptions = url.text().parse().map_err(Failure::Driver)?;
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
    // Instants are written and read in UTC, and texts in UTF-8, whatever the address says; save for
    // tables whose own program writes UTC in the zone of its connection, which is the server's unless
    // the address has another one.
    let zone = match options.schema.writes_utc_in_any_zone() {
        true => url.value("timezone").map(ToOwned::to_owned),
        false => Some("+00:00".to_owned()),
    };
    let server = server.timezone(zone).charset("utf8mb4");
    PoolDriver::connect(server, Manner::beginning_with("BEGIN"), options).await
}

/// As the server gives it, such as `10.11.19-MariaDB`.
pub(super) async fn version(connection: &mut MySqlConnection) -> sqlx::Result<String> {
    sqlx::query_scalar("SELECT version()").fetch_one(connection).await
}

/// By the server's own numbers, because SQLSTATE puts most of them together.
fn trouble(number: u16) -> Option<Trouble> {
    Some(match number {
        1045 | 1698 => Trouble::Password,
        1049 => Trouble::UnknownDatabase,
        1044 | 1142 | 1143 | 1227 | 1370 => Trouble::Rights,
        // An option of the server's such as `--read-only`, a transaction that only reads, and a
        // server that only reads.
        1290 | 1792 | 1836 => Trouble::ReadOnly,
        1053 => Trouble::Starting,
        // Of the server, of this user, and a limit of the user's account.
        1040 | 1203 | 1226 => Trouble::Connections,
        1021 | 1037 | 1041 | 1114 => Trouble::Full,
        1051 | 1146 => Trouble::MissingTable,
        1054 => Trouble::OtherColumns,
        1050 | 1061 => Trouble::TableExists,
        1048 | 1216 | 1264 | 1364 | 1406 | 1451 | 1452 | 3819 | 4025 => Trouble::Row,
        CHARACTERS => Trouble::Characters,
        1243 | 1615 => Trouble::Stale,
        1205 | 1317 | 1969 | 3024 => Trouble::Slow,
        _ => return None,
    })
}

/// A text or a number that the column cannot keep.
const CHARACTERS: u16 = 1366;

/// What the servers take for a wait, in seconds: a year.
const LONGEST: u64 = 365 * 24 * 3600;

impl Protocol for MySql {
    const KEEPS_NUL: bool = true;

    fn address(options: &MySqlConnectOptions) -> String {
        match options.get_socket() {
            Some(socket) => format!("MySQL at `{}`", socket.display()),
            None => format!("MySQL at `{}:{}`", options.get_host(), options.get_port()),
        }
    }

    fn trouble(error: &dyn DatabaseError) -> Option<Trouble> {
        trouble(number(error)?)
    }

    fn repeats_value(error: &dyn DatabaseError) -> bool {
        number(error) == Some(CHARACTERS)
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

fn number(error: &dyn DatabaseError) -> Option<u16> {
    error.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number)
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
