//! The ends of the calendar: sessions that end when a timestamp cannot, in the last hours of the
//! year 9999, later, never, or before there were years.

use jiff::Timestamp;

use super::{Place, Server, TestServer, options};
use crate::adapter::sqlite::tests::Folder;
use crate::adapter::{MySql, Postgres, SchemaProfile, SessionStore, SqliteAdapter};

const USER: &str = "8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a";

/// Rows of users and sessions of which the column `expires` has these expressions.
fn rows(quote: char, user: &str, session: &str, ends: &[(&str, bool)]) -> String {
    let mut sql =
        format!("INSERT INTO {quote}{user}{quote} (id, email) VALUES ('{USER}', 'a@b.c');");
    for (index, (end, _)) in ends.iter().enumerate() {
        sql.push_str(&format!(
            "INSERT INTO {quote}{session}{quote} ({quote}sessionToken{quote}, {quote}userId{quote}, \
             expires) VALUES ('s{index}', '{USER}', {end});"
        ));
    }
    sql
}

/// Each of them is in the future or in the past, and none is an error.
async fn are_read(adapter: &impl SessionStore, ends: &[(&str, bool)]) {
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    for (index, (end, is_good)) in ends.iter().enumerate() {
        let token = format!("s{index}").as_str().into();
        let found = adapter.session_and_user(&token).await;
        let (session, _) = found.unwrap_or_else(|error| panic!("{end}: {error:?}")).unwrap();
        assert_eq!(session.expires > now, *is_good, "{end}");
        // What is written back is what is read again.
        adapter.update_session(&token, now).await.unwrap();
        assert_eq!(adapter.session_and_user(&token).await.unwrap().unwrap().0.expires, now);
    }
}

/// On tables of Kysely's.
async fn are_read_on<D: TestServer>(place: &Place, ddl: &str, ends: &[(&str, bool)]) {
    place.sql(ddl).await;
    place.sql(&rows(D::QUOTE, "User", "Session", ends)).await;
    let options = options().schema(SchemaProfile::kysely());
    are_read(&place.connect::<D>(options).await, ends).await;
}

#[tokio::test]
async fn r200_sessions_beyond_the_calendar_are_read_from_sqlite() {
    let times = [
        ("253402300799999", true),
        ("9223372036854775807", true),
        ("-9223372036854775808", false),
        ("'9999-12-31T23:59:59.999Z'", true),
        ("'+275760-09-13T00:00:00.000Z'", true),
        ("'-000001-01-01T00:00:00.000Z'", false),
        ("'0000-01-01T00:00:00.000Z'", false),
    ];
    let folder = Folder::new();
    folder.sql(include_str!("../../../../tests/data/schemas/prisma_v4.sqlite.sql")).await;
    // One at a time: what is written back follows the first row that there is.
    for time in times {
        folder.sql("DELETE FROM \"Session\"; DELETE FROM \"User\"").await;
        folder.sql(&rows('"', "User", "Session", &[time])).await;
        let options = options().schema(SchemaProfile::prisma_v4());
        let adapter = SqliteAdapter::connect_with(&folder.url(), options).await.unwrap();
        are_read(&adapter, &[time]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r200_sessions_beyond_the_calendar_are_read_from_postgresql() {
    let times = [
        ("'9999-12-31 23:59:59.999+00'", true),
        ("'9999-12-31 23:59:59.999999-15'", true),
        ("'infinity'", true),
        ("'294276-01-01'", true),
        ("'-infinity'", false),
        ("'4713-01-01 BC'", false),
    ];
    Server::Postgres
        .run(async |place: Place| {
            let ddl = include_str!("../../../../tests/data/schemas/kysely.postgres.sql");
            are_read_on::<Postgres>(&place, ddl, &times).await;
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r200_sessions_beyond_the_calendar_are_read_from_mysql() {
    let times = [("'9999-12-31 23:59:59.999'", true), ("'1000-01-01 00:00:00'", false)];
    Server::MySql
        .run(async |place: Place| {
            let ddl = include_str!("../../../../tests/data/schemas/kysely.mysql.sql");
            are_read_on::<MySql>(&place, ddl, &times).await;
        })
        .await;
}
