//! Schema profiles: the names of tables and columns, and what the columns hold.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// One of the four tables.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Table {
    /// People.
    Users,
    /// The identities they sign in with.
    Accounts,
    /// Sessions.
    Sessions,
    /// The stored half of e-mail links.
    VerificationTokens,
}

/// What ids of users are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum IdKind {
    /// Text; new ids are random UUIDs.
    Text,
    /// The database's type for UUIDs where it has one, else their text.
    Uuid,
    /// Numbers that the database gives.
    Integer,
}

/// How instants are kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TimeKind {
    /// The database's own type: `timestamptz`, `datetime`.
    Native,
    /// The database's own type without a zone, holding UTC: `timestamp` in PostgreSQL.
    NativeUtc,
    /// Integers: milliseconds since 1970.
    Milliseconds,
    /// Texts: milliseconds since 1970 as a decimal number.
    MillisecondText,
    /// Texts: `2026-10-25T01:30:00.123Z`.
    IsoText,
    /// SQLite: integers or texts, each as it is found; written as the table already has them, or
    /// as integers.
    AsFound,
}

/// The names of tables and columns, and what the columns hold.
///
/// A database that another adapter of NextAuth or Auth.js made goes on to be used with the
/// profile of that adapter; a schema of your own starts from the nearest one and renames.
///
/// ```
/// use typegate::adapter::{SchemaProfile, Table};
///
/// let ours = SchemaProfile::prisma()
///     .table(Table::Users, "people")
///     .column(Table::Users, "emailVerified", "email_verified_at")
///     .user_member("role");
/// assert_ne!(ours, SchemaProfile::prisma());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SchemaProfile {
    pub(super) name: &'static str,
    namespace: Option<String>,
    tables: [Cow<'static, str>; 4],
    columns: BTreeMap<(Table, &'static str), String>,
    snake_case: bool,
    pub(super) id: IdKind,
    times: TimeKind,
    sqlite_times: TimeKind,
    /// Tables besides users whose text key `id` has no default and is written here.
    pub(super) keyed: &'static [Table],
    /// Tables with a column `updatedAt` that has no default.
    pub(super) dated: &'static [Table],
    pub(super) oauth1: bool,
    /// Foreign keys delete what belongs to a user.
    pub(super) cascades: bool,
    /// Whether `expires_at` of accounts has 32 bits.
    short_seconds: bool,
    pub(super) members: Vec<String>,
    /// The tables are typegate's own and can be made by it.
    pub(super) own: bool,
}

const PLURAL: [Cow<'static, str>; 4] = [
    Cow::Borrowed("users"),
    Cow::Borrowed("accounts"),
    Cow::Borrowed("sessions"),
    Cow::Borrowed("verification_tokens"),
];

const PASCAL: [Cow<'static, str>; 4] = [
    Cow::Borrowed("User"),
    Cow::Borrowed("Account"),
    Cow::Borrowed("Session"),
    Cow::Borrowed("VerificationToken"),
];

/// A profile by its name in configuration files.
pub(crate) type NamedProfile = (&'static str, fn() -> SchemaProfile);

const KEYED: &[Table] = &[Table::Accounts, Table::Sessions];

const DATED: &[Table] = &[Table::Users, Table::Accounts, Table::Sessions];

impl Table {
    pub(super) const ALL: [Self; 4] =
        [Self::Users, Self::Accounts, Self::Sessions, Self::VerificationTokens];
}

impl SchemaProfile {
    /// Those of tables that another adapter made.
    pub(crate) const FOREIGN: [NamedProfile; 11] = [
        ("pg", Self::pg),
        ("prisma", Self::prisma),
        ("prisma_v4", Self::prisma_v4),
        ("prisma_with_ids", Self::prisma_with_ids),
        ("prisma_with_ids_and_dates", Self::prisma_with_ids_and_dates),
        ("drizzle", Self::drizzle),
        ("kysely", Self::kysely),
        ("typeorm", Self::typeorm),
        ("d1", Self::d1),
        ("supabase", Self::supabase),
        ("sequelize", Self::sequelize),
    ];

    const fn foreign(name: &'static str, tables: [Cow<'static, str>; 4]) -> Self {
        Self {
            name,
            namespace: None,
            tables,
            columns: BTreeMap::new(),
            snake_case: false,
            id: IdKind::Text,
            times: TimeKind::Native,
            sqlite_times: TimeKind::AsFound,
            keyed: &[],
            dated: &[],
            oauth1: false,
            cascades: false,
            short_seconds: false,
            members: Vec::new(),
            own: false,
        }
    }

    /// The tables that `migrate` makes: every key unique, rows of a user deleted with them, long
    /// tokens, times to the millisecond.
    #[must_use]
    pub fn typegate() -> Self {
        Self {
            sqlite_times: TimeKind::Milliseconds,
            oauth1: true,
            cascades: true,
            own: true,
            ..Self::foreign("typegate", PLURAL)
        }
    }

    /// The tables of `@auth/pg-adapter`, also used by that for Neon. Nothing but the ids is unique
    /// there.
    #[must_use]
    pub fn pg() -> Self {
        let [users, accounts, sessions, _] = PLURAL;
        let tables = [users, accounts, sessions, Cow::Borrowed("verification_token")];
        Self { id: IdKind::Integer, ..Self::foreign("pg", tables) }
    }

    /// The tables that Prisma makes from today's schema of the documentation, with a time of the
    /// last change in users, accounts and sessions.
    #[must_use]
    pub fn prisma() -> Self {
        Self { name: "prisma", dated: DATED, ..Self::prisma_v4() }
    }

    /// The tables that Prisma makes from the schema of NextAuth v4's time without ids of accounts
    /// and sessions.
    #[must_use]
    pub fn prisma_v4() -> Self {
        Self {
            times: TimeKind::NativeUtc,
            short_seconds: true,
            ..Self::foreign("prisma_v4", PASCAL)
        }
    }

    /// As [`prisma_v4`](Self::prisma_v4), with the keys `id` of accounts and sessions, which
    /// NextAuth v4's documentation had for PostgreSQL and has for MySQL.
    #[must_use]
    pub fn prisma_with_ids() -> Self {
        Self { name: "prisma_with_ids", keyed: KEYED, ..Self::prisma_v4() }
    }

    /// The tables that Prisma makes from today's schema of the documentation for MySQL and SQLite:
    /// with the keys `id` of accounts and sessions, and with a time of the last change.
    #[must_use]
    pub fn prisma_with_ids_and_dates() -> Self {
        Self { name: "prisma_with_ids_and_dates", dated: DATED, ..Self::prisma_with_ids() }
    }

    /// The tables of `@auth/drizzle-adapter`.
    #[must_use]
    pub fn drizzle() -> Self {
        let tables = [
            Cow::Borrowed("user"),
            Cow::Borrowed("account"),
            Cow::Borrowed("session"),
            Cow::Borrowed("verificationToken"),
        ];
        Self { times: TimeKind::NativeUtc, short_seconds: true, ..Self::foreign("drizzle", tables) }
    }

    /// The tables of `@auth/kysely-adapter`.
    #[must_use]
    pub fn kysely() -> Self {
        Self {
            id: IdKind::Uuid,
            sqlite_times: TimeKind::IsoText,
            keyed: KEYED,
            ..Self::foreign("kysely", PASCAL)
        }
    }

    /// The tables of NextAuth v4's TypeORM adapter.
    #[must_use]
    pub fn typeorm() -> Self {
        Self {
            id: IdKind::Uuid,
            times: TimeKind::MillisecondText,
            sqlite_times: TimeKind::MillisecondText,
            keyed: &[Table::Accounts, Table::Sessions, Table::VerificationTokens],
            ..Self::foreign("typeorm", PLURAL)
        }
    }

    /// The tables of `@auth/d1-adapter`, for SQLite.
    #[must_use]
    pub fn d1() -> Self {
        Self {
            times: TimeKind::IsoText,
            sqlite_times: TimeKind::IsoText,
            oauth1: true,
            keyed: KEYED,
            ..Self::foreign("d1", PLURAL)
        }
    }

    /// The tables of `@auth/supabase-adapter`, in the schema `next_auth`.
    #[must_use]
    pub fn supabase() -> Self {
        Self {
            id: IdKind::Uuid,
            oauth1: true,
            keyed: KEYED,
            ..Self::foreign("supabase", PLURAL).namespace("next_auth")
        }
    }

    /// The tables of `@auth/sequelize-adapter`, named in snake case.
    #[must_use]
    pub fn sequelize() -> Self {
        Self {
            id: IdKind::Uuid,
            short_seconds: true,
            keyed: KEYED,
            ..Self::foreign("sequelize", PLURAL).snake_case()
        }
    }

    /// The schema (PostgreSQL) or the database (MySQL) that the tables are in, if it is not the
    /// connection's own.
    #[must_use]
    pub fn namespace(mut self, name: impl Into<String>) -> Self {
        self.namespace = Some(name.into());
        self.own = false;
        self
    }

    /// Renames a table.
    #[must_use]
    pub fn table(mut self, table: Table, name: impl Into<String>) -> Self {
        if let Some(slot) = self.tables.get_mut(table as usize) {
            *slot = Cow::Owned(name.into());
        }
        self.own = false;
        self
    }

    /// Renames a column, which is given by the name that NextAuth's records have for it, such as
    /// `providerAccountId`.
    #[must_use]
    pub fn column(mut self, table: Table, member: &'static str, name: impl Into<String>) -> Self {
        self.columns.insert((table, member), name.into());
        self.own = false;
        self
    }

    /// Names every column in snake case: `provider_account_id`.
    #[must_use]
    pub fn snake_case(mut self) -> Self {
        self.snake_case = true;
        self.own = false;
        self
    }

    /// What the ids of users are.
    #[must_use]
    pub fn ids(mut self, kind: IdKind) -> Self {
        self.id = kind;
        self.own = false;
        self
    }

    /// How instants are kept.
    #[must_use]
    pub fn times(mut self, kind: TimeKind) -> Self {
        self.times = kind;
        self.sqlite_times = kind;
        self.own = false;
        self
    }

    /// A column of users that NextAuth does not know: a text that profiles may have, and that
    /// shows up in [`User::extra`](crate::User::extra). A new user without it gets the column's
    /// default. In typegate's own tables `migrate` makes it, without one.
    ///
    /// The column may be an enumeration, such as one of Prisma's schema, in PostgreSQL of any other type
    /// as well: here it is its text. A profile of a provider's that has a member of this name fills
    /// it at the first sign-in, so a mapper of your own maps no `role`.
    #[must_use]
    pub fn user_member(mut self, name: impl Into<String>) -> Self {
        self.members.push(name.into());
        self
    }

    /// The renamed members of a table.
    pub(super) fn renamed(&self, table: Table) -> impl Iterator<Item = &'static str> {
        self.columns.keys().filter(move |(owner, _)| *owner == table).map(|(_, member)| *member)
    }

    /// The same without these members of the application's own.
    pub(super) fn without_members(&self, missing: &[&str]) -> Self {
        let mut profile = self.clone();
        profile.members.retain(|member| !missing.contains(&member.as_str()));
        profile
    }

    /// Another profile, where what is the application's own stays.
    pub(super) fn like(&self, other: Self) -> Self {
        Self { namespace: self.namespace.clone(), members: self.members.clone(), ..other }
    }

    /// With the names that an application gave to tables and columns, which are those of `given` that
    /// its adapter has not.
    pub(super) fn named_as(mut self, given: &Self) -> Self {
        let adapter = Self::FOREIGN.iter().find(|(name, _)| *name == given.name);
        let usual = adapter.map(|(_, profile)| profile().tables);
        for (index, name) in given.tables.iter().enumerate() {
            let is_usual = usual.as_ref().and_then(|usual| usual.get(index)) == Some(name);
            if let (false, Some(table)) = (is_usual, self.tables.get_mut(index)) {
                table.clone_from(name);
            }
        }
        self.columns.clone_from(&given.columns);
        self.snake_case |= given.snake_case;
        self
    }

    pub(in crate::adapter) fn namespace_name(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    pub(super) fn table_name(&self, table: Table) -> &str {
        self.tables.get(table as usize).map_or("", |name| name)
    }

    pub(super) fn column_name<'a>(&'a self, table: Table, member: &'a str) -> Cow<'a, str> {
        let renamed = self.columns.iter().find(|(key, _)| **key == (table, member));
        match renamed {
            Some((_, name)) => Cow::Borrowed(name),
            None if self.snake_case => Cow::Owned(snake_case(member)),
            None => Cow::Borrowed(member),
        }
    }

    pub(super) fn time_kind(&self, is_sqlite: bool) -> TimeKind {
        if is_sqlite { self.sqlite_times } else { self.times }
    }

    /// Whether the tables' own program writes UTC into columns that a server may convert by the zone of
    /// the connection, so that this one has to use the same zone.
    #[cfg(feature = "mysql")]
    pub(in crate::adapter) fn writes_utc_in_any_zone(&self) -> bool {
        self.times == TimeKind::NativeUtc
    }

    /// Whether a time in seconds can be stored: `expires_at` has 32 bits in some schemas. An integer
    /// of SQLite has 64, whatever the schema says.
    pub(super) fn holds_seconds(&self, seconds: i64, is_sqlite: bool) -> bool {
        !self.short_seconds || is_sqlite || i32::try_from(seconds).is_ok()
    }

    /// Whether an id is of a form that a user of these tables can have. Any other is unknown, and
    /// the database, which would call it an error, is not asked.
    pub(super) fn is_id(&self, id: &str) -> bool {
        match self.id {
            IdKind::Text => true,
            IdKind::Integer => id.parse::<i64>().is_ok_and(|number| number.to_string() == id),
            IdKind::Uuid => {
                id.len() == 36
                    && id.bytes().enumerate().all(|(index, byte)| match index {
                        8 | 13 | 18 | 23 => byte == b'-',
                        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
                    })
            }
        }
    }
}

fn snake_case(member: &str) -> String {
    let mut name = String::with_capacity(member.len() + 2);
    for character in member.chars() {
        if character.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}
