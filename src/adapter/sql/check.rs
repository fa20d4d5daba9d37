//! The comparison of existing tables with a profile, reported in sentences.

use std::fmt;

use super::failure::Failure;
use super::statements::account_texts;
use super::value::{Call, Row};
use super::{Dialect, Driver, IdKind, SchemaProfile, Statement, Table, TimeKind};
use crate::error::AdapterError;
use crate::error::spelling::{closest, listed};
use crate::log::warning;
use Table::{Accounts, Sessions, Users, VerificationTokens};

/// What was found when the tables were compared with a [`SchemaProfile`].
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct SchemaReport {
    /// What makes sign-ins fail: a sentence each.
    pub problems: Vec<String>,
    /// What makes them less safe, or fail for some people: a sentence each.
    pub warnings: Vec<String>,
}

impl fmt::Display for SchemaReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&[self.problems.as_slice(), &self.warnings].concat().join("; "))
    }
}

impl std::error::Error for SchemaReport {}

/// Of tables that another adapter made: problems are an error, warnings are logged.
pub(in crate::adapter) fn refuse_problems(report: SchemaReport) -> Result<(), AdapterError> {
    if !report.problems.is_empty() {
        return Err(AdapterError::unavailable(report));
    }
    for text in &report.warnings {
        warning(text);
    }
    Ok(())
}

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
}

/// What there is.
#[derive(Clone, Debug, Default)]
pub(in crate::adapter) struct FoundSchema {
    pub(in crate::adapter) columns: Vec<FoundColumn>,
    /// Tables with the columns of a unique key, separated by commas.
    pub(in crate::adapter) unique: Vec<(String, String)>,
}

impl FoundSchema {
    pub(super) fn has_table(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.table == name)
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

    /// Reads it by two statements of the database's own.
    pub(in crate::adapter) async fn read<D: Driver>(
        driver: &D,
        profile: &SchemaProfile,
        columns: &Statement,
        unique: &Statement,
    ) -> Result<Self, Failure> {
        let values = [super::Value::Text(profile.namespace_name())];
        let mut found = Self::default();
        for row in driver.read(Call::new(columns, &values)).await?.rows {
            found.columns.push(column(row)?);
        }
        for mut row in driver.read(Call::new(unique, &values)).await?.rows {
            found.unique.push((row.required_text()?, row.required_text()?));
        }
        Ok(found)
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
    })
}

/// What a column is for.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Id,
    Key,
    Text,
    LongText,
    Time,
    Seconds,
}

/// The members with a column in a table: what they are, and whether null is written.
fn members(profile: &SchemaProfile, table: Table) -> Vec<(&str, Role, bool)> {
    let mut members = match table {
        Users => vec![
            ("id", Role::Id, false),
            ("name", Role::Text, true),
            ("email", Role::Key, true),
            ("emailVerified", Role::Time, true),
            ("image", Role::LongText, true),
        ],
        Accounts => {
            let mut members = vec![
                ("userId", Role::Id, false),
                ("type", Role::Text, false),
                ("provider", Role::Key, false),
                ("providerAccountId", Role::Key, false),
                ("expires_at", Role::Seconds, true),
            ];
            members.extend(account_texts(profile).iter().map(|name| match *name {
                "access_token" | "refresh_token" | "id_token" | "scope" => {
                    (*name, Role::LongText, true)
                }
                _ => (*name, Role::Text, true),
            }));
            members
        }
        Sessions => vec![
            ("sessionToken", Role::Key, false),
            ("userId", Role::Id, false),
            ("expires", Role::Time, false),
        ],
        VerificationTokens => vec![
            ("identifier", Role::Key, false),
            ("token", Role::Key, false),
            ("expires", Role::Time, false),
        ],
    };
    if profile.keyed.contains(&table) {
        members.push(("id", Role::Id, false));
    }
    if profile.dated.contains(&table) {
        members.push(("updatedAt", Role::Time, false));
    }
    if table == Users {
        members.extend(profile.members.iter().map(|name| (name.as_str(), Role::Text, true)));
    }
    members
}

/// Compares what there is with what the statements ask for.
pub(in crate::adapter) fn report(
    profile: &SchemaProfile,
    dialect: Dialect,
    found: &FoundSchema,
) -> SchemaReport {
    let mut check = Check { profile, dialect, found, report: SchemaReport::default() };
    for table in Table::ALL {
        check.table(table);
    }
    check.report
}

/// Names the profile of another adapter that the tables do fit.
pub(in crate::adapter) fn name_profile_that_fits(
    report: &mut SchemaReport,
    profile: &SchemaProfile,
    dialect: Dialect,
    found: &FoundSchema,
) {
    if report.problems.is_empty() {
        return;
    }
    let fits = SchemaProfile::FOREIGN.iter().find(|(_, other)| {
        self::report(&profile.like(other()), dialect, found).problems.is_empty()
    });
    if let Some((name, _)) = fits {
        let sentence = format!("the tables fit the profile `SchemaProfile::{name}`, or `{name}`");
        report.problems.push(sentence);
    }
}

/// What no table can be like.
pub(in crate::adapter) fn mistakes(profile: &SchemaProfile) -> Vec<String> {
    let mut mistakes = Vec::new();
    for table in Table::ALL {
        let known: Vec<&str> = members(profile, table).iter().map(|(name, ..)| *name).collect();
        for member in profile.renamed(table).filter(|member| !known.contains(member)) {
            let meant = match closest(member, known.iter().copied()) {
                Some(meant) => format!("; did you mean `{meant}`?"),
                None => format!(": there are {}", listed(known.iter().copied())),
            };
            mistakes.push(format!(
                "the profile renames `{member}` of {table:?}, which has no such member{meant}"
            ));
        }
        let columns = known.iter().map(|member| profile.column_name(table, member));
        let mut columns: Vec<String> = columns.map(|name| name.to_ascii_lowercase()).collect();
        columns.sort();
        let twice = columns.windows(2).filter_map(|pair| match pair {
            [one, other] if one == other => Some(one),
            _ => None,
        });
        mistakes.extend(twice.map(|column| {
            format!("the profile has the column `{column}` of {table:?} for two members")
        }));
    }
    mistakes
}

struct Check<'a> {
    profile: &'a SchemaProfile,
    dialect: Dialect,
    found: &'a FoundSchema,
    report: SchemaReport,
}

impl Check<'_> {
    fn table(&mut self, table: Table) {
        let name = self.profile.table_name(table);
        let columns: Vec<_> =
            self.found.columns.iter().filter(|column| self.same(&column.table, name)).collect();
        if columns.is_empty() {
            self.problem(format!("the table `{name}` is not there"));
            return;
        }
        let members = members(self.profile, table);
        let mut expected = Vec::new();
        for (member, role, may_be_null) in members {
            let column = self.profile.column_name(table, member).into_owned();
            match columns.iter().find(|found| self.same(&found.name, &column)) {
                None => {
                    let names = columns.iter().map(|found| found.name.as_str());
                    let meant = closest(&column, names)
                        .map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
                    self.problem(format!("the column `{name}.{column}` is not there{meant}"));
                }
                Some(found) => self.column(name, found, role, may_be_null),
            }
            expected.push(column);
        }
        for found in columns {
            let filled = expected.iter().any(|column| self.same(&found.name, column));
            if !filled && !found.nullable && !found.has_default {
                self.problem(format!(
                    "the column `{name}.{}` must not be null, has no default, and nothing is \
                     written to it",
                    found.name
                ));
            }
        }
        self.unique(table, name);
    }

    fn column(&mut self, table: &str, found: &FoundColumn, role: Role, may_be_null: bool) {
        let place = format!("`{table}.{}`", found.name);
        let data_type = &found.data_type;
        if !self.fits(data_type, role) {
            self.problem(format!(
                "the column {place} is `{data_type}`, where {} is expected",
                self.expected(role)
            ));
        }
        if may_be_null && !found.nullable {
            let who = match role {
                Role::Key => "people without an address cannot sign up",
                _ => "a sign-in without that value fails",
            };
            self.warning(format!("the column {place} must not be null: {who}"));
        }
        let is_32_bits = matches!(data_type.as_str(), "int" | "int4" | "integer" | "mediumint");
        if role == Role::Seconds && is_32_bits && self.dialect != Dialect::Sqlite {
            self.warning(format!(
                "the column {place} has 32 bits: a token that ends after the year 2038 is stored \
                 without its end, or is an error where the profile is not that of these tables"
            ));
        }
        if let Some(length) = found.length.filter(|length| *length < 4000)
            && role == Role::LongText
        {
            self.warning(format!(
                "the column {place} ends after {length} characters: a longer text is an error"
            ));
        }
    }

    fn expected(&self, role: Role) -> &'static str {
        match (role, self.profile.time_kind(self.dialect == Dialect::Sqlite)) {
            (Role::Id, _) => match self.profile.id {
                IdKind::Text => "a text",
                IdKind::Uuid => "a UUID",
                IdKind::Integer => "an integer",
            },
            (Role::Seconds, _) | (Role::Time, TimeKind::Milliseconds) => "an integer",
            (Role::Time, TimeKind::Native) => "a time with its zone",
            (Role::Time, TimeKind::NativeUtc) => "a time without a zone",
            (Role::Time, TimeKind::AsFound) => "a time",
            _ => "a text",
        }
    }

    /// SQLite keeps any value in any column, so types say nothing there.
    fn fits(&self, data_type: &str, role: Role) -> bool {
        if self.dialect == Dialect::Sqlite {
            return true;
        }
        let is_postgres = self.dialect == Dialect::Postgres;
        let is_integer = data_type.contains("int") || data_type.contains("serial");
        let is_text = ["char", "text", "clob", "enum"].iter().any(|part| data_type.contains(part));
        let is_time = data_type.contains("timestamp") || data_type.contains("datetime");
        let has_zone = data_type.contains("with time zone") || data_type == "timestamptz";
        match (role, self.profile.time_kind(false)) {
            (Role::Id, _) => match self.profile.id {
                IdKind::Integer => is_integer,
                IdKind::Uuid if is_postgres => data_type == "uuid",
                IdKind::Uuid | IdKind::Text => is_text,
            },
            (Role::Seconds, _) | (Role::Time, TimeKind::Milliseconds) => is_integer,
            (Role::Time, TimeKind::Native) => is_time && (has_zone || !is_postgres),
            (Role::Time, TimeKind::NativeUtc) => is_time && !has_zone,
            (Role::Time, TimeKind::AsFound) => is_time || is_integer || is_text,
            // A type of the application's own, such as an enumeration, is its business.
            (Role::Text, _) => !is_integer && !is_time,
            _ => is_text || data_type == "user-defined" || data_type == "citext",
        }
    }

    /// Reads do not depend on these keys; that there are no duplicates does.
    fn unique(&mut self, table: Table, name: &str) {
        let (keys, consequence): (&[&[&str]], _) = match table {
            Users => (&[&["email"]], "two people who sign up at once may become two users"),
            Accounts => (
                &[&["provider", "providerAccountId"]],
                "two sign-ins at once may link an account twice",
            ),
            Sessions => (&[&["sessionToken"]], "every read of a session searches the whole table"),
            VerificationTokens => {
                (&[&["identifier", "token"], &["token"]], "a link may be stored twice")
            }
        };
        let is_key = |members: &[&str]| {
            let mut wanted: Vec<_> = members
                .iter()
                .map(|member| self.profile.column_name(table, member).to_ascii_lowercase())
                .collect();
            wanted.sort();
            self.found.unique.iter().filter(|(owner, _)| self.same(owner, name)).any(|(_, key)| {
                let mut key: Vec<_> = key.split(',').map(str::to_ascii_lowercase).collect();
                key.sort();
                key == wanted
            })
        };
        if !keys.iter().any(|members| is_key(members)) {
            let columns: Vec<_> = keys
                .iter()
                .take(1)
                .flat_map(|members| members.iter())
                .map(|member| format!("`{}`", self.profile.column_name(table, member)))
                .collect();
            self.warning(format!(
                "the table `{name}` has no unique key on {}: {consequence}",
                columns.join(" and ")
            ));
        }
    }

    fn same(&self, one: &str, other: &str) -> bool {
        match self.dialect {
            Dialect::Postgres => one == other,
            _ => one.eq_ignore_ascii_case(other),
        }
    }

    fn problem(&mut self, sentence: String) {
        self.report.problems.push(sentence);
    }

    fn warning(&mut self, sentence: String) {
        self.report.warnings.push(sentence);
    }
}
