//! Every statement that a database is given, built once from names and dialect. Values reach
//! them as parameters only.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

use super::ColumnKind::{self, Integer, Text};
use super::{Dialect, IdKind, SchemaProfile, Table};
use Table::{Accounts, Sessions, Users, VerificationTokens};

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

/// The members of a user that every table has, besides the id.
const USER_MEMBERS: [&str; 4] = ["name", "email", "emailVerified", "image"];

/// A statement with what has to be known of its parameters and columns.
#[derive(Debug)]
pub(in crate::adapter) struct Statement {
    text: SqlStr,
    /// Which value each placeholder stands for.
    pub(super) parameters: Vec<usize>,
    /// How the columns of the answer are read; none if there is no answer.
    pub(in crate::adapter) columns: Vec<ColumnKind>,
}

impl Statement {
    pub(in crate::adapter) fn sql(&self) -> SqlStr {
        self.text.clone()
    }

    /// Takes a text in which `$1` is the first value. SQLite and MySQL call it otherwise, and
    /// MySQL counts placeholders instead of values.
    pub(in crate::adapter) fn new(text: &str, dialect: Dialect, columns: Vec<ColumnKind>) -> Self {
        let mut sql = String::with_capacity(text.len());
        let mut parameters = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, after) = after.split_at(digits);
            sql.push_str(before);
            rest = after;
            let Ok(value) = number.parse::<usize>().map(|number| number.saturating_sub(1)) else {
                sql.push('$'); // in a name
                continue;
            };
            let known = parameters.iter().position(|known| *known == value);
            if let (Dialect::MySql { .. }, _) | (_, None) = (dialect, known) {
                parameters.push(value);
            }
            let place = known.map_or(parameters.len(), |index| index + 1);
            match dialect {
                Dialect::Postgres => sql.push_str(&format!("${place}")),
                Dialect::Sqlite => sql.push_str(&format!("?{place}")),
                Dialect::MySql { .. } => sql.push('?'),
            }
        }
        sql.push_str(rest);
        Self { text: AssertSqlSafe(Arc::<str>::from(sql)).into_sql_str(), parameters, columns }
    }
}

/// All of them, for one set of tables.
#[derive(Debug)]
pub(super) struct Statements {
    /// Values: id, name, address, its proof, picture, further members.
    pub(super) insert_user: Statement,
    pub(super) user_by_id: Statement,
    pub(super) user_by_email: Statement,
    /// Values: provider, account id.
    pub(super) user_by_account: Statement,
    /// Values: id, then for each member whether it changes and to what.
    pub(super) update_user: Statement,
    /// Where rows that belong to a user are not removed with it: accounts, then sessions.
    pub(super) delete_rows_of_user: [Statement; 2],
    pub(super) delete_user: Statement,
    /// Values: user id, type, provider, account id, [`ACCOUNT_TEXTS`], `expires_at`, row id.
    pub(super) insert_account: Statement,
    pub(super) accounts_of_user: Statement,
    /// Values: provider, account id.
    pub(super) account: Statement,
    /// Values: provider, account id, [`ACCOUNT_TEXTS`], `expires_at`.
    pub(super) update_account: Statement,
    pub(super) delete_account: Statement,
    /// Values: token, user id, end, row id.
    pub(super) insert_session: Statement,
    pub(super) session_and_user: Statement,
    pub(super) session: Statement,
    /// Values: token, end.
    pub(super) update_session: Statement,
    pub(super) delete_session: Statement,
    pub(super) sessions_of_user: Statement,
    /// Values: user id, the token that stays.
    pub(super) delete_sessions_of_user: Statement,
    pub(super) delete_expired_sessions: Statement,
    /// Values: address, token, end, row id.
    pub(super) insert_verification_token: Statement,
    pub(super) verification_token: Statement,
    pub(super) use_verification_token: Statement,
    pub(super) delete_expired_verification_tokens: Statement,
}

impl Statements {
    pub(super) fn new(profile: &SchemaProfile, dialect: Dialect) -> Self {
        Builder { profile, dialect }.statements()
    }
}

struct Builder<'p> {
    profile: &'p SchemaProfile,
    dialect: Dialect,
}

impl Builder<'_> {
    fn statements(&self) -> Statements {
        let dialect = &self.dialect;
        let (users, accounts, sessions, links) = (
            self.table(Users),
            self.table(Accounts),
            self.table(Sessions),
            self.table(VerificationTokens),
        );
        let user_columns = self.user_columns();
        let user_kinds = self.user_kinds();
        let read_user = |from: &str, condition: String| {
            let sql = format!("SELECT {user_columns} FROM {from} WHERE {condition}");
            Statement::new(&sql, *dialect, user_kinds.clone())
        };
        let of_user = |table| self.is_user(table, "userId", "$1");
        let join = |table| {
            let owner = self.column(table, "userId");
            format!("{} JOIN {users} ON {} = {owner}", self.table(table), self.column(Users, "id"))
        };
        let account = format!(
            "{} AND {}",
            self.equals(Accounts, "provider", "$1"),
            self.equals(Accounts, "providerAccountId", "$2")
        );
        let session = self.equals(Sessions, "sessionToken", "$1");
        let session_end = self.milliseconds(Sessions, "expires");
        let link = format!(
            "{} AND {}",
            self.equals(VerificationTokens, "identifier", "$1"),
            self.equals(VerificationTokens, "token", "$2")
        );
        let link_end = self.milliseconds(VerificationTokens, "expires");
        let session_owner = self.id_text(Sessions, "userId");
        let session_and_user_kinds = [&[Integer], &*user_kinds].concat();

        Statements {
            insert_user: self.insert_user(),
            user_by_id: read_user(&users, self.is_user(Users, "id", "$1")),
            user_by_email: read_user(&users, self.equals(Users, "email", "$1")),
            user_by_account: read_user(&join(Accounts), account.clone()),
            update_user: self.update_user(),
            delete_rows_of_user: [Accounts, Sessions].map(|table| {
                self.plain(format!("DELETE FROM {} WHERE {}", self.table(table), of_user(table)))
            }),
            delete_user: self
                .plain(format!("DELETE FROM {users} WHERE {}", self.is_user(Users, "id", "$1"))),
            insert_account: self.insert_account(),
            accounts_of_user: self.accounts_of_user(),
            account: self.accounts(&account),
            update_account: self.update_account(&account),
            delete_account: self.plain(format!("DELETE FROM {accounts} WHERE {account}")),
            insert_session: self.insert_session(),
            session_and_user: Statement::new(
                &format!(
                    "SELECT {session_end}, {user_columns} FROM {} WHERE {session}",
                    join(Sessions)
                ),
                *dialect,
                session_and_user_kinds,
            ),
            session: Statement::new(
                &format!("SELECT {session_owner}, {session_end} FROM {sessions} WHERE {session}"),
                *dialect,
                vec![Text, Integer],
            ),
            update_session: self.update_session(&session),
            delete_session: self.deleting(
                format!("DELETE FROM {sessions} WHERE {session}"),
                &format!("{session_owner}, {session_end}"),
                vec![Text, Integer],
            ),
            sessions_of_user: Statement::new(
                &format!(
                    "SELECT {}, {session_end} FROM {sessions} WHERE {} ORDER BY {session_end} DESC",
                    self.column(Sessions, "sessionToken"),
                    of_user(Sessions)
                ),
                *dialect,
                vec![Text, Integer],
            ),
            delete_sessions_of_user: self.plain(format!(
                "DELETE FROM {sessions} WHERE {} AND ($2 IS NULL OR {})",
                of_user(Sessions),
                dialect.differs(&self.column(Sessions, "sessionToken"), "$2")
            )),
            delete_expired_sessions: self
                .plain(format!("DELETE FROM {sessions} WHERE {session_end} < $1")),
            insert_verification_token: self.insert_verification_token(),
            verification_token: Statement::new(
                &format!("SELECT {link_end} FROM {links} WHERE {link}"),
                *dialect,
                vec![Integer],
            ),
            use_verification_token: self.deleting(
                format!("DELETE FROM {links} WHERE {link}"),
                &link_end,
                vec![Integer],
            ),
            delete_expired_verification_tokens: self
                .plain(format!("DELETE FROM {links} WHERE {link_end} < $1")),
        }
    }

    fn insert_user(&self) -> Statement {
        let by_database = self.profile.id == IdKind::Integer;
        let mut columns = Vec::new();
        if !by_database {
            columns.push((self.name(Users, "id"), self.id_value("$1")));
        }
        for (index, member) in USER_MEMBERS.into_iter().enumerate() {
            let parameter = format!("${}", index + 2);
            let value = match member {
                "emailVerified" => self.time_value(Users, member, &parameter),
                _ => parameter,
            };
            columns.push((self.name(Users, member), value));
        }
        for (index, member) in self.profile.members.iter().enumerate() {
            let parameter = format!("${}", index + 6);
            columns.push((self.dialect.quoted(member), parameter));
        }
        self.add_date(Users, &mut columns);
        let sql = self.insert(Users, &columns);
        if by_database && self.dialect.returns_updated() {
            let sql = format!("{sql} RETURNING {}", self.id_text(Users, "id"));
            return Statement::new(&sql, self.dialect, vec![Text]);
        }
        self.plain(sql)
    }

    /// One statement for every combination of members.
    fn update_user(&self) -> Statement {
        let mut changes = Vec::new();
        for (index, member) in USER_MEMBERS.into_iter().enumerate() {
            let name = self.name(Users, member);
            let changes_it = format!("${}", index * 2 + 2);
            let parameter = format!("${}", index * 2 + 3);
            let value = match member {
                "emailVerified" => self.time_value(Users, member, &parameter),
                _ => parameter,
            };
            changes.push(format!("{name} = CASE WHEN {changes_it} THEN {value} ELSE {name} END"));
        }
        self.add_change_date(Users, &mut changes);
        let sql = format!(
            "UPDATE {} SET {} WHERE {}",
            self.table(Users),
            changes.join(", "),
            self.is_user(Users, "id", "$1")
        );
        if self.dialect.returns_updated() {
            let sql = format!("{sql} RETURNING {}", self.user_columns());
            return Statement::new(&sql, self.dialect, self.user_kinds());
        }
        self.plain(sql)
    }

    fn insert_account(&self) -> Statement {
        let mut columns = vec![
            (self.name(Accounts, "userId"), self.id_value("$1")),
            (self.name(Accounts, "type"), "$2".to_owned()),
            (self.name(Accounts, "provider"), "$3".to_owned()),
            (self.name(Accounts, "providerAccountId"), "$4".to_owned()),
        ];
        for (index, member) in self.account_texts().iter().enumerate() {
            columns.push((self.name(Accounts, member), format!("${}", index + 5)));
        }
        columns.push((self.name(Accounts, "expires_at"), "$13".to_owned()));
        self.add_key(Accounts, "$14", &mut columns);
        self.add_date(Accounts, &mut columns);
        self.plain(self.insert(Accounts, &columns))
    }

    fn accounts_of_user(&self) -> Statement {
        self.accounts(&format!(
            "{} ORDER BY {}, {}",
            self.is_user(Accounts, "userId", "$1"),
            self.column(Accounts, "provider"),
            self.column(Accounts, "providerAccountId"),
        ))
    }

    fn accounts(&self, condition: &str) -> Statement {
        let mut columns = vec![
            self.column(Accounts, "type"),
            self.column(Accounts, "provider"),
            self.column(Accounts, "providerAccountId"),
        ];
        columns.extend(self.account_texts().iter().map(|member| self.column(Accounts, member)));
        let mut kinds = vec![Text; columns.len()];
        // Some schemas have 32 bits, which one driver tells from 64.
        columns.push(match self.dialect {
            Dialect::Postgres => format!("CAST({} AS bigint)", self.column(Accounts, "expires_at")),
            _ => self.column(Accounts, "expires_at"),
        });
        kinds.push(Integer);
        let (columns, table) = (columns.join(", "), self.table(Accounts));
        let sql = format!("SELECT {columns} FROM {table} WHERE {condition}");
        Statement::new(&sql, self.dialect, kinds)
    }

    /// Replaces every token: one that is not given any more is gone.
    fn update_account(&self, account: &str) -> Statement {
        let texts = self.account_texts().iter().enumerate();
        let mut changes: Vec<String> = texts
            .map(|(index, member)| format!("{} = ${}", self.name(Accounts, member), index + 3))
            .collect();
        changes.push(format!("{} = $11", self.name(Accounts, "expires_at")));
        self.add_change_date(Accounts, &mut changes);
        let (table, changes) = (self.table(Accounts), changes.join(", "));
        self.plain(format!("UPDATE {table} SET {changes} WHERE {account}"))
    }

    fn insert_session(&self) -> Statement {
        let mut columns = vec![
            (self.name(Sessions, "sessionToken"), "$1".to_owned()),
            (self.name(Sessions, "userId"), self.id_value("$2")),
            (self.name(Sessions, "expires"), self.time_value(Sessions, "expires", "$3")),
        ];
        self.add_key(Sessions, "$4", &mut columns);
        self.add_date(Sessions, &mut columns);
        self.plain(self.insert(Sessions, &columns))
    }

    fn update_session(&self, session: &str) -> Statement {
        let expires = self.name(Sessions, "expires");
        let value = self.time_value(Sessions, "expires", "$2");
        let mut changes = vec![format!("{expires} = {value}")];
        self.add_change_date(Sessions, &mut changes);
        self.plain(format!(
            "UPDATE {} SET {} WHERE {session}",
            self.table(Sessions),
            changes.join(", ")
        ))
    }

    fn insert_verification_token(&self) -> Statement {
        let mut columns = vec![
            (self.name(VerificationTokens, "identifier"), "$1".to_owned()),
            (self.name(VerificationTokens, "token"), "$2".to_owned()),
            (
                self.name(VerificationTokens, "expires"),
                self.time_value(VerificationTokens, "expires", "$3"),
            ),
        ];
        self.add_key(VerificationTokens, "$4", &mut columns);
        self.plain(self.insert(VerificationTokens, &columns))
    }

    fn insert(&self, table: Table, columns: &[(String, String)]) -> String {
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<&str> = columns.iter().map(|(_, value)| value.as_str()).collect();
        format!(
            "INSERT INTO {} ({}) VALUES ({})",
            self.table(table),
            names.join(", "),
            values.join(", ")
        )
    }

    fn plain(&self, sql: impl AsRef<str>) -> Statement {
        Statement::new(sql.as_ref(), self.dialect, Vec::new())
    }

    /// Returns what it deletes, where the database can.
    fn deleting(&self, sql: String, columns: &str, kinds: Vec<ColumnKind>) -> Statement {
        if self.dialect.returns_deleted() {
            return Statement::new(&format!("{sql} RETURNING {columns}"), self.dialect, kinds);
        }
        self.plain(sql)
    }

    fn add_key(&self, table: Table, parameter: &str, columns: &mut Vec<(String, String)>) {
        if self.profile.keyed.contains(&table) {
            // A key of the kind of the users' ids, made here.
            columns.push((self.name(table, "id"), self.id_value(parameter)));
        }
    }

    fn add_date(&self, table: Table, columns: &mut Vec<(String, String)>) {
        if self.profile.dated.contains(&table) {
            columns.push((self.name(table, "updatedAt"), self.now(table)));
        }
    }

    fn add_change_date(&self, table: Table, changes: &mut Vec<String>) {
        if self.profile.dated.contains(&table) {
            changes.push(format!("{} = {}", self.name(table, "updatedAt"), self.now(table)));
        }
    }

    fn now(&self, table: Table) -> String {
        let kind = self.profile.time_kind(self.is_sqlite());
        self.dialect.now(kind, &self.table(table), &self.column(table, "updatedAt"))
    }

    fn user_columns(&self) -> String {
        let mut columns = vec![
            self.id_text(Users, "id"),
            self.column(Users, "name"),
            self.column(Users, "email"),
            self.milliseconds(Users, "emailVerified"),
            self.column(Users, "image"),
        ];
        let members = self.profile.members.iter();
        columns.extend(
            members.map(|name| format!("{}.{}", self.table(Users), self.dialect.quoted(name))),
        );
        columns.join(", ")
    }

    fn user_kinds(&self) -> Vec<ColumnKind> {
        let mut kinds = vec![Text, Text, Text, Integer, Text];
        kinds.extend(self.profile.members.iter().map(|_| Text));
        kinds
    }

    fn account_texts(&self) -> &'static [&'static str] {
        account_texts(self.profile)
    }

    fn table(&self, table: Table) -> String {
        let name = self.dialect.quoted(self.profile.table_name(table));
        match self.profile.namespace_name() {
            Some(namespace) => format!("{}.{name}", self.dialect.quoted(namespace)),
            None => name,
        }
    }

    /// A column alone, as inserts and changes name it.
    fn name(&self, table: Table, member: &str) -> String {
        self.dialect.quoted(&self.profile.column_name(table, member))
    }

    /// A column with its table.
    fn column(&self, table: Table, member: &str) -> String {
        format!("{}.{}", self.table(table), self.name(table, member))
    }

    fn equals(&self, table: Table, member: &str, parameter: &str) -> String {
        self.dialect.equals(&self.column(table, member), parameter)
    }

    fn is_user(&self, table: Table, member: &str, parameter: &str) -> String {
        self.dialect.is_id(&self.column(table, member), parameter, self.profile.id)
    }

    fn id_value(&self, parameter: &str) -> String {
        self.dialect.id_value(parameter, self.profile.id)
    }

    fn id_text(&self, table: Table, member: &str) -> String {
        self.dialect.id_text(&self.column(table, member), self.profile.id)
    }

    fn milliseconds(&self, table: Table, member: &str) -> String {
        let kind = self.profile.time_kind(self.is_sqlite());
        self.dialect.milliseconds(&self.column(table, member), kind)
    }

    fn time_value(&self, table: Table, member: &str, parameter: &str) -> String {
        let kind = self.profile.time_kind(self.is_sqlite());
        let column = self.column(table, member);
        self.dialect.time_value(parameter, kind, &self.table(table), &column)
    }

    fn is_sqlite(&self) -> bool {
        self.dialect == Dialect::Sqlite
    }
}

/// Those of [`ACCOUNT_TEXTS`] that the table has.
pub(super) fn account_texts(profile: &SchemaProfile) -> &'static [&'static str] {
    let (oauth2, _) = ACCOUNT_TEXTS.split_at(6);
    if profile.oauth1 { &ACCOUNT_TEXTS } else { oauth2 }
}
