//! The comparison of existing tables with a profile.

use super::found_schema::{FoundColumn, FoundKey, is_same_name};
use super::statements::account_texts;
use super::{Dialect, FoundSchema, IdKind, SchemaProfile, SchemaReport, Table, TimeKind};
use crate::error::spelling::{closest, listed};
use Table::{Accounts, Sessions, Users, VerificationTokens};

/// What a column is for.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Id,
    Key,
    Text,
    LongText,
    /// Of the application's own: a new user who has none is left to the column's default.
    Own,
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
        members.extend(profile.members.iter().map(|name| (name.as_str(), Role::Own, true)));
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

/// Names the profile of another adapter that the tables do fit, in the place of what keeps them from
/// fitting the one that was given.
pub(in crate::adapter) fn name_profile_that_fits(
    report: &mut SchemaReport,
    profile: &SchemaProfile,
    dialect: Dialect,
    found: &FoundSchema,
) {
    if report.problems.is_empty() {
        return;
    }
    let fits = |other: &SchemaProfile| self::report(other, dialect, found).problems.is_empty();
    let fitting = SchemaProfile::FOREIGN.iter().find(|(_, other)| {
        fits(&profile.like(other())) || fits(&profile.like(other()).named_as(profile))
    });
    // Of the same adapter, the names that were given are what is wrong.
    if let Some((name, _)) = fitting.filter(|(name, _)| *name != profile.name) {
        let sentence = format!(
            "the tables fit the profile `SchemaProfile::{name}`, in a configuration file \
             `schema = \"{name}\"`, and not the one that is given"
        );
        report.problems = vec![sentence];
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
        self.owner(table, name);
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
        let is_filled = role == Role::Own && found.has_default;
        if may_be_null && !found.nullable && !is_filled {
            let who = match role {
                Role::Key => "people without an address cannot sign up",
                _ => "a sign-in without that value fails",
            };
            self.warning(format!("the column {place} must not be null: {who}"));
        }
        let is_name = matches!(role, Role::Text | Role::Own)
            && self.same(table, self.profile.table_name(Users));
        if let Some(set) = found.character_set.as_deref().filter(|set| *set != "utf8mb4")
            && is_name
        {
            let kept = match found.length.filter(|_| data_type.contains("char")) {
                Some(length) => format!("{data_type}({length})"),
                None => data_type.clone(),
            };
            let change = self.change(table, found, &format!("{kept} CHARACTER SET utf8mb4"));
            self.warning(format!(
                "the column {place} has the character set `{set}`, which has no emoji and not every \
                 letter: a name with one is an error; {change}"
            ));
        }
        let is_converted = data_type.contains("timestamp") && self.found.zone != 0;
        if role == Role::Time && is_converted && matches!(self.dialect, Dialect::MySql { .. }) {
            let hours = self.found.zone as f64 / 3600.0;
            self.warning(format!(
                "the column {place} is `{data_type}`, which the server converts by the zone of a \
                 connection, {hours:+} hours from UTC here: every program has to use the same one, \
                 and an hour a year is there twice where clocks are changed; set the server's \
                 `default_time_zone` to `+00:00` before there are rows, or write the zone of the \
                 other program in the address, as in `?timezone=%2B02:00`"
            ));
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
            let longer = match self.dialect {
                Dialect::MySql { .. } => "mediumtext",
                _ => "text",
            };
            let change = self.change(table, found, longer);
            self.warning(format!(
                "the column {place} ends after {length} characters: a longer text is an error; \
                 {change}"
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
            (Role::Own, _) if is_postgres => true,
            (Role::Text | Role::Own, _) => !is_integer && !is_time,
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
            let mut wanted = self.column_names(table, members);
            wanted.sort();
            self.keys_of(name).filter(|key| key.is_unique).any(|key| {
                let mut columns = key.columns.clone();
                columns.sort();
                columns == wanted
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

    /// The rows of a user are listed and removed with the user.
    fn owner(&mut self, table: Table, name: &str) {
        if !matches!(table, Accounts | Sessions) {
            return;
        }
        let wanted = self.column_names(table, &["userId"]);
        if self.keys_of(name).any(|key| key.columns.first() == wanted.first()) {
            return;
        }
        let column = self.profile.column_name(table, "userId");
        let (table, quoted) = (self.dialect.quoted(name), self.dialect.quoted(&column));
        self.warning(format!(
            "the table `{name}` has no index that begins with `{column}`: what is done for a user, \
             such as signing out everywhere, searches the whole table; run: CREATE INDEX \
             typegate_{}_owner ON {table} ({quoted})",
            name.to_ascii_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_")
        ));
    }

    fn keys_of(&self, table: &str) -> impl Iterator<Item = &FoundKey> {
        self.found.keys.iter().filter(move |key| self.same(&key.table, table))
    }

    fn column_names(&self, table: Table, members: &[&str]) -> Vec<String> {
        let name = |member: &&str| self.profile.column_name(table, member).to_ascii_lowercase();
        members.iter().map(name).collect()
    }

    /// The statement that gives a column another type, with all else as it is.
    fn change(&self, table: &str, found: &FoundColumn, data_type: &str) -> String {
        let (table, column) = (self.dialect.quoted(table), self.dialect.quoted(&found.name));
        match self.dialect {
            Dialect::MySql { .. } => {
                let null = if found.nullable { "NULL" } else { "NOT NULL" };
                format!("run: ALTER TABLE {table} MODIFY {column} {data_type} {null}")
            }
            _ => format!("run: ALTER TABLE {table} ALTER COLUMN {column} TYPE {data_type}"),
        }
    }

    fn same(&self, one: &str, other: &str) -> bool {
        is_same_name(self.dialect, one, other)
    }

    fn problem(&mut self, sentence: String) {
        self.report.problems.push(sentence);
    }

    fn warning(&mut self, sentence: String) {
        self.report.warnings.push(sentence);
    }
}
