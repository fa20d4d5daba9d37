//! Running statements: checked values, retries after a deadlock, and the row of a look-up.

use super::ColumnKind::{Integer, Text};
use super::failure::Failure;
use super::statements::{Statement, Statements};
use super::{
    Backend, Call, Dialect, Driver, FoundSchema, Row, SchemaProfile, SchemaReport, Table,
    Transaction, Value, Written, name_profile_that_fits, report,
};
use crate::error::AdapterError;

/// How often a transaction is tried that the database rolls back for the sake of another one.
pub(super) const ATTEMPTS: usize = 5;

/// Tables of typegate's own beside those of a profile.
const ATTEMPTS_TABLE: &str = "typegate_attempts";
const MIGRATIONS_TABLE: &str = "typegate_migrations";

/// What runs the statements of an adapter.
pub(in crate::adapter) struct Store<D: Backend> {
    pub(in crate::adapter) driver: D::Driver,
    pub(super) dialect: Dialect,
    pub(super) profile: SchemaProfile,
    pub(super) statements: Statements,
}

impl<D: Backend> Store<D> {
    pub(super) fn new(driver: D::Driver, dialect: Dialect, profile: SchemaProfile) -> Self {
        let statements = Statements::new(&profile, dialect);
        Self { driver, dialect, profile, statements }
    }

    /// Adds what the application's own members need to a table that has no column for them.
    pub(super) async fn add_members(&self) -> Result<(), Failure> {
        let found = self.found().await?;
        for member in found.missing_members(&self.profile) {
            let table = self.dialect.quoted(self.profile.table_name(Table::Users));
            let column = self.dialect.quoted(member);
            let sql = format!("ALTER TABLE {table} ADD COLUMN {column} TEXT");
            let statement = Statement::new(&sql, self.dialect, Vec::new());
            let added = self.driver.write(Call::new(&statement, &[])).await;
            // Another process may have been at it.
            if let Err(failure) = added
                && self.found().await?.missing_members(&self.profile).contains(&member)
            {
                return Err(failure);
            }
        }
        Ok(())
    }

    async fn found(&self) -> Result<FoundSchema, Failure> {
        let kinds = [Text, Text, Text, Integer, Integer, Integer];
        let columns = Statement::new(D::COLUMNS, self.dialect, kinds.into());
        let unique = Statement::new(D::UNIQUE_KEYS, self.dialect, vec![Text, Text]);
        FoundSchema::read(&self.driver, &self.profile, &columns, &unique).await
    }

    /// Compares the tables with the profile.
    pub(super) async fn compare(&self) -> Result<SchemaReport, AdapterError> {
        Ok(self.report(&self.profile, &self.found().await?))
    }

    /// What keeps a program from using the tables. Those that were never made, and columns for
    /// members of the application's own in typegate's tables, are the business of `migrate`.
    pub(super) async fn compare_at_start(&self) -> Result<SchemaReport, AdapterError> {
        let found = self.found().await?;
        if !self.profile.own {
            return Ok(self.report(&self.profile, &found));
        }
        if !self.was_migrated(&found).await {
            return Ok(SchemaReport::default());
        }
        let made = self.profile.without_members(&found.missing_members(&self.profile));
        let mut report = self.report(&made, &found);
        report.warnings.clear();
        if !found.has_table(ATTEMPTS_TABLE) {
            report.problems.push(format!("the table `{ATTEMPTS_TABLE}` is not there"));
        }
        Ok(report)
    }

    fn report(&self, profile: &SchemaProfile, found: &FoundSchema) -> SchemaReport {
        let mut report = report(profile, self.dialect, found);
        if !profile.own {
            name_profile_that_fits(&mut report, profile, self.dialect, found);
        }
        report
    }

    /// Whether every table of typegate's own was made once. Who may not know is not told.
    async fn was_migrated(&self, found: &FoundSchema) -> bool {
        if !found.has_table(MIGRATIONS_TABLE) {
            return false;
        }
        let latest = Statement::new(D::LATEST_MIGRATION, self.dialect, vec![Integer]);
        let rows = self.driver.read(Call::new(&latest, &[])).await.map(|written| written.rows);
        let row = rows.ok().and_then(|mut rows| rows.pop());
        let version = row.and_then(|mut row| row.integer().ok().flatten());
        version >= Some(D::ALL_TABLES)
    }

    pub(super) fn call<'a>(
        &self,
        statement: &'a Statement,
        values: &'a [Value<'a>],
    ) -> Result<Call<'a>, Failure> {
        let call = Call::new(statement, values);
        call.check(<D::Driver as Driver>::KEEPS_NUL)?;
        Ok(call)
    }

    pub(super) async fn write(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Result<Written, Failure> {
        let call = self.call(statement, values)?;
        let mut attempt = 1;
        loop {
            match self.driver.write(call).await {
                Err(Failure::Conflict(_)) if attempt < ATTEMPTS => attempt += 1,
                answer => return answer,
            }
        }
    }

    /// Runs statements in one transaction; the answer is that of the last one.
    pub(super) async fn together(&self, calls: &[Call<'_>]) -> Result<Written, Failure> {
        let mut attempt = 1;
        loop {
            match self.try_together(calls).await {
                Err(Failure::Conflict(_)) if attempt < ATTEMPTS => attempt += 1,
                answer => return answer,
            }
        }
    }

    async fn try_together(&self, calls: &[Call<'_>]) -> Result<Written, Failure> {
        let mut transaction = self.driver.begin().await?;
        let mut last = Written { rows: Vec::new(), affected: 0, inserted: None };
        for call in calls {
            last = transaction.run(*call).await?;
        }
        transaction.commit().await?;
        Ok(last)
    }

    /// The row of a look-up. No row has a key that the database would refuse.
    pub(super) async fn find(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, Failure> {
        match self.call(statement, values) {
            Ok(call) => Ok(self.driver.read(call).await?.rows.pop()),
            Err(_) => Ok(None),
        }
    }

    pub(super) async fn rows_of_user(
        &self,
        statement: &Statement,
        id: &str,
    ) -> Result<Vec<Row>, Failure> {
        let values = [id.into()];
        match self.call(statement, &values) {
            Ok(call) if self.profile.is_id(id) => Ok(self.driver.read(call).await?.rows),
            _ => Ok(Vec::new()),
        }
    }

    /// Removes a row and returns it: of any number of callers exactly one gets it.
    ///
    /// Where the database does not return what it deletes, the row is read first; the number of
    /// rows that the deletion affected decides.
    pub(super) async fn take(
        &self,
        read: &Statement,
        delete: &Statement,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, Failure> {
        let Ok(delete) = self.call(delete, values) else {
            return Ok(None);
        };
        if self.dialect.returns_deleted() {
            return Ok(self.write(delete.statement, values).await?.rows.pop());
        }
        let Some(row) = self.find(read, values).await? else {
            return Ok(None);
        };
        let deleted = self.write(delete.statement, values).await?;
        Ok((deleted.affected > 0).then_some(row))
    }
}
