//! A prepared statement: its text in the dialect of a database, and the order of its parameters.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

use crate::adapter::sql::{ColumnKind, Dialect};

/// A statement with what has to be known of its parameters and columns.
#[derive(Debug)]
pub(in crate::adapter) struct Statement {
    text: SqlStr,
    /// Which value each placeholder stands for.
    pub(in crate::adapter::sql) parameters: Vec<usize>,
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

    /// The same statement behind a word that makes the database tell how it would run it.
    #[cfg(test)]
    pub(in crate::adapter) fn explained(&self, word: &str, columns: Vec<ColumnKind>) -> Self {
        let text = format!("{word} {}", self.text.as_str());
        let text = AssertSqlSafe(Arc::<str>::from(text)).into_sql_str();
        Self { text, parameters: self.parameters.clone(), columns }
    }
}
