//! The adapter for SQL databases, with its implementations of the storage traits: a file for each
//! kind of row.

mod accounts;
mod attempts;
mod expired_rows;
mod sessions;
mod users;
mod verification_tokens;

use std::fmt;
use std::sync::Arc;

#[cfg(feature = "dynamic")]
use super::Foreseen;
use super::statements::Statements;
use super::{
    DatabaseOptions, Dialect, Driver as _, SchemaReport, SqlDatabase, Store, mistakes,
    refuse_problems,
};
use crate::crypto::random;
use crate::error::AdapterError;
use crate::log::notice;

/// Keeps users, accounts, sessions and e-mail links in an SQL database.
///
/// Programs call it by the name of their database: `SqliteAdapter`, `PostgresAdapter`,
/// `MySqlAdapter`. Clones are cheap and share the connections.
///
/// The tables are those that [`migrate`](Self::migrate) makes, or, with a
/// [`SchemaProfile`](super::SchemaProfile), those that another adapter made. Members of a profile or
/// of a token response that have no column are ignored, as are members of the wrong type, such as a
/// `scope` that is no text. A text of more than 1 MiB is refused.
pub struct SqlAdapter<D: SqlDatabase> {
    pub(in crate::adapter) store: Arc<Store<D>>,
}

impl<D: SqlDatabase> SqlAdapter<D> {
    /// Connects with the default [`DatabaseOptions`], or, to SQLite, with 4 connections that read.
    ///
    /// The page of each adapter says what its addresses look like. A parameter that the driver does
    /// not know is an error.
    ///
    /// ```
    /// use typegate::adapter::SqliteAdapter;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// assert!(SqliteAdapter::connect("sqlite::memory:").await.is_ok());
    /// assert!(SqliteAdapter::connect("sqlite:///no/such/folder/auth.db").await.is_err());
    /// assert!(SqliteAdapter::connect("postgres://localhost/auth").await.is_err());
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the address is not one of this database, if no server answers, or if the
    /// file cannot be opened.
    pub async fn connect(url: &str) -> Result<Self, AdapterError> {
        Self::connect_with(url, D::default_options()).await
    }

    /// Connects. Tables that another adapter made are compared with the profile: what makes
    /// sign-ins fail is an error, what makes them less safe is logged as a warning. Of typegate's
    /// own tables it is an error if one went away after `migrate` had made all of them.
    ///
    /// ```
    /// use typegate::adapter::{DatabaseOptions, SchemaProfile, SqliteAdapter};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let options = DatabaseOptions::default().schema(SchemaProfile::prisma());
    /// let empty = SqliteAdapter::connect_with("sqlite::memory:", options).await;
    /// let missing = std::error::Error::source(&empty.unwrap_err()).unwrap().to_string();
    /// assert!(missing.starts_with("the table `User` is not there"), "{missing}");
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AdapterError`] as of [`connect`](Self::connect), or if the tables do not fit the profile;
    /// its source says what is missing.
    pub async fn connect_with(url: &str, options: DatabaseOptions) -> Result<Self, AdapterError> {
        let mistakes = mistakes(&options.schema);
        if !mistakes.is_empty() {
            return Err(AdapterError::unavailable(mistakes.join("; ")));
        }
        let (driver, dialect) = D::connect(url, &options).await?;
        Self::over(driver, dialect, options).await
    }

    fn statements(&self) -> &Statements {
        &self.store.statements
    }

    pub(in crate::adapter) async fn over(
        driver: D::Driver,
        dialect: Dialect,
        options: DatabaseOptions,
    ) -> Result<Self, AdapterError> {
        let store = Store::new(driver, dialect, options.schema);
        let adapter = Self { store: Arc::new(store) };
        adapter.refuse_problems(adapter.store.compare_at_start().await?)?;
        Ok(adapter)
    }

    fn refuse_problems(&self, report: SchemaReport) -> Result<(), AdapterError> {
        refuse_problems(report, &self.store.profile, self.store.driver.place())
    }

    /// Refuses what keeps a program from signing people in: [`check_schema`](Self::check_schema)'s
    /// problems, and the want of a table for attempts that are counted there.
    #[cfg(feature = "dynamic")]
    pub(crate) async fn require_schema(&self, counts_attempts: bool) -> Result<(), AdapterError> {
        let mut report = self.store.compare(counts_attempts).await?;
        // They were logged by `connect`.
        report.warnings.clear();
        self.refuse_problems(report)
    }

    /// What a start that calls [`migrate`](Self::migrate) will meet.
    #[cfg(feature = "dynamic")]
    pub(crate) async fn foresee(&self) -> Result<Foreseen, AdapterError> {
        self.store.foresee().await
    }

    /// Brings typegate's own tables up to date, and does nothing where they are, or where a later
    /// release made them. Which schema they have is logged.
    ///
    /// Several processes may do this at the same time. SQLite and PostgreSQL make all tables or
    /// none. MySQL makes each in a transaction of its own, so a failure may leave some of them; the
    /// next call makes the rest.
    ///
    /// ```
    /// use typegate::adapter::{SqliteAdapter, UserStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let adapter = SqliteAdapter::connect("sqlite::memory:").await?;
    /// assert!(adapter.user("1").await.is_err(), "there are no tables");
    ///
    /// adapter.migrate().await?;
    /// adapter.migrate().await?;
    /// assert_eq!(adapter.user("1").await?, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the tables are those of another adapter, if there is a table of one of
    /// the names that this one did not make, or if there is one to make and the user may not.
    pub async fn migrate(&self) -> Result<(), AdapterError> {
        if !self.store.profile.own {
            return Err(AdapterError::unavailable(
                "the tables of another adapter are made and changed by what they belong to",
            ));
        }
        let migrated = D::migrate(&self.store.driver).await;
        migrated.map_err(|failure| failure.at(self.store.driver.place()))?;
        self.store.add_members().await?;
        let versions = self.store.versions().await?;
        notice(&format!("{}: {versions}", self.store.driver.place()));
        Ok(())
    }

    /// Compares the tables with the profile: what is missing, and what is less safe than it could
    /// be.
    ///
    /// ```
    /// use typegate::adapter::SqliteAdapter;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let adapter = SqliteAdapter::connect("sqlite::memory:").await?;
    /// let report = adapter.check_schema().await?;
    /// assert_eq!(report.problems.first().unwrap(), "the table `users` is not there");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the database does not answer.
    pub async fn check_schema(&self) -> Result<SchemaReport, AdapterError> {
        self.store.compare(false).await
    }

    /// Closes the connections that nobody uses, when an application ends. With SQLite what stands in
    /// the write-ahead log is written into the file before, so that a copy of the file alone is whole.
    /// Nothing is lost without it.
    ///
    /// Who calls the adapter later is given a new connection. A database in memory is left open.
    ///
    /// ```
    /// use typegate::Profile;
    /// use typegate::adapter::{SqliteAdapter, UserStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = std::env::temp_dir().join(format!("typegate-close-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let (file, copy) = (folder.join("auth.db"), folder.join("copy.db"));
    /// let adapter = SqliteAdapter::connect(&format!("sqlite://{}", file.display())).await?;
    /// adapter.migrate().await?;
    /// let ada = adapter.create_user(Profile::new("42").into()).await?;
    /// adapter.close().await?;
    ///
    /// std::fs::copy(&file, &copy)?;
    /// let copied = SqliteAdapter::connect(&format!("sqlite://{}", copy.display())).await?;
    /// assert_eq!(copied.user(&ada.id).await?, Some(ada));
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the file cannot be written.
    pub async fn close(&self) -> Result<(), AdapterError> {
        let closed = self.store.driver.close().await;
        Ok(closed.map_err(|failure| failure.at(self.store.driver.place()))?)
    }
}

impl<D: SqlDatabase> Clone for SqlAdapter<D> {
    fn clone(&self) -> Self {
        Self { store: Arc::clone(&self.store) }
    }
}

/// No address, which may have a password.
impl<D: SqlDatabase> fmt::Debug for SqlAdapter<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(D::ADAPTER).field("schema", &self.store.profile.name).finish_non_exhaustive()
    }
}

type Answer<T> = Result<T, AdapterError>;

fn new_key() -> Answer<String> {
    random::uuid().map_err(AdapterError::unavailable)
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
