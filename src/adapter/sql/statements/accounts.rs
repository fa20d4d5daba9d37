//! The statements about accounts.

use super::Statement;
use super::builder::Builder;
use crate::adapter::sql::ColumnKind::{Integer, Text};
use crate::adapter::sql::Table::Accounts;
use crate::adapter::sql::{Dialect, SchemaProfile};

/// The members of a token response that have a text column, in the order of the statements. The
/// last two are those of OAuth 1.0a.
pub(in crate::adapter) static ACCOUNT_TEXTS: [&str; 8] = [
    "refresh_token",
    "access_token",
    "token_type",
    "scope",
    "id_token",
    "session_state",
    "oauth_token",
    "oauth_token_secret",
];

/// Those of [`ACCOUNT_TEXTS`] that the table has.
pub(in crate::adapter::sql) fn account_texts(profile: &SchemaProfile) -> &'static [&'static str] {
    let (oauth2, _) = ACCOUNT_TEXTS.split_at(6);
    if profile.oauth1 { &ACCOUNT_TEXTS } else { oauth2 }
}

#[derive(Debug)]
pub(in crate::adapter::sql) struct AccountStatements {
    /// Values: user id, type, provider, account id, [`ACCOUNT_TEXTS`], `expires_at`, row id.
    pub(in crate::adapter::sql) insert: Statement,
    pub(in crate::adapter::sql) of_user: Statement,
    /// Values: provider, account id.
    pub(in crate::adapter::sql) find: Statement,
    /// Values: provider, account id, [`ACCOUNT_TEXTS`], `expires_at`.
    pub(in crate::adapter::sql) update: Statement,
    /// Values: provider, account id.
    pub(in crate::adapter::sql) delete: Statement,
}

impl AccountStatements {
    pub(super) fn new(builder: &Builder<'_>) -> Self {
        let (accounts, account) = (builder.table(Accounts), is_account(builder));
        Self {
            insert: insert(builder),
            of_user: of_user(builder),
            find: read(builder, &account),
            update: update(builder, &account),
            delete: builder.plain(format!("DELETE FROM {accounts} WHERE {account}")),
        }
    }
}

/// Whether a row is the account of the first two values.
pub(super) fn is_account(builder: &Builder<'_>) -> String {
    format!(
        "{} AND {}",
        builder.equals(Accounts, "provider", "$1"),
        builder.equals(Accounts, "providerAccountId", "$2")
    )
}

fn insert(builder: &Builder<'_>) -> Statement {
    let mut columns = vec![
        (builder.name(Accounts, "userId"), builder.id_value("$1")),
        (builder.name(Accounts, "type"), "$2".to_owned()),
        (builder.name(Accounts, "provider"), "$3".to_owned()),
        (builder.name(Accounts, "providerAccountId"), "$4".to_owned()),
    ];
    for (index, member) in account_texts(builder.profile).iter().enumerate() {
        columns.push((builder.name(Accounts, member), format!("${}", index + 5)));
    }
    columns.push((builder.name(Accounts, "expires_at"), "$13".to_owned()));
    builder.add_key(Accounts, "$14", &mut columns);
    builder.add_date(Accounts, &mut columns);
    builder.plain(builder.insert(Accounts, &columns))
}

fn of_user(builder: &Builder<'_>) -> Statement {
    read(
        builder,
        &format!(
            "{} ORDER BY {}, {}",
            builder.is_user(Accounts, "userId", "$1"),
            builder.column(Accounts, "provider"),
            builder.column(Accounts, "providerAccountId"),
        ),
    )
}

fn read(builder: &Builder<'_>, condition: &str) -> Statement {
    let mut columns = vec![
        builder.column(Accounts, "type"),
        builder.column(Accounts, "provider"),
        builder.column(Accounts, "providerAccountId"),
    ];
    columns.extend(
        account_texts(builder.profile).iter().map(|member| builder.column(Accounts, member)),
    );
    let mut kinds = vec![Text; columns.len()];
    // Some schemas have 32 bits, which one driver tells from 64.
    columns.push(match builder.dialect {
        Dialect::Postgres => format!("CAST({} AS bigint)", builder.column(Accounts, "expires_at")),
        _ => builder.column(Accounts, "expires_at"),
    });
    kinds.push(Integer);
    let (columns, table) = (columns.join(", "), builder.table(Accounts));
    let sql = format!("SELECT {columns} FROM {table} WHERE {condition}");
    builder.reading(&sql, kinds)
}

/// Replaces every token: one that is not given any more is gone.
fn update(builder: &Builder<'_>, account: &str) -> Statement {
    let texts = account_texts(builder.profile).iter().enumerate();
    let mut changes: Vec<String> = texts
        .map(|(index, member)| format!("{} = ${}", builder.name(Accounts, member), index + 3))
        .collect();
    changes.push(format!("{} = $11", builder.name(Accounts, "expires_at")));
    builder.add_change_date(Accounts, &mut changes);
    let (table, changes) = (builder.table(Accounts), changes.join(", "));
    builder.plain(format!("UPDATE {table} SET {changes} WHERE {account}"))
}
