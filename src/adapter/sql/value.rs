//! The parameters of statements, and the rows that they return.

use super::Statement;
use super::failure::Failure;

/// Longest text that is given to a driver, in bytes: room for a picture in a data URL.
const LONGEST_TEXT: usize = 1 << 20;

/// A parameter. The statements convert instants and ids, so there is nothing else.
#[derive(Clone, Copy)]
pub(in crate::adapter) enum Value<'a> {
    Text(Option<&'a str>),
    Integer(Option<i64>),
    Flag(bool),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(text: &'a Option<String>) -> Self {
        Self::Text(text.as_deref())
    }
}

impl From<i64> for Value<'_> {
    fn from(integer: i64) -> Self {
        Self::Integer(Some(integer))
    }
}

/// How a column of an answer is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::adapter) enum ColumnKind {
    Text,
    Integer,
}

/// A column of a row.
pub(in crate::adapter) enum Cell {
    Text(Option<String>),
    Integer(Option<i64>),
}

/// A row, taken apart from left to right in the order in which its statement names the columns.
pub(in crate::adapter) struct Row(pub(in crate::adapter) std::vec::IntoIter<Cell>);

impl Row {
    pub(super) fn text(&mut self) -> Result<Option<String>, Failure> {
        match self.0.next() {
            Some(Cell::Text(text)) => Ok(text),
            _ => Err(Failure::Unreadable("a text")),
        }
    }

    pub(super) fn integer(&mut self) -> Result<Option<i64>, Failure> {
        match self.0.next() {
            Some(Cell::Integer(integer)) => Ok(integer),
            _ => Err(Failure::Unreadable("an integer")),
        }
    }

    pub(super) fn required_text(&mut self) -> Result<String, Failure> {
        self.text()?.ok_or(Failure::Unreadable("a text that is not null"))
    }
}

/// A statement with its values.
#[derive(Clone, Copy)]
pub(in crate::adapter) struct Call<'a> {
    pub(in crate::adapter) statement: &'a Statement,
    values: &'a [Value<'a>],
}

impl<'a> Call<'a> {
    pub(super) fn new(statement: &'a Statement, values: &'a [Value<'a>]) -> Self {
        Self { statement, values }
    }

    /// The parameters in the order of the placeholders.
    pub(in crate::adapter) fn parameters(&self) -> impl Iterator<Item = Value<'a>> {
        let values = self.values;
        self.statement.parameters.iter().filter_map(|index| values.get(*index).copied())
    }

    /// Refuses what the database must not see: a text of excessive length, or one that it cannot
    /// keep.
    pub(super) fn check(&self, keeps_nul: bool) -> Result<(), Failure> {
        for value in self.parameters() {
            if let Value::Text(Some(text)) = value {
                if text.len() > LONGEST_TEXT {
                    return Err(Failure::Refused("a text is longer than 1 MiB"));
                }
                if !keeps_nul && text.contains('\0') {
                    return Err(Failure::Refused("a text has the character U+0000"));
                }
            }
        }
        Ok(())
    }
}

/// What a statement did.
pub(in crate::adapter) struct Written {
    pub(in crate::adapter) rows: Vec<Row>,
    pub(in crate::adapter) affected: u64,
    /// The number that the database gave to a new row, where it says so only here.
    pub(in crate::adapter) inserted: Option<u64>,
}
