//! The plans of what is asked often and of what goes over many rows: each begins with an index, so
//! that it costs the same however large a table is.

use super::{Place, TestServer, on_each_server};
use crate::adapter::sql::ColumnKind::{self, Integer, Text};
use crate::adapter::sql::{Call, Cell, Driver as _, Statement, Value};
use crate::adapter::sqlite::tests::Folder;
use crate::adapter::{SqlAdapter, SqlDatabase};

on_each_server! {
    #[tokio::test] r219_what_is_asked_often_begins_with_an_index
}

/// Statements with the values for them, and the columns by which they find their rows.
fn statements<D: SqlDatabase>(
    adapter: &SqlAdapter<D>,
) -> Vec<(&'static str, &Statement, Vec<Value<'static>>)> {
    let of = &adapter.store.statements;
    let (now, id) = (Value::from(1_000_000_000_000_i64), || Value::from("7"));
    vec![
        ("a session with its user", &of.sessions.with_user, vec![id()]),
        ("a session", &of.sessions.find, vec![id()]),
        ("the end of a session", &of.sessions.delete, vec![id()]),
        ("the sessions of a user", &of.sessions.of_user, vec![id()]),
        ("sessions that have ended", &of.sessions.delete_expired, vec![now]),
        ("the owner of an account", &of.users.by_account, vec!["github".into(), id()]),
        ("the accounts of a user", &of.accounts.of_user, vec![id()]),
        ("a user", &of.users.by_id, vec![id()]),
        ("the user with an address", &of.users.by_email, vec!["7@example.com".into()]),
        ("a link", &of.verification_tokens.delete, vec![id(), id()]),
        ("links that have ended", &of.verification_tokens.delete_expired, vec![now]),
        ("attempts that have ended", &of.attempts.delete_ended, vec![now]),
    ]
}

/// What the database says of a statement, in one line.
async fn plan<D: SqlDatabase>(
    adapter: &SqlAdapter<D>,
    statement: &Statement,
    values: &[Value<'_>],
    explain: (&str, Vec<ColumnKind>),
) -> String {
    let explained = statement.explained(explain.0, explain.1);
    let rows = adapter.store.driver.write(Call::new(&explained, values)).await.unwrap().rows;
    let lines = rows.into_iter().filter_map(|row| {
        row.0
            .filter_map(|cell| match cell {
                Cell::Text(text) => text,
                Cell::Integer(_) => None,
            })
            .next()
    });
    lines.collect::<Vec<_>>().join(" / ")
}

/// Enough rows for a server to prefer an index, most of which have not ended.
fn rows() -> String {
    let of = |table: &str, row: fn(usize) -> String| {
        let rows: Vec<_> = (0..1500).map(row).collect();
        format!("INSERT INTO {table} VALUES {};", rows.join(", "))
    };
    [
        of("users (id, email)", |n| format!("('{n}', '{n}@example.com')")),
        of("sessions", |n| format!("('{n}', '{n}', '2037-01-01')")),
        of("verification_tokens", |n| format!("('{n}', '{n}', '2037-01-01')")),
        of("typegate_attempts", |n| format!("('{n}', 1, 4000000000000)")),
    ]
    .concat()
}

async fn r219_what_is_asked_often_begins_with_an_index<D: TestServer>(place: Place) {
    let adapter = place.migrated::<D>().await;
    place.sql(&rows()).await;
    let quoted = |column: &str| format!("{0}{column}{0}", D::QUOTE);
    let accounts: Vec<_> =
        (0..1500).map(|n| format!("('{n}', 'oauth', 'github', '{n}')")).collect();
    place
        .sql(&format!(
            "INSERT INTO accounts ({}, type, provider, {}) VALUES {}",
            quoted("userId"),
            quoted("providerAccountId"),
            accounts.join(", ")
        ))
        .await;
    for table in ["users", "accounts", "sessions", "verification_tokens", "typegate_attempts"] {
        place.sql(&format!("{} {table}", D::ANALYZE)).await;
    }
    for (what, statement, values) in statements(&adapter) {
        let explain = (D::EXPLAIN, vec![Text]);
        let plan = plan(&adapter, statement, &values, explain).await;
        assert!(plan.contains(D::BY_INDEX), "{what}: {plan}");
        assert!(!plan.contains(D::WHOLE_TABLE), "{what}: {plan}");
    }
}

#[tokio::test]
async fn r219_what_is_asked_often_begins_with_an_index_in_sqlite() {
    let folder = Folder::new();
    let adapter = folder.migrated().await;
    for (what, statement, values) in statements(&adapter) {
        let explain = ("EXPLAIN QUERY PLAN", vec![Integer, Integer, Integer, Text]);
        let plan = plan(&adapter, statement, &values, explain).await;
        assert!(plan.contains("SEARCH"), "{what}: {plan}");
        assert!(!plan.contains("SCAN"), "{what}: {plan}");
    }
}
