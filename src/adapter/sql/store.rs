//! Running statements: checked values, retries, and the row of a look-up.

use std::future::Future;
use std::time::{Duration, Instant};

use super::ColumnKind::{Integer, Text};
use super::failure::Failure;
use super::statements::{Statement, Statements};
use super::{
    Backend, Call, Dialect, Driver, FoundSchema, Row, SchemaProfile, SchemaReport, SchemaVersions,
    Table, Transaction, Value, Written, missing_rights, name_profile_that_fits, report,
};
use crate::error::AdapterError;
use crate::log::notice;

/// How often something is tried of which the database did nothing.
const ATTEMPTS: u32 = 10;

/// For how long. Each attempt may wait for a lock besides.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the second attempt waits, and each one after it twice as long as the one before: half a
/// second for all of them. Tried at once, the victim of a deadlock meets the same crowd again.
const PAUSE: Duration = Duration::from_millis(1);

/// Tables of typegate's own beside those of a profile.
pub(super) const ATTEMPTS_TABLE: &str = "typegate_attempts";
pub(super) const MIGRATIONS_TABLE: &str = "typegate_migrations";

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
            let added = self.write(&statement, &[]).await;
            // Another process may have been at it.
            if let Err(failure) = added
                && self.found().await?.missing_members(&self.profile).contains(&member)
            {
                return Err(failure);
            }
        }
        Ok(())
    }

    pub(super) async fn found(&self) -> Result<FoundSchema, Failure> {
        let kinds = [Text, Text, Text, Integer, Integer, Integer, Text];
        let columns = Statement::new(D::COLUMNS, self.dialect, kinds.into());
        let keys = Statement::new(D::KEYS, self.dialect, vec![Text, Text, Integer]);
        let values = [Value::Text(self.profile.namespace_name())];
        let kinds = vec![Text, Integer, Integer, Integer, Integer];
        let rights = Statement::new(D::RIGHTS, self.dialect, kinds);
        let columns = self.read(Call::new(&columns, &values)).await?;
        let keys = self.read(Call::new(&keys, &values)).await?;
        let mut found =
            FoundSchema::of(columns, keys, self.read(Call::new(&rights, &values)).await?)?;
        found.zone = D::zone(&self.driver).await.map_err(|failure| self.located(failure))?;
        Ok(found)
    }

    /// Compares the tables with the profile, for a program that signs people in, and counts their
    /// attempts in the database or does not.
    pub(super) async fn compare(&self, counts: bool) -> Result<SchemaReport, AdapterError> {
        let found = self.found().await?;
        let mut report = self.report(&self.profile, &found);
        if counts && !found.has_table(ATTEMPTS_TABLE) {
            report.problems.push(format!(
                "the table `{ATTEMPTS_TABLE}`, in which attempts are counted, is not there; beside \
                 tables of another adapter run: CREATE TABLE {ATTEMPTS_TABLE} (id varchar(64) PRIMARY \
                 KEY, attempts bigint NOT NULL, ends bigint NOT NULL)"
            ));
        }
        report.problems.extend(self.missing_rights(&found).await?);
        if self.profile.own {
            let versions = self.versions_of(&found).await;
            report.warnings.extend(versions.warning());
            report.versions = Some(versions);
        }
        Ok(report)
    }

    /// What keeps a program from using the tables. Those that were never made, and columns for
    /// members of the application's own in typegate's tables, are the business of `migrate`. Rights
    /// that are missing are told and not refused: a program may read sessions and do nothing else.
    pub(super) async fn compare_at_start(&self) -> Result<SchemaReport, AdapterError> {
        let found = self.found().await?;
        let mut report = match self.profile.own {
            true => self.compare_own(&found).await,
            false => self.report(&self.profile, &found),
        };
        report.warnings.extend(self.missing_rights(&found).await?);
        Ok(report)
    }

    async fn compare_own(&self, found: &FoundSchema) -> SchemaReport {
        let versions = self.versions_of(found).await;
        if versions.found < Some(D::ALL_TABLES) {
            if !Table::ALL.iter().any(|table| found.has_table(self.profile.table_name(*table))) {
                notice(&format!(
                    "{}: there are no tables yet; `migrate` makes them",
                    self.driver.place()
                ));
            }
            return SchemaReport::default();
        }
        let made = self.profile.without_members(&found.missing_members(&self.profile));
        let mut report = self.report(&made, found);
        report.warnings.clear();
        report.warnings.extend(versions.warning());
        if !found.has_table(ATTEMPTS_TABLE) {
            report.problems.push(format!("the table `{ATTEMPTS_TABLE}` is not there"));
        }
        report
    }

    /// What the account may not do, by its rights and because the server takes no writes.
    pub(super) async fn missing_rights(&self, found: &FoundSchema) -> Result<Vec<String>, Failure> {
        let own = self.profile.own.then_some(ATTEMPTS_TABLE);
        let mut missing = missing_rights(&self.profile, self.dialect, found, own.as_slice());
        if !D::takes_writes(&self.driver).await.map_err(|failure| self.located(failure))? {
            missing.push(D::NO_WRITES.to_owned());
        }
        Ok(missing)
    }

    fn located(&self, failure: Failure) -> Failure {
        failure.at(self.driver.place())
    }

    pub(super) fn report(&self, profile: &SchemaProfile, found: &FoundSchema) -> SchemaReport {
        let mut report = report(profile, self.dialect, found);
        if !profile.own {
            name_profile_that_fits(&mut report, profile, self.dialect, found);
        }
        report
    }

    /// Which schema typegate's own tables have, if `migrate` made any.
    pub(super) async fn versions(&self) -> Result<SchemaVersions, Failure> {
        Ok(self.versions_of(&self.found().await?).await)
    }

    /// Who may not know is not told.
    pub(super) async fn versions_of(&self, found: &FoundSchema) -> SchemaVersions {
        let mut versions = SchemaVersions { found: None, release: D::RELEASE };
        if found.has_table(MIGRATIONS_TABLE) {
            let latest = Statement::new(D::LATEST_MIGRATION, self.dialect, vec![Integer]);
            let rows = self.read(Call::new(&latest, &[])).await;
            let row = rows.ok().and_then(|mut rows| rows.pop());
            versions.found = row.and_then(|mut row| row.integer().ok().flatten());
        }
        versions
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
        self.again(|| self.driver.write(call)).await
    }

    /// The rows of a statement that changes nothing.
    pub(super) async fn read(&self, call: Call<'_>) -> Result<Vec<Row>, Failure> {
        Ok(self.again(|| self.driver.read(call)).await?.rows)
    }

    /// Runs statements in one transaction; the answer is that of the last one.
    pub(super) async fn together(&self, calls: &[Call<'_>]) -> Result<Written, Failure> {
        self.again(|| self.try_together(calls)).await
    }

    /// Tries a statement or a transaction, and tries it again where the database has done nothing:
    /// it was rolled back for the sake of another one, or prepared for tables that have changed.
    pub(super) async fn again<T, F>(&self, mut attempt: impl FnMut() -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>> + Send,
    {
        let start = Instant::now();
        let mut retries = 0;
        loop {
            match attempt().await {
                Err(failure)
                    if failure.may_be_tried_again()
                        && retries + 1 < ATTEMPTS
                        && start.elapsed() < PATIENCE =>
                {
                    tokio::time::sleep(PAUSE * 2_u32.pow(retries)).await;
                    retries += 1;
                }
                answer => return answer.map_err(|failure| self.located(failure)),
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
            Ok(call) => Ok(self.read(call).await?.pop()),
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
            Ok(call) if self.profile.is_id(id) => self.read(call).await,
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
