//! What the comparison of tables with a profile is told as: in sentences.

use std::fmt;
use std::sync::Arc;

use super::SchemaProfile;
use crate::error::AdapterError;
use crate::log::warning;

/// What was found when the tables were compared with a [`SchemaProfile`].
#[derive(Clone, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct SchemaReport {
    /// What makes sign-ins fail: a sentence each.
    pub problems: Vec<String>,
    /// What makes them less safe, or fail for some people: a sentence each.
    pub warnings: Vec<String>,
    /// Of typegate's own tables: their schema, and that of this release.
    pub versions: Option<SchemaVersions>,
}

/// The version of the schema that typegate's own tables have, and the one that this release makes.
///
/// Each database counts its own. Schemas only go forward: a release makes what is new and takes
/// nothing away, so that the one before it goes on while both are running.
///
/// ```
/// use typegate::adapter::SqliteAdapter;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let adapter = SqliteAdapter::connect("sqlite::memory:").await?;
/// adapter.migrate().await?;
/// let versions = adapter.check_schema().await?.versions.unwrap();
/// assert_eq!(versions.found, Some(versions.release));
/// assert_eq!(versions.to_string(), "schema 3, this release 3");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct SchemaVersions {
    /// That of the tables; none if `migrate` never made any, or if the account may not look.
    pub found: Option<i64>,
    /// That of this release.
    pub release: i64,
}

impl fmt::Display for SchemaVersions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.found {
            Some(found) => write!(f, "schema {found}, this release {}", self.release),
            None => write!(f, "no schema, this release {}", self.release),
        }
    }
}

impl SchemaVersions {
    /// What to think of tables that a later release made.
    pub(super) fn warning(self) -> Option<String> {
        (self.found > Some(self.release)).then(|| {
            format!(
                "the tables were made by a later release of typegate ({self}): it goes on, because \
                 all that this release needs is there, and nothing is changed back; see that no \
                 process is left behind when the others are replaced"
            )
        })
    }
}

impl fmt::Display for SchemaReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&[self.problems.as_slice(), &self.warnings].concat().join("; "))
    }
}

/// As it is read by people: a `main` that returns errors prints them so, and so does `unwrap`.
impl fmt::Debug for SchemaReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for SchemaReport {}

/// Problems are an error, warnings are logged: once there are no problems, or they would be read in
/// their place.
pub(in crate::adapter) fn refuse_problems(
    mut report: SchemaReport,
    profile: &SchemaProfile,
    place: &Arc<str>,
) -> Result<(), AdapterError> {
    if !report.problems.is_empty() {
        report.warnings.clear();
        let advice = if profile.own { OWN_TABLES } else { FOREIGN_TABLES };
        return Err(AdapterError::unavailable(report).advised(advice));
    }
    for text in &report.warnings {
        warning(&format!("{place}: {text}"));
    }
    Ok(())
}

const OWN_TABLES: &str = "`adapter.migrate().await?` makes the tables, which a configuration file \
    does unless it says `migrate = false`; for those of another adapter name its profile, \
    `DatabaseOptions::schema` or `schema` in a file";

const FOREIGN_TABLES: &str = "name the profile of the adapter that made the tables, and what they are \
    called there if it is something else (`SchemaProfile::table`, `snake_case`; in a configuration \
    file `tables`, `snake_case`), and see that the address leads to them";
