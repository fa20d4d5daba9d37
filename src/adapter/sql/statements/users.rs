//! The statements about users.

use super::Statement;
use super::accounts::is_account;
use super::builder::Builder;
use crate::adapter::sql::ColumnKind::{self, Integer, Text};
use crate::adapter::sql::Table::{Accounts, Sessions, Users};
use crate::adapter::sql::{Dialect, IdKind, SchemaProfile};

/// The members of a user that every table has, besides the id.
const USER_MEMBERS: [&str; 4] = ["name", "email", "emailVerified", "image"];

#[derive(Debug)]
pub(in crate::adapter::sql) struct UserStatements {
    /// Values: id, name, address, its proof, picture, further members.
    pub(in crate::adapter::sql) insert: Statement,
    pub(in crate::adapter::sql) by_id: Statement,
    pub(in crate::adapter::sql) by_email: Statement,
    /// Values: provider, account id.
    pub(in crate::adapter::sql) by_account: Statement,
    /// Values: id, then for each member whether it changes and to what.
    pub(in crate::adapter::sql) update: Statement,
    /// Where rows that belong to a user are not removed with it: accounts, then sessions.
    pub(in crate::adapter::sql) delete_rows: [Statement; 2],
    pub(in crate::adapter::sql) delete: Statement,
}

impl UserStatements {
    pub(super) fn new(builder: &Builder<'_>) -> Self {
        let users = builder.table(Users);
        let columns = user_columns(builder);
        let read = |from: &str, condition: &str| {
            let sql = format!("SELECT {columns} FROM {from} WHERE {condition}");
            builder.reading(&sql, user_kinds(builder))
        };
        let is_user = builder.is_user(Users, "id", "$1");
        Self {
            insert: insert(builder, |_| true),
            by_id: read(&users, &is_user),
            by_email: read(&users, &builder.equals(Users, "email", "$1")),
            by_account: read(&builder.join_users(Accounts), &is_account(builder)),
            update: update(builder),
            delete_rows: [Accounts, Sessions].map(|table| {
                let (rows, of_user) =
                    (builder.table(table), builder.is_user(table, "userId", "$1"));
                builder.plain(format!("DELETE FROM {rows} WHERE {of_user}"))
            }),
            delete: builder.plain(format!("DELETE FROM {users} WHERE {is_user}")),
        }
    }
}

fn insert(builder: &Builder<'_>, is_given: impl Fn(&str) -> bool) -> Statement {
    let by_database = builder.profile.id == IdKind::Integer;
    let mut columns = Vec::new();
    if !by_database {
        columns.push((builder.name(Users, "id"), builder.id_value("$1")));
    }
    for (index, member) in USER_MEMBERS.into_iter().enumerate() {
        let parameter = format!("${}", index + 2);
        let value = match member {
            "emailVerified" => builder.time_value(Users, member, &parameter),
            _ => parameter,
        };
        columns.push((builder.name(Users, member), value));
    }
    let own = builder.profile.members.iter().enumerate();
    for (index, member) in own.filter(|(_, member)| is_given(member)) {
        let value = builder.member_value(member, &format!("${}", index + 6));
        columns.push((builder.dialect.quoted(member), value));
    }
    builder.add_date(Users, &mut columns);
    let sql = builder.insert(Users, &columns);
    if by_database && builder.dialect.returns_updated() {
        let sql = format!("{sql} RETURNING {}", builder.id_text(Users, "id"));
        return builder.reading(&sql, vec![Text]);
    }
    builder.plain(sql)
}

/// An insert that leaves members of the application's own to the database, which may have a default
/// for them.
pub(in crate::adapter::sql) fn insert_without(
    profile: &SchemaProfile,
    dialect: Dialect,
    is_given: impl Fn(&str) -> bool,
) -> Statement {
    insert(&Builder { profile, dialect }, is_given)
}

/// One statement for every combination of members.
fn update(builder: &Builder<'_>) -> Statement {
    let mut changes = Vec::new();
    let own = builder.profile.members.iter().map(String::as_str);
    for (index, member) in USER_MEMBERS.into_iter().chain(own).enumerate() {
        let is_own = index >= USER_MEMBERS.len();
        let name = match is_own {
            true => builder.dialect.quoted(member),
            false => builder.name(Users, member),
        };
        let changes_it = format!("${}", index * 2 + 2);
        let parameter = format!("${}", index * 2 + 3);
        let value = match member {
            "emailVerified" => builder.time_value(Users, member, &parameter),
            _ if is_own => builder.member_value(member, &parameter),
            _ => parameter,
        };
        changes.push(format!("{name} = CASE WHEN {changes_it} THEN {value} ELSE {name} END"));
    }
    builder.add_change_date(Users, &mut changes);
    let sql = format!(
        "UPDATE {} SET {} WHERE {}",
        builder.table(Users),
        changes.join(", "),
        builder.is_user(Users, "id", "$1")
    );
    if builder.dialect.returns_updated() {
        let sql = format!("{sql} RETURNING {}", user_columns(builder));
        return builder.reading(&sql, user_kinds(builder));
    }
    builder.plain(sql)
}

/// What [`Row::user`](crate::adapter::sql::Row::user) reads.
pub(super) fn user_columns(builder: &Builder<'_>) -> String {
    let mut columns = vec![
        builder.id_text(Users, "id"),
        builder.column(Users, "name"),
        builder.column(Users, "email"),
        builder.milliseconds(Users, "emailVerified"),
        builder.column(Users, "image"),
    ];
    let members = builder.profile.members.iter();
    columns.extend(members.map(|name| {
        let column = format!("{}.{}", builder.table(Users), builder.dialect.quoted(name));
        builder.dialect.member_text(&column)
    }));
    columns.join(", ")
}

pub(super) fn user_kinds(builder: &Builder<'_>) -> Vec<ColumnKind> {
    let mut kinds = vec![Text, Text, Text, Integer, Text];
    kinds.extend(builder.profile.members.iter().map(|_| Text));
    kinds
}
