//! The statements about sessions.

use super::Statement;
use super::builder::Builder;
use super::users::{user_columns, user_kinds};
use crate::adapter::sql::ColumnKind::{Integer, Text};
use crate::adapter::sql::Table::Sessions;

#[derive(Debug)]
pub(in crate::adapter::sql) struct SessionStatements {
    /// Values: token, user id, end, row id.
    pub(in crate::adapter::sql) insert: Statement,
    pub(in crate::adapter::sql) with_user: Statement,
    pub(in crate::adapter::sql) find: Statement,
    /// Values: token, end.
    pub(in crate::adapter::sql) update: Statement,
    pub(in crate::adapter::sql) delete: Statement,
    pub(in crate::adapter::sql) of_user: Statement,
    /// Values: user id, the token that stays.
    pub(in crate::adapter::sql) delete_of_user: Statement,
    /// Some at a time. Value: now.
    pub(in crate::adapter::sql) delete_expired: Statement,
}

impl SessionStatements {
    pub(super) fn new(builder: &Builder<'_>) -> Self {
        let sessions = builder.table(Sessions);
        let token = builder.column(Sessions, "sessionToken");
        let session = builder.equals(Sessions, "sessionToken", "$1");
        let of_user = builder.is_user(Sessions, "userId", "$1");
        let owner = builder.id_text(Sessions, "userId");
        let end = builder.milliseconds(Sessions, "expires");
        Self {
            insert: insert(builder),
            with_user: builder.reading(
                &format!(
                    "SELECT {end}, {} FROM {} WHERE {session}",
                    user_columns(builder),
                    builder.join_users(Sessions)
                ),
                [vec![Integer], user_kinds(builder)].concat(),
            ),
            find: builder.reading(
                &format!("SELECT {owner}, {end} FROM {sessions} WHERE {session}"),
                vec![Text, Integer],
            ),
            update: update(builder, &session),
            delete: builder.deleting(
                format!("DELETE FROM {sessions} WHERE {session}"),
                &format!("{owner}, {end}"),
                vec![Text, Integer],
            ),
            of_user: builder.reading(
                &format!(
                    "SELECT {token}, {end} FROM {sessions} WHERE {of_user} ORDER BY {end} DESC"
                ),
                vec![Text, Integer],
            ),
            delete_of_user: builder.plain(format!(
                "DELETE FROM {sessions} WHERE {of_user} AND ($2 IS NULL OR {})",
                builder.dialect.differs(&token, "$2")
            )),
            delete_expired: builder.deleting_expired(Sessions, &["sessionToken"]),
        }
    }
}

fn insert(builder: &Builder<'_>) -> Statement {
    let mut columns = vec![
        (builder.name(Sessions, "sessionToken"), "$1".to_owned()),
        (builder.name(Sessions, "userId"), builder.id_value("$2")),
        (builder.name(Sessions, "expires"), builder.time_value(Sessions, "expires", "$3")),
    ];
    builder.add_key(Sessions, "$4", &mut columns);
    builder.add_date(Sessions, &mut columns);
    builder.plain(builder.insert(Sessions, &columns))
}

fn update(builder: &Builder<'_>, session: &str) -> Statement {
    let expires = builder.name(Sessions, "expires");
    let value = builder.time_value(Sessions, "expires", "$2");
    let mut changes = vec![format!("{expires} = {value}")];
    builder.add_change_date(Sessions, &mut changes);
    builder.plain(format!(
        "UPDATE {} SET {} WHERE {session}",
        builder.table(Sessions),
        changes.join(", ")
    ))
}
