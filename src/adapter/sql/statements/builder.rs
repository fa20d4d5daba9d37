//! The parts of statements: names from a [`SchemaProfile`], conditions and conversions in a
//! [`Dialect`].

use super::Statement;
use crate::adapter::sql::{ColumnKind, Dialect, SchemaProfile, Table};

pub(super) struct Builder<'p> {
    pub(super) profile: &'p SchemaProfile,
    pub(super) dialect: Dialect,
}

impl Builder<'_> {
    /// A statement that returns rows of these columns.
    pub(super) fn reading(&self, sql: &str, kinds: Vec<ColumnKind>) -> Statement {
        Statement::new(sql, self.dialect, kinds)
    }

    /// A statement that returns no rows.
    pub(super) fn plain(&self, sql: impl AsRef<str>) -> Statement {
        Statement::new(sql.as_ref(), self.dialect, Vec::new())
    }

    /// Returns what it deletes, where the database can.
    pub(super) fn deleting(&self, sql: String, columns: &str, kinds: Vec<ColumnKind>) -> Statement {
        if self.dialect.returns_deleted() {
            return Statement::new(&format!("{sql} RETURNING {columns}"), self.dialect, kinds);
        }
        self.plain(sql)
    }

    pub(super) fn insert(&self, table: Table, columns: &[(String, String)]) -> String {
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<&str> = columns.iter().map(|(_, value)| value.as_str()).collect();
        format!(
            "INSERT INTO {} ({}) VALUES ({})",
            self.table(table),
            names.join(", "),
            values.join(", ")
        )
    }

    pub(super) fn add_key(
        &self,
        table: Table,
        parameter: &str,
        columns: &mut Vec<(String, String)>,
    ) {
        if self.profile.keyed.contains(&table) {
            // A key of the kind of the users' ids, made here.
            columns.push((self.name(table, "id"), self.id_value(parameter)));
        }
    }

    pub(super) fn add_date(&self, table: Table, columns: &mut Vec<(String, String)>) {
        if self.profile.dated.contains(&table) {
            columns.push((self.name(table, "updatedAt"), self.now(table)));
        }
    }

    pub(super) fn add_change_date(&self, table: Table, changes: &mut Vec<String>) {
        if self.profile.dated.contains(&table) {
            changes.push(format!("{} = {}", self.name(table, "updatedAt"), self.now(table)));
        }
    }

    fn now(&self, table: Table) -> String {
        let kind = self.profile.time_kind(self.is_sqlite());
        self.dialect.now(kind, &self.table(table), &self.column(table, "updatedAt"))
    }

    pub(super) fn table(&self, table: Table) -> String {
        let name = self.dialect.quoted(self.profile.table_name(table));
        match self.profile.namespace_name() {
            Some(namespace) => format!("{}.{name}", self.dialect.quoted(namespace)),
            None => name,
        }
    }

    /// A column alone, as inserts and changes name it.
    pub(super) fn name(&self, table: Table, member: &str) -> String {
        self.dialect.quoted(&self.profile.column_name(table, member))
    }

    /// A column with its table.
    pub(super) fn column(&self, table: Table, member: &str) -> String {
        format!("{}.{}", self.table(table), self.name(table, member))
    }

    pub(super) fn is_user(&self, table: Table, member: &str, parameter: &str) -> String {
        self.dialect.is_id(&self.column(table, member), parameter, self.profile.id)
    }

    pub(super) fn equals(&self, table: Table, member: &str, parameter: &str) -> String {
        self.dialect.equals(&self.column(table, member), parameter)
    }

    pub(super) fn id_value(&self, parameter: &str) -> String {
        self.dialect.id_value(parameter, self.profile.id)
    }

    /// What a column of users that is the application's own is set to.
    pub(super) fn member_value(&self, member: &str, parameter: &str) -> String {
        self.dialect.member_value(parameter, &self.table(Table::Users), member)
    }

    pub(super) fn id_text(&self, table: Table, member: &str) -> String {
        self.dialect.id_text(&self.column(table, member), self.profile.id)
    }

    pub(super) fn milliseconds(&self, table: Table, member: &str) -> String {
        let kind = self.profile.time_kind(self.is_sqlite());
        self.dialect.milliseconds(&self.column(table, member), kind)
    }

    /// Deletes some of the rows whose end is before the first value.
    pub(super) fn deleting_expired(&self, table: Table, keys: &[&str]) -> Statement {
        let kind = self.profile.time_kind(self.is_sqlite());
        let (name, column) = (self.table(table), self.column(table, "expires"));
        let condition = self.dialect.is_before(&column, "$1", kind, &name);
        let keys: Vec<String> = keys.iter().map(|member| self.name(table, member)).collect();
        self.plain(self.dialect.delete_some(&name, &keys, &condition))
    }

    pub(super) fn time_value(&self, table: Table, member: &str, parameter: &str) -> String {
        let kind = self.profile.time_kind(self.is_sqlite());
        let column = self.column(table, member);
        self.dialect.time_value(parameter, kind, &self.table(table), &column)
    }

    fn is_sqlite(&self) -> bool {
        self.dialect == Dialect::Sqlite
    }

    /// The rows of a table with those of the users they belong to.
    pub(super) fn join_users(&self, table: Table) -> String {
        format!(
            "{} JOIN {} ON {} = {}",
            self.table(table),
            self.table(Table::Users),
            self.column(Table::Users, "id"),
            self.column(table, "userId")
        )
    }
}
