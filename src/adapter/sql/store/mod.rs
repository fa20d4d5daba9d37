//! What a sign-in asks of a database, the same for all of them.

mod accounts;
mod attempts;
mod sessions;
mod users;
mod verification_tokens;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::ColumnKind::{Integer, Text};
use super::attempts::AttemptStatements;
use super::failure::Failure;
use super::statements::{Statement, Statements};
use super::{
    Call, Dialect, Driver, FoundSchema, Row, SchemaProfile, SchemaReport, Transaction, Value,
    Written, report,
};
use crate::adapter::DeletedRows;
use crate::crypto::random;
use crate::error::AdapterError;

/// How often a transaction is tried that the database rolls back for the sake of another one.
const ATTEMPTS: usize = 5;

/// The statements for one set of tables, and the connections they run on.
pub(in crate::adapter) struct Store<D> {
    pub(in crate::adapter) driver: D,
    pub(in crate::adapter) profile: SchemaProfile,
    dialect: Dialect,
    statements: Statements,
    attempts: AttemptStatements,
}

type Answer<T> = Result<T, AdapterError>;

impl<D: Driver> Store<D> {
    pub(in crate::adapter) fn new(
        driver: D,
        profile: SchemaProfile,
        dialect: Dialect,
    ) -> Arc<Self> {
        let statements = Statements::new(&profile, dialect);
        let attempts = AttemptStatements::new(dialect);
        Arc::new(Self { driver, profile, dialect, statements, attempts })
    }

    /// Whether the tables are typegate's own.
    pub(in crate::adapter) fn is_own(&self) -> bool {
        self.profile.own
    }

    /// Refuses to make tables that belong to another adapter.
    pub(in crate::adapter) fn check_own(&self) -> Answer<()> {
        if self.profile.own {
            return Ok(());
        }
        Err(AdapterError::unavailable(
            "the tables of another adapter are made and changed by what they belong to",
        ))
    }

    /// Compares the tables with the profile, by two statements of the database's own: one for
    /// columns and one for unique keys.
    pub(in crate::adapter) async fn compare(
        &self,
        columns: &str,
        unique: &str,
    ) -> Answer<SchemaReport> {
        let kinds = [Text, Text, Text, Integer, Integer, Integer];
        let columns = Statement::new(columns, self.dialect, kinds.into());
        let unique = Statement::new(unique, self.dialect, vec![Text, Text]);
        let found = FoundSchema::read(&self.driver, &self.profile, &columns, &unique).await?;
        Ok(report(&self.profile, self.dialect, &found))
    }

    /// `Debug` of an adapter: no address, which may have a password.
    pub(in crate::adapter) fn describe(
        &self,
        adapter: &str,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        f.debug_struct(adapter).field("schema", &self.profile.name).finish_non_exhaustive()
    }

    /// By several statements rather than one transaction: sign-ins get a turn in between.
    pub(in crate::adapter) async fn delete_expired(&self, now: Timestamp) -> Answer<DeletedRows> {
        let values = [now.as_millisecond().into()];
        let sessions = self.write(&self.statements.delete_expired_sessions, &values).await?;
        let links =
            self.write(&self.statements.delete_expired_verification_tokens, &values).await?;
        let mut deleted = DeletedRows::new(sessions.affected, links.affected);
        // Beside the tables of another adapter, and before the latest migration, there may be none
        // for attempts.
        match self.write(&self.attempts.delete_ended, &values).await {
            Err(failure) if failure.is_missing_table() => {}
            answer => deleted.attempts = answer?.affected,
        }
        Ok(deleted)
    }

    fn call<'a>(
        &self,
        statement: &'a Statement,
        values: &'a [Value<'a>],
    ) -> Result<Call<'a>, Failure> {
        let call = Call::new(statement, values);
        call.check(D::KEEPS_NUL)?;
        Ok(call)
    }

    async fn write(&self, statement: &Statement, values: &[Value<'_>]) -> Result<Written, Failure> {
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
    async fn together(&self, calls: &[Call<'_>]) -> Result<Written, Failure> {
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
    async fn find(
        &self,
        statement: &Statement,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, Failure> {
        match self.call(statement, values) {
            Ok(call) => Ok(self.driver.read(call).await?.rows.pop()),
            Err(_) => Ok(None),
        }
    }

    async fn rows_of_user(&self, statement: &Statement, id: &str) -> Result<Vec<Row>, Failure> {
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
    async fn take(
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

fn new_key() -> Answer<String> {
    random::uuid().map_err(AdapterError::unavailable)
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
