//! The report about a configuration that cannot work.

use std::fmt;

use crate::error::{ErrorCode, debug_as_display};
use crate::rule::Rule;

/// Everything that is wrong with a configuration, in the order of the file.
///
/// `Display` writes each violation with its code, cause, place and fix. No text of the file that
/// could be a secret is in it.
#[derive(Clone, Default)]
pub struct Report(pub(super) Vec<Violation>);

impl Report {
    /// What is wrong.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.0
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            write!(f, "{violation}")?;
        }
        Ok(())
    }
}

debug_as_display!(Report);

impl std::error::Error for Report {}

/// One thing that is wrong with a configuration.
#[derive(Clone, Debug)]
pub struct Violation {
    pub(super) rule: Option<Rule>,
    pub(super) code: Option<ErrorCode>,
    pub(super) cause: String,
    pub(super) label: String,
    pub(super) fix: String,
    pub(super) key: String,
    pub(super) place: Place,
}

impl Violation {
    /// The rule, if it is one of those that the types check in code.
    #[must_use]
    pub fn rule(&self) -> Option<Rule> {
        self.rule
    }

    /// The documented code, where NextAuth has one.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.code
    }

    /// What is wrong.
    #[must_use]
    pub fn cause(&self) -> &str {
        &self.cause
    }

    /// What to write.
    #[must_use]
    pub fn fix(&self) -> &str {
        &self.fix
    }

    /// The key that it is about, such as `providers[0].client_id`; empty for the whole.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }
}

/// A place in a configuration's text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    pub(super) file: String,
    pub(super) line: Option<usize>,
    pub(super) column: Option<usize>,
    /// The line, with texts hidden.
    pub(super) text: Option<String>,
    pub(super) indent: usize,
    pub(super) width: usize,
}

impl Place {
    pub(super) fn of_file(name: &str) -> Self {
        let file = name.to_owned();
        Self { file, line: None, column: None, text: None, indent: 0, width: 0 }
    }

    /// The name that the configuration was given.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, from 1; nothing if something is missing, or if the format has no places.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    /// The column in characters, from 1.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.column
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => writeln!(f, "error: {code}: {}", self.cause)?,
            None => writeln!(f, "error: {}", self.cause)?,
        }
        let Place { file, line, column, text, indent, width } = &self.place;
        let gutter = line.map_or(1, |line| line.to_string().len());
        match (line, column, text) {
            (Some(line), Some(column), Some(text)) => {
                writeln!(f, "{:gutter$}--> {file}:{line}:{column}", "")?;
                writeln!(f, "{:gutter$} |", "")?;
                writeln!(f, "{line} | {text}")?;
                let mark = format!("{:indent$}{:^<width$} {}", "", "", self.label);
                writeln!(f, "{:gutter$} | {}", "", mark.trim_end())?;
            }
            _ if self.key.is_empty() => writeln!(f, "{:gutter$}--> {file}: {}", "", self.label)?,
            _ => writeln!(f, "{:gutter$}--> {file}, `{}`: {}", "", self.key, self.label)?,
        }
        write!(f, "{:gutter$} = fix: {}", "", self.fix)
    }
}
