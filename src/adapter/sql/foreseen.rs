//! What a start that brings typegate's own tables up to date will meet, looked up without it.

use super::ColumnKind::Integer;
use super::failure::Failure;
use super::found_schema::unreadable;
use super::statements::Statement;
use super::store::{ATTEMPTS_TABLE, MIGRATIONS_TABLE, Store};
use super::{Backend, Call, SchemaReport, Table, Value};
use crate::error::AdapterError;

/// What a start that brings the tables up to date will meet.
#[derive(Debug, Default)]
pub(crate) struct Foreseen {
    /// What it fails at, or sign-ins after it.
    pub(crate) problems: Vec<String>,
    /// What it mends.
    pub(crate) mended: Vec<String>,
    pub(crate) warnings: Vec<String>,
}

impl<D: Backend> Store<D> {
    /// Compares typegate's own tables with what a start needs that brings them up to date, and says
    /// apart what it mends.
    pub(super) async fn foresee(&self) -> Result<Foreseen, AdapterError> {
        let found = self.found().await?;
        let SchemaReport { problems, warnings, .. } = self.report(&self.profile, &found);
        let versions = self.versions_of(&found).await;
        let mut foreseen = Foreseen { warnings, ..Foreseen::default() };
        foreseen.warnings.extend(versions.warning());
        foreseen.problems = self.missing_rights(&found).await?;
        let is_there = |table: &str| found.has_table(table) || found.names_table(table);
        if is_there(MIGRATIONS_TABLE) && versions.found.is_none() {
            foreseen.problems.extend(unreadable(self.dialect, &found));
        }
        if versions.found >= Some(D::ALL_TABLES) && !found.has_table(ATTEMPTS_TABLE) {
            foreseen.problems.push(format!("the table `{ATTEMPTS_TABLE}` is not there"));
        }
        let own = Table::ALL.map(|table| self.profile.table_name(table));
        match versions.found {
            Some(version) if version < D::RELEASE => foreseen.mended = problems,
            Some(_) => foreseen.problems.extend(problems),
            // Some of MySQL's may be there after a start that was broken off.
            None if found.has_table(MIGRATIONS_TABLE) => foreseen.mended = problems,
            // Nobody knows, and that is told above.
            None if is_there(MIGRATIONS_TABLE) => {}
            None => match own.into_iter().find(|table| is_there(table)) {
                None => foreseen.mended = problems,
                Some(table) => foreseen.problems.push(format!(
                    "there is a table `{table}` that typegate did not make, or that the user of the \
                     address may not see, so the start cannot make its own: name its profile as \
                     `schema`, or give typegate a database of its own"
                )),
            },
        }
        if !foreseen.mended.is_empty() && !self.may_make_tables().await? {
            foreseen.mended.clear();
            foreseen.problems.push(
                "there are tables to make, and the user of the address may not make any: an \
                 administrator runs: GRANT CREATE ON SCHEMA … TO …, or `typegate migrate` with an \
                 account that may"
                    .into(),
            );
        }
        Ok(foreseen)
    }

    /// As far as the database says so.
    async fn may_make_tables(&self) -> Result<bool, Failure> {
        let Some(sql) = D::MAY_MAKE_TABLES else { return Ok(true) };
        let question = Statement::new(sql, self.dialect, vec![Integer]);
        let values = [Value::Text(self.profile.namespace_name())];
        let row = self.read(Call::new(&question, &values)).await?.pop();
        let answer = row.map(|mut row| row.integer()).transpose()?;
        Ok(answer.flatten() == Some(1))
    }
}
