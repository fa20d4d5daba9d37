//! MySQL in the tests of both servers, and what is particular to it.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _, MySqlConnection};

use super::driver::{connect, returns_deleted};
use super::{MySql, schema};
use crate::adapter::database_url::{DatabaseUrl, MYSQL};
use crate::adapter::sql::tests::{Place, Server, TestServer};
use crate::adapter::sql::{DatabaseOptions, Dialect, Protocol, SqlAdapter};
use crate::adapter::{SchemaProfile, SessionStore as _, UserStore as _};
use crate::model::NewUser;
use crate::testing::adapter::Limit;
use crate::testing::adapter::fixture::{ada, new_user, session, time};

impl TestServer for MySql {
    type Protocol = sqlx::MySql;

    const SERVER: Server = Server::MySql;
    const SCHEME: &'static str = "mysql://";
    const PORT: u16 = 3306;
    const QUOTE: char = '`';
    const ZONE: &'static str = "timezone=%2B05:30";
    const LIMITS: &'static [Limit] = &[];
    const MIGRATION: &'static [&'static str] = &[schema::LOCK];
    const LOCK_USERS: &'static str = "SELECT * FROM users FOR UPDATE";
    const LOCK_IS_FOR_READERS: bool = false;
    const END_OF_CONNECTION: &'static str = "KILL CONNECTION_ID()";
    const OUTDATED: &'static [&'static str] = &[
        "SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1290",
        "SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1836",
        "SIGNAL SQLSTATE '25006' SET MYSQL_ERRNO = 1792",
    ];
    const DEADLOCK: &'static str = "SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213";
    const LIMITED_USER: &'static str = "CREATE USER {user} IDENTIFIED BY 'pw' \
         WITH MAX_USER_CONNECTIONS {limit}; \
         GRANT ALL ON {place}.* TO {user}";
    const READING_USER: &'static str =
        "CREATE USER {user} IDENTIFIED BY 'pw'; GRANT SELECT ON {place}.* TO {user}";
    const NO_LIMITED_USER: &'static str = "DROP USER {user}";
    const LIMIT_REACHED: &'static str = "max_user_connections";

    const ANALYZE: &'static str = "ANALYZE TABLE";
    const EXPLAIN: &'static str = "EXPLAIN FORMAT=JSON";
    const BY_INDEX: &'static str = "\"key\":";
    const WHOLE_TABLE: &'static str = "\"ALL\"";

    fn drop_index(name: &str) -> String {
        let (table, _) = name.rsplit_once('_').unwrap();
        format!("DROP INDEX {name} ON {table}")
    }

    async fn disconnect(adapter: &SqlAdapter<Self>, place: &Place) {
        let mut own = adapter.store.driver.lend().await.unwrap();
        let id: u64 = sqlx::query_scalar("SELECT CONNECTION_ID()")
            .fetch_one(own.connection().unwrap())
            .await
            .unwrap();
        own.mark_clean();
        drop(own);
        place.sql(&format!("KILL {id}")).await;
    }
}

/// As on a server that does not return what it deletes.
pub(in crate::adapter) async fn without_returning(url: &str) -> SqlAdapter<MySql> {
    let options = DatabaseOptions::default();
    let url = DatabaseUrl::parse(url, &MYSQL).unwrap();
    let driver = connect(&url, &options).await.unwrap();
    SqlAdapter::over(driver, Dialect::MySql { returning: false }, options).await.unwrap()
}

#[test]
fn servers_are_told_apart_by_their_version() {
    for (version, returns) in [
        ("10.11.19-MariaDB-0+deb12u1", true),
        ("5.5.5-10.11.19-MariaDB", true),
        ("10.5.0-MariaDB", true),
        ("10.4.34-MariaDB", false),
        ("8.4.3", false),
        ("8.0.36-0ubuntu0.22.04.1", false),
        ("11.0.1-MariaDB", true),
    ] {
        assert_eq!(returns_deleted(version), returns, "{version}");
    }
}

#[tokio::test]
async fn r107_a_migration_goes_on_where_an_earlier_one_ended() {
    Server::MySql
        .run(async |place: Place| {
            let adapter = place.migrated::<MySql>().await;
            // The process ended between the second table and its record.
            place.sql("DROP TABLE verification_tokens").await;
            place.sql("DROP TABLE sessions").await;
            place.sql("DELETE FROM typegate_migrations WHERE version > 1").await;
            adapter.migrate().await.unwrap();
            let ada = adapter.create_user(ada()).await.unwrap();
            adapter.create_session(session("s", &ada.id, time())).await.unwrap();
            adapter.migrate().await.unwrap();
        })
        .await;
}

#[tokio::test]
async fn texts_that_do_not_fit_are_refused_and_not_cut() {
    Server::MySql
        .run(async |place: Place| {
            let adapter = place.migrated::<MySql>().await;
            let long = "x".repeat(300);
            assert!(adapter.create_user(new_user(&long)).await.is_err());
            let ada = adapter.create_user(NewUser::default()).await.unwrap();
            assert!(adapter.create_session(session(&long, &ada.id, time())).await.is_err());
            let token = long.get(..255).unwrap().into();
            assert!(adapter.session_and_user(&token).await.unwrap().is_none());
        })
        .await;
}

#[tokio::test]
async fn an_address_without_a_database_is_refused() {
    for url in ["mysql://root@127.0.0.1:1", "mysql://root@127.0.0.1:1/"] {
        let refused = SqlAdapter::<MySql>::connect(url).await.unwrap_err().to_string();
        assert!(refused.contains("names no database"), "{refused}");
    }
}

/// A server may commit only when told, cut texts that are too long, or speak as Oracle.
#[tokio::test]
async fn settings_of_the_server_do_not_matter() {
    let Some(url) = Server::MySql.url() else { return };
    let mut connection = MySqlConnection::connect(&url).await.unwrap();
    let odd = "SET SESSION autocommit = 0, sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'";
    sqlx::raw_sql(odd).execute(&mut connection).await.unwrap();
    <sqlx::MySql as Protocol>::set_up(&mut connection, Duration::from_secs(5)).await.unwrap();
    let set = "SELECT CONCAT(@@autocommit + 0, ' ', @@sql_mode)";
    let set: String = sqlx::query_scalar(set).fetch_one(&mut connection).await.unwrap();
    assert!(set.starts_with("1 ") && set.contains("STRICT_ALL_TABLES"), "{set}");
    assert!(!set.contains("ANSI_QUOTES"), "{set}");
}

macro_rules! schema {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/schemas/", $name, ".sql"))
    };
}

/// Drizzle writes UTC in whatever zone its connection has, into columns that the server converts.
#[tokio::test]
async fn tables_of_drizzle_are_read_and_written_in_the_zone_of_drizzle() {
    const ZONE: &str = "-08:00";
    Server::MySql
        .run(async |place: Place| {
            place.sql(schema!("drizzle.mysql")).await;
            let written = "SET time_zone = '-08:00'; \
                INSERT INTO `user` VALUES ('1', 'Ada', NULL, '2026-10-25 01:30:00', NULL); \
                INSERT INTO `session` VALUES ('kept', '1', '2026-10-25 01:30:00')";
            place.sql(written).await;
            let options = || DatabaseOptions::default().schema(SchemaProfile::drizzle());
            let url = format!("{}&timezone={ZONE}", place.url);
            let adapter = SqlAdapter::<MySql>::connect_with(&url, options()).await.unwrap();
            let (session, ada) = adapter.session_and_user(&"kept".into()).await.unwrap().unwrap();
            let end: jiff::Timestamp = "2026-10-25T01:30:00Z".parse().unwrap();
            assert_eq!((session.expires, ada.email_verified), (end, Some(end)));

            adapter.update_session(&"kept".into(), time()).await.unwrap();
            let mut drizzle = MySqlConnection::connect(&place.url).await.unwrap();
            let zone = AssertSqlSafe(format!("SET time_zone = '{ZONE}'"));
            sqlx::raw_sql(zone).execute(&mut drizzle).await.unwrap();
            let read = "SELECT CAST(expires AS CHAR) FROM `session`";
            let read: String = sqlx::query_scalar(read).fetch_one(&mut drizzle).await.unwrap();
            assert_eq!(read, time().strftime("%Y-%m-%d %H:%M:%S").to_string());

            let said = adapter.check_schema().await.unwrap().to_string();
            assert!(said.contains("`session.expires` is `timestamp`"), "{said}");
            assert!(said.contains("-8 hours from UTC"), "{said}");
            let adapter = SqlAdapter::<MySql>::connect_with(&place.url, options()).await.unwrap();
            let said = adapter.check_schema().await.unwrap().to_string();
            assert!(!said.contains("hours from UTC"), "{said}");
        })
        .await;
}

/// The statements are those of the warnings, and nothing is left to warn of afterwards.
#[tokio::test]
async fn what_a_warning_says_to_run_ends_it() {
    Server::MySql
        .run(async |place: Place| {
            place.sql(schema!("prisma_with_ids.mysql")).await;
            place
                .sql(
                    "ALTER TABLE `User` MODIFY name varchar(191) CHARACTER SET utf8mb3 NULL; \
                     ALTER TABLE `Account` MODIFY scope varchar(100) NULL",
                )
                .await;
            let options = DatabaseOptions::default().schema(SchemaProfile::prisma_with_ids());
            let adapter = SqlAdapter::<MySql>::connect_with(&place.url, options).await.unwrap();
            let before = adapter.check_schema().await.unwrap();
            for part in
                ["`User.name` has the character set `utf8mb3`", "`Account.scope` ends after"]
            {
                assert!(before.warnings.iter().any(|said| said.contains(part)), "{before}");
            }
            let mut smiling = new_user("smiling@example.com");
            smiling.name = Some("Ada \u{1f600}".to_owned());
            let said = adapter.create_user(smiling.clone()).await.unwrap_err().to_string();
            assert!(said.contains("utf8mb4"), "{said}");
            let mut ran = 0;
            for warning in &before.warnings {
                let Some((_, statement)) = warning.split_once("run: ") else { continue };
                place.sql(statement).await;
                ran += 1;
            }
            assert!(ran >= 2, "{before}");
            let after = adapter.check_schema().await.unwrap();
            assert!(!after.to_string().contains("run: "), "{after}");
            adapter.create_user(smiling).await.unwrap();
        })
        .await;
}
