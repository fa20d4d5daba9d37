//! MySQL in the tests of both servers, and what is particular to it.

use std::time::Duration;

use sqlx::{Connection as _, MySqlConnection};

use super::driver::{connect, returns_deleted};
use super::{MySql, schema};
use crate::adapter::database_url::{DatabaseUrl, MYSQL};
use crate::adapter::sql::tests::{Place, Server, TestServer};
use crate::adapter::sql::{DatabaseOptions, Dialect, Protocol, SqlAdapter};
use crate::adapter::{SessionStore as _, UserStore as _};
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
    const READ_ONLY: &'static [&'static str] = &[
        "SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1290",
        "SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1836",
        "SIGNAL SQLSTATE '25006' SET MYSQL_ERRNO = 1792",
    ];
    const LIMITED_USER: &'static str = "CREATE USER {user} IDENTIFIED BY 'pw' \
         WITH MAX_USER_CONNECTIONS {limit}; \
         GRANT ALL ON {place}.* TO {user}";
    const NO_LIMITED_USER: &'static str = "DROP USER {user}";
    const LIMIT_REACHED: &'static str = "max_user_connections";

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
