//! What a database says of the tables that are there: columns, indexes, and what the account may do.

use super::failure::Failure;
#[cfg(feature = "dynamic")]
use super::store::MIGRATIONS_TABLE;
use super::value::Row;
use super::{Dialect, SchemaProfile, Table};
use Table::{Users, VerificationTokens};

/// What the account of the address may do with a table, as far as the database says so.
#[derive(Clone, Debug)]
pub(in crate::adapter) struct FoundRights {
    table: String,
    /// In the order of [`RIGHTS`].
    may: [Option<bool>; 4],
}

const RIGHTS: [&str; 4] = ["SELECT", "INSERT", "UPDATE", "DELETE"];

/// A column that a table has.
#[derive(Clone, Debug)]
pub(in crate::adapter) struct FoundColumn {
    pub(in crate::adapter) table: String,
    pub(in crate::adapter) name: String,
    pub(in crate::adapter) data_type: String,
    pub(in crate::adapter) length: Option<i64>,
    pub(in crate::adapter) nullable: bool,
    /// The database fills it where an insert does not.
    pub(in crate::adapter) has_default: bool,
    /// Of a text that may have another one than that of all characters.
    pub(in crate::adapter) character_set: Option<String>,
}

/// An index that a table has.
#[derive(Clone, Debug)]
pub(in crate::adapter) struct FoundKey {
    pub(super) table: String,
    /// In their order, in small letters.
    pub(super) columns: Vec<String>,
    pub(super) is_unique: bool,
}

/// What there is.
#[derive(Clone, Debug, Default)]
pub(in crate::adapter) struct FoundSchema {
    pub(in crate::adapter) columns: Vec<FoundColumn>,
    pub(in crate::adapter) keys: Vec<FoundKey>,
    pub(in crate::adapter) rights: Vec<FoundRights>,
    /// By how many seconds the clock of a connection differs from UTC.
    pub(in crate::adapter) zone: i64,
}

impl FoundSchema {
    pub(super) fn has_table(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.table == name)
    }

    /// Also one of which the account may not see the columns.
    #[cfg(feature = "dynamic")]
    pub(super) fn names_table(&self, name: &str) -> bool {
        self.rights.iter().any(|rights| rights.table == name)
    }

    /// The members of the application's own that have no column.
    pub(super) fn missing_members<'p>(&self, profile: &'p SchemaProfile) -> Vec<&'p str> {
        let users = profile.table_name(Users);
        let is_there = |member: &str| {
            let mut columns = self.columns.iter().filter(|column| column.table == users);
            columns.any(|column| column.name.eq_ignore_ascii_case(member))
        };
        profile.members.iter().map(String::as_str).filter(|member| !is_there(member)).collect()
    }

    /// Takes what three statements of the database's own have found.
    pub(super) fn of(columns: Vec<Row>, keys: Vec<Row>, rights: Vec<Row>) -> Result<Self, Failure> {
        let columns = columns.into_iter().map(column).collect::<Result<_, _>>()?;
        let keys = keys.into_iter().map(key).collect::<Result<_, _>>()?;
        let rights = rights.into_iter().map(rights_of).collect::<Result<_, _>>()?;
        Ok(Self { columns, keys, rights, zone: 0 })
    }
}

fn rights_of(mut row: Row) -> Result<FoundRights, Failure> {
    let table = row.required_text()?;
    let mut may = [None; 4];
    for right in &mut may {
        *right = row.integer()?.map(|may| may == 1);
    }
    Ok(FoundRights { table, may })
}

/// What a sign-in needs and the account may not do: a sentence for each table.
pub(super) fn missing_rights(
    profile: &SchemaProfile,
    dialect: Dialect,
    found: &FoundSchema,
    others: &[&str],
) -> Vec<String> {
    let tables = Table::ALL.map(|table| profile.table_name(table));
    let tables = tables.into_iter().chain(others.iter().copied());
    let same = |one: &str, other: &str| is_same_name(dialect, one, other);
    let sentences = tables.filter_map(|table| {
        let rights = found.rights.iter().find(|rights| same(&rights.table, table))?;
        // A link is made, looked up and removed, and never changed.
        let is_link = table == profile.table_name(VerificationTokens);
        let missing: Vec<_> = RIGHTS
            .into_iter()
            .zip(rights.may)
            .filter(|(right, may)| *may == Some(false) && !(is_link && *right == "UPDATE"))
            .map(|(right, _)| right)
            .collect();
        let quoted = dialect.quoted(table);
        (!missing.is_empty()).then(|| {
            let missing = missing.join(", ");
            format!(
                "the user of the address may not {missing} in the table `{table}`, so sign-ins or \
                 sign-outs fail; an administrator runs: GRANT {missing} ON {quoted} TO …"
            )
        })
    });
    sentences.collect()
}

/// That the account may not read which migrations there were, in which case a start does not know
/// which are left.
#[cfg(feature = "dynamic")]
pub(super) fn unreadable(dialect: Dialect, found: &FoundSchema) -> Option<String> {
    let rights = found.rights.iter().find(|rights| rights.table == MIGRATIONS_TABLE)?;
    (rights.may[0] == Some(false)).then(|| {
        let quoted = dialect.quoted(MIGRATIONS_TABLE);
        format!(
            "the user of the address may not SELECT in the table `{MIGRATIONS_TABLE}`, so the start \
             does not know which tables to make; an administrator runs: GRANT SELECT ON {quoted} TO \
             …, or write `migrate = false`"
        )
    })
}

/// Whether two names are of one table or column.
pub(super) fn is_same_name(dialect: Dialect, one: &str, other: &str) -> bool {
    match dialect {
        Dialect::Postgres => one == other,
        _ => one.eq_ignore_ascii_case(other),
    }
}

fn column(mut row: Row) -> Result<FoundColumn, Failure> {
    Ok(FoundColumn {
        table: row.required_text()?,
        name: row.required_text()?,
        data_type: row.text()?.unwrap_or_default().to_ascii_lowercase(),
        length: row.integer()?,
        nullable: row.integer()? == Some(1),
        has_default: row.integer()? == Some(1),
        character_set: row.text()?,
    })
}

fn key(mut row: Row) -> Result<FoundKey, Failure> {
    Ok(FoundKey {
        table: row.required_text()?,
        columns: row.required_text()?.split(',').map(str::to_ascii_lowercase).collect(),
        is_unique: row.integer()? == Some(1),
    })
}
