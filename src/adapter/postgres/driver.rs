//! Connections to PostgreSQL: TLS and limits.

use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::postgres::{
    PgConnectOptions, PgConnection, PgDatabaseError, PgQueryResult, PgRow, PgSslMode,
};
use sqlx::{AssertSqlSafe, Postgres, Row as _, SqlSafeStr as _, SqlStr};

use crate::adapter::database_url::{DatabaseUrl, Protection, check_environment, warn_unverified};
use crate::adapter::sql::{
    Call, DatabaseOptions, Failure, Manner, PoolDriver, Protocol, QueryResult, Trouble, Written,
    execute,
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
    let server: PgConnectOptions = url.text().parse().map_err(Failure::Driver)?;
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
    let settings = settings(server.get_options().unwrap_or_default());
    match PoolDriver::connect(server.statement_cache_capacity(0), manner, options).await {
        Ok(driver) if loses(&driver, &settings).await? => Err(LOST_SETTINGS.into()),
        Err(failure) if !settings.is_empty() && is_by_pooler(&failure) => Err(LOST_SETTINGS.into()),
        connected => Ok(connected?),
    }
}

const LOST_SETTINGS: Failure = Failure::Refused(
    "a pooler between refuses or drops the settings of the address (`options[…]`): leave them out and \
     give them to the role, as in `ALTER ROLE app SET search_path = auth`; `PGOPTIONS` counts as well",
);

/// The names and values of `-c name=value`, `-cname=value` and `--name=value`, in which a backslash stands
/// before a space that separates nothing.
fn settings(options: &str) -> Vec<(String, String)> {
    let mut words = vec![String::new()];
    let mut letters = options.chars();
    while let Some(letter) = letters.next() {
        match (letter, words.last_mut()) {
            ('\\', Some(word)) => word.extend(letters.next()),
            (letter, Some(word)) if !letter.is_whitespace() => word.push(letter),
            _ => words.push(String::new()),
        }
    }
    let settings = words.iter().filter_map(|word| {
        let word = word.strip_prefix("--").or_else(|| word.strip_prefix("-c")).unwrap_or(word);
        let (name, value) = word.split_once('=')?;
        Some((name.to_ascii_lowercase().replace('-', "_"), value.to_owned()))
    });
    settings.collect()
}

/// Whether a setting of the address did not get through, without which these may be other tables.
async fn loses(driver: &PostgresDriver, settings: &[(String, String)]) -> Result<bool, Failure> {
    // As a number of the unit that the server counts in, and as people write it.
    const OF_ANOTHER_SOURCE: &str = "SELECT name, setting, current_setting(name) FROM pg_settings \
                                     WHERE source <> 'client'";
    if settings.is_empty() {
        return Ok(false);
    }
    let mut lent = driver.lend().await?;
    let others: Vec<(String, String, String)> = lent
        .ask(|connection| {
            Box::pin(async move {
                let rows = sqlx::raw_sql(OF_ANOTHER_SOURCE).fetch_all(connection).await?;
                let row = |row: &PgRow| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
                rows.iter().map(row).collect()
            })
        })
        .await?;
    let is_lost = |(name, value): &(String, String)| {
        let is_it = |other: &str| other.eq_ignore_ascii_case(name);
        others.iter().any(|(other, set, shown)| is_it(other) && set != value && shown != value)
    };
    Ok(settings.iter().any(is_lost))
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
    let kept: Option<String> = lent
        .ask(|connection| {
            Box::pin(async move {
                let row = sqlx::raw_sql(STATEMENT_TIMEOUT).fetch_optional(connection).await?;
                row.map(|row: PgRow| row.try_get(0)).transpose()
            })
        })
        .await?;
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

/// By SQLSTATE, appendix A of PostgreSQL's manual.
fn trouble(code: &str) -> Option<Trouble> {
    Some(match code {
        "28000" | "28P01" => Trouble::Password,
        "3D000" => Trouble::UnknownDatabase,
        "42501" => Trouble::Rights,
        "25006" => Trouble::ReadOnly,
        "57P01" | "57P02" | "57P03" => Trouble::Starting,
        "53300" => Trouble::Connections,
        "53100" | "53200" => Trouble::Full,
        "3F000" | "42P01" => Trouble::MissingTable,
        "42703" | "42804" | "42883" => Trouble::OtherColumns,
        "42P07" | "42710" => Trouble::TableExists,
        "22001" | "22003" | "22P02" => Trouble::Row,
        // Somebody deallocated it.
        "26000" => Trouble::Stale,
        "55P03" | "57014" => Trouble::Slow,
        _ if code.starts_with("23") => Trouble::Row,
        _ => return None,
    })
}

/// What the server says where the columns of a prepared statement's table have another type by now,
/// by the function that says so: the message is translated, and the code is for whatever a server
/// cannot do.
const STALE: (&str, &str) = ("0A000", "RevalidateCachedQuery");

impl Protocol for Postgres {
    const KEEPS_NUL: bool = false;

    fn address(options: &PgConnectOptions) -> String {
        match options.get_socket() {
            Some(folder) => {
                format!("PostgreSQL at `{}/.s.PGSQL.{}`", folder.display(), options.get_port())
            }
            None => format!("PostgreSQL at `{}:{}`", options.get_host(), options.get_port()),
        }
    }

    fn trouble(error: &dyn DatabaseError) -> Option<Trouble> {
        let error = error.try_downcast_ref::<PgDatabaseError>()?;
        match (error.code(), error.routine().unwrap_or_default()) == STALE {
            true => Some(Trouble::Stale),
            false => trouble(error.code()),
        }
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

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn settings_are_read_in_each_spelling() {
        for (options, name, value) in [
            ("-c search_path=auth", "search_path", "auth"),
            ("-csearch_path=auth", "search_path", "auth"),
            ("--search-path=auth", "search_path", "auth"),
            ("  -c  Search_Path=auth  ", "search_path", "auth"),
            (r"-c search_path=auth,\ public", "search_path", "auth, public"),
            (r"-c application_name=a\\b", "application_name", r"a\b"),
        ] {
            assert_eq!(settings(options), [(name.to_owned(), value.to_owned())], "{options}");
        }
        assert_eq!(settings("-c a=1 --b=2").len(), 2);
        assert!(settings("").is_empty() && settings("-c").is_empty());
    }
}
