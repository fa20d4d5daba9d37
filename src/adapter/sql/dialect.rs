//! The dialects of SQL: quoting, comparisons, and the conversion of ids and times.

use super::{IdKind, TimeKind};

/// The language of a database.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::adapter) enum Dialect {
    Sqlite,
    Postgres,
    /// MySQL, and MariaDB, which since 10.5 has `RETURNING` for inserted and deleted rows.
    #[cfg_attr(not(feature = "mysql"), expect(dead_code, reason = "no adapter makes it"))]
    MySql {
        returning: bool,
    },
}

use Dialect::{MySql, Postgres, Sqlite};

impl Dialect {
    /// A name, whatever its characters.
    pub(super) fn quoted(self, name: &str) -> String {
        match self {
            Sqlite | Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            MySql { .. } => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// Rows that one statement of a clean-up deletes. With one writer everybody waits for all of them.
    pub(super) fn batch(self) -> u64 {
        if self == Sqlite { 50 } else { 500 }
    }

    pub(super) fn returns_deleted(self) -> bool {
        !matches!(self, MySql { returning: false })
    }

    pub(super) fn returns_updated(self) -> bool {
        !matches!(self, MySql { .. })
    }

    /// Whether a text column is the parameter, byte by byte. MySQL's collations fold case or
    /// accents, or ignore trailing spaces: the first condition finds the row in an index, the
    /// second one compares.
    pub(super) fn equals(self, column: &str, parameter: &str) -> String {
        match self {
            Sqlite | Postgres => format!("{column} = {parameter}"),
            MySql { .. } => {
                format!("({column} = {parameter} AND {} = {})", bytes(column), bytes(parameter))
            }
        }
    }

    pub(super) fn differs(self, column: &str, parameter: &str) -> String {
        match self {
            Sqlite | Postgres => format!("{column} <> {parameter}"),
            MySql { .. } => format!("{} <> {}", bytes(column), bytes(parameter)),
        }
    }

    /// Whether a column is the id in the parameter.
    pub(super) fn is_id(self, column: &str, parameter: &str, kind: IdKind) -> String {
        match kind {
            IdKind::Integer => format!("{column} = {}", self.id_value(parameter, kind)),
            IdKind::Uuid if self == Postgres => {
                format!("{column} = {}", self.id_value(parameter, kind))
            }
            IdKind::Text | IdKind::Uuid => self.equals(column, parameter),
        }
    }

    pub(super) fn id_value(self, parameter: &str, kind: IdKind) -> String {
        let as_kind = match (kind, self) {
            (IdKind::Integer, Sqlite) => "INTEGER",
            (IdKind::Integer, Postgres) => "bigint",
            (IdKind::Integer, MySql { .. }) => "SIGNED",
            (IdKind::Uuid, Postgres) => "uuid",
            (IdKind::Text | IdKind::Uuid, _) => return parameter.to_owned(),
        };
        format!("CAST({parameter} AS {as_kind})")
    }

    pub(super) fn id_text(self, column: &str, kind: IdKind) -> String {
        let as_text = match (kind, self) {
            (IdKind::Text, _) | (IdKind::Uuid, Sqlite | MySql { .. }) => return column.to_owned(),
            (_, Sqlite | Postgres) => "text",
            (_, MySql { .. }) => "CHAR",
        };
        format!("CAST({column} AS {as_text})")
    }

    /// The text of a column of the application's own, which may be of a type that only the
    /// application knows, such as an enumeration.
    pub(super) fn member_text(self, column: &str) -> String {
        match self {
            Sqlite | Postgres => format!("CAST({column} AS text)"),
            // It gives enumerations as texts.
            MySql { .. } => column.to_owned(),
        }
    }

    /// The value of that type which a text stands for. PostgreSQL makes none of a text by itself, and
    /// knows from the table which type it is.
    pub(super) fn member_value(self, parameter: &str, table: &str, name: &str) -> String {
        match self {
            Sqlite | MySql { .. } => parameter.to_owned(),
            Postgres => {
                let (key, column) = (name.replace('\'', "''"), self.quoted(name));
                format!(
                    "(json_populate_record(NULL::{table}, \
                     json_build_object('{key}', CAST({parameter} AS text)))).{column}"
                )
            }
        }
    }

    /// Milliseconds since 1970 of a column.
    pub(super) fn milliseconds(self, column: &str, kind: TimeKind) -> String {
        match (kind, self) {
            (TimeKind::Milliseconds, _) => column.to_owned(),
            (TimeKind::MillisecondText, Sqlite) => format!("CAST({column} AS INTEGER)"),
            (TimeKind::MillisecondText, Postgres) => format!("CAST({column} AS bigint)"),
            (TimeKind::MillisecondText, MySql { .. }) => format!("CAST({column} AS SIGNED)"),
            (TimeKind::IsoText, Sqlite) => sqlite_milliseconds(column),
            (TimeKind::AsFound | TimeKind::Native | TimeKind::NativeUtc, Sqlite) => format!(
                "CASE typeof({column}) WHEN 'integer' THEN {column} ELSE {} END",
                sqlite_milliseconds(column)
            ),
            (TimeKind::IsoText, Postgres) => {
                postgres_milliseconds(&format!("CAST({column} AS timestamptz)"))
            }
            (_, Postgres) => postgres_milliseconds(column),
            (TimeKind::IsoText, MySql { .. }) => mysql_milliseconds(&format!(
                "CAST(REPLACE(REPLACE({column}, 'T', ' '), 'Z', '') AS DATETIME(3))"
            )),
            (_, MySql { .. }) => mysql_milliseconds(column),
        }
    }

    /// What a column of this table keeps of a parameter in milliseconds since 1970.
    pub(super) fn time_value(
        self,
        parameter: &str,
        kind: TimeKind,
        table: &str,
        column: &str,
    ) -> String {
        match (kind, self) {
            (TimeKind::Milliseconds, _) => parameter.to_owned(),
            (TimeKind::MillisecondText, Sqlite | Postgres) => {
                format!("CAST({parameter} AS text)")
            }
            (TimeKind::MillisecondText, MySql { .. }) => format!("CAST({parameter} AS CHAR)"),
            (TimeKind::IsoText, Sqlite) => sqlite_iso(parameter),
            (TimeKind::AsFound | TimeKind::Native | TimeKind::NativeUtc, Sqlite) => format!(
                "CASE (SELECT typeof({column}) FROM {table} WHERE {column} IS NOT NULL LIMIT 1) \
                 WHEN 'text' THEN {} ELSE {parameter} END",
                sqlite_iso(parameter)
            ),
            // An interval is multiplied exactly; a number of seconds with a fraction would be
            // rounded.
            (TimeKind::NativeUtc, Postgres) => {
                format!("TIMESTAMP '1970-01-01' + {parameter} * INTERVAL '1 millisecond'")
            }
            (TimeKind::IsoText, Postgres) => format!(
                "to_char(TIMESTAMP '1970-01-01' + {parameter} * INTERVAL '1 millisecond', \
                 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
            ),
            (_, Postgres) => format!(
                "TIMESTAMPTZ '1970-01-01 00:00:00+00' + {parameter} * INTERVAL '1 millisecond'"
            ),
            (TimeKind::IsoText, MySql { .. }) => format!(
                "CONCAT(REPLACE(SUBSTRING(CAST({} AS CHAR), 1, 23), ' ', 'T'), 'Z')",
                mysql_time(parameter)
            ),
            (_, MySql { .. }) => mysql_time(parameter),
        }
    }

    /// Deletes rows that meet a condition, [`Self::batch`] at most: whoever needs the lock that it takes, or
    /// the one connection that writes, waits no longer than for those. The keys tell rows apart.
    pub(super) fn delete_some(self, table: &str, keys: &[String], condition: &str) -> String {
        let batch = self.batch();
        let columns = keys.join(", ");
        let keys = if keys.len() == 1 { columns.clone() } else { format!("({columns})") };
        match self {
            Sqlite => format!(
                "DELETE FROM {table} WHERE {keys} IN \
                 (SELECT {columns} FROM {table} WHERE {condition} LIMIT {batch})"
            ),
            // Again, because a row may have changed since it was found.
            Postgres => format!(
                "DELETE FROM {table} WHERE ctid = ANY (ARRAY(\
                 SELECT ctid FROM {table} WHERE {condition} LIMIT {batch})) AND {condition}"
            ),
            MySql { .. } => format!("DELETE FROM {table} WHERE {condition} LIMIT {batch}"),
        }
    }

    /// Whether a column is before a parameter in milliseconds since 1970. Where the column keeps
    /// instants in their order, it stands alone, so that an index can be used.
    pub(super) fn is_before(
        self,
        column: &str,
        parameter: &str,
        kind: TimeKind,
        table: &str,
    ) -> String {
        match (kind, self) {
            (TimeKind::Milliseconds, _)
            | (
                TimeKind::Native | TimeKind::NativeUtc | TimeKind::AsFound,
                Postgres | MySql { .. },
            ) => {
                format!("{column} < {}", self.time_value(parameter, kind, table, column))
            }
            _ => format!("{} < {parameter}", self.milliseconds(column, kind)),
        }
    }

    /// The database's time, for a column that says when a row was last changed.
    pub(super) fn now(self, kind: TimeKind, table: &str, column: &str) -> String {
        let milliseconds = match self {
            Sqlite => "CAST(round(unixepoch('now', 'subsec') * 1000) AS INTEGER)",
            Postgres => "CAST(extract(epoch FROM now()) * 1000 AS bigint)",
            MySql { .. } => "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)",
        };
        self.time_value(milliseconds, kind, table, column)
    }
}

fn bytes(expression: &str) -> String {
    format!("CAST(CONVERT({expression} USING utf8mb4) AS BINARY)")
}

/// JavaScript writes years of more than four digits, and those before 1, with a sign, which SQLite
/// does not read: such a time is beyond every other.
fn sqlite_milliseconds(column: &str) -> String {
    format!(
        "CASE substr({column}, 1, 1) WHEN '+' THEN {} WHEN '-' THEN {} \
         ELSE CAST(round((julianday({column}) - 2440587.5) * 86400000) AS INTEGER) END",
        i64::MAX,
        -i64::MAX
    )
}

fn sqlite_iso(parameter: &str) -> String {
    format!("strftime('%Y-%m-%dT%H:%M:%fZ', {parameter} / 1000.0, 'unixepoch')")
}

/// Digits below a millisecond are dropped, as a date of JavaScript does. `infinity` and years that
/// no bigint of milliseconds has are held at the ends of the calendar.
fn postgres_milliseconds(expression: &str) -> String {
    let milliseconds = format!(
        "CAST(extract(epoch FROM date_trunc('milliseconds', {expression})) * 1000 AS bigint)"
    );
    format!(
        "CASE WHEN {expression} > '9999-12-31' THEN {} WHEN {expression} < '0001-01-01' THEN {} \
         ELSE {milliseconds} END",
        i64::MAX,
        -i64::MAX
    )
}

fn mysql_milliseconds(expression: &str) -> String {
    format!("TIMESTAMPDIFF(MICROSECOND, TIMESTAMP '1970-01-01 00:00:00', {expression}) DIV 1000")
}

fn mysql_time(parameter: &str) -> String {
    format!("TIMESTAMPADD(MICROSECOND, {parameter} * 1000, TIMESTAMP '1970-01-01 00:00:00.000000')")
}
