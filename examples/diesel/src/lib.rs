//! An adapter of one's own: typegate on Diesel, complete.
//!
//! `docs/your-own-database.md` goes through it.

mod rows;
mod schema;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sqlite::SqliteConnection;
use diesel::{delete, insert_into, update};
use typegate::adapter::{
    AccountStore, DeletedRows, ExpiredRows, SessionStore, UserAccountStore, UserSessionStore,
    UserStore, VerificationTokenStore,
};
use typegate::{
    Account, AdapterError, NewAccount, NewSession, NewUser, SessionRecord, SessionToken, Timestamp,
    TokenHash, TokenSet, User, UserUpdate, VerificationToken,
};

use rows::{AccountRow, LinkRow, NewUserRow, SessionRow, UserChanges, UserRow, milliseconds};
use schema::{TABLES, accounts, sessions, users, verification_tokens};

/// Keeps users, accounts, sessions and e-mail links in SQLite through Diesel.
///
/// Clones share one connection, which is enough to show an adapter. An application has a pool, such
/// as Diesel's `r2d2`, and takes a connection from it in [`DieselAdapter::run`].
#[derive(Clone)]
pub struct DieselAdapter(Arc<Mutex<SqliteConnection>>);

impl DieselAdapter {
    /// Opens a database and makes the tables where they are missing.
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the file cannot be opened or written.
    pub fn open(file: &str) -> Result<Self, AdapterError> {
        let mut connection =
            SqliteConnection::establish(file).map_err(AdapterError::unavailable)?;
        connection.batch_execute(TABLES).map_err(failed)?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Runs statements where waiting for them holds up no other request.
    async fn run<T: Send + 'static>(
        &self,
        statements: impl FnOnce(&mut SqliteConnection) -> Result<T, Failed> + Send + 'static,
    ) -> Result<T, AdapterError> {
        let connection = Arc::clone(&self.0);
        let run = move || {
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            statements(&mut connection).map_err(|Failed(error)| error)
        };
        tokio::task::spawn_blocking(run).await.map_err(AdapterError::unavailable)?
    }
}

/// What ends a transaction: Diesel's error as typegate's, or one of typegate's.
struct Failed(AdapterError);

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self(failed(error))
    }
}

impl From<AdapterError> for Failed {
    fn from(error: AdapterError) -> Self {
        Self(error)
    }
}

/// Of two first sign-ins at once, one is refused by a unique key; typegate goes on from there if the
/// adapter says so. Everything else is a database that cannot answer.
///
/// The text of the database is left out: it may repeat values.
fn failed(error: Error) -> AdapterError {
    match error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            AdapterError::duplicate("a row with this key exists")
        }
        Error::DatabaseError(kind, _) => {
            AdapterError::unavailable(format!("the database refuses: {kind:?}"))
        }
        Error::NotFound => AdapterError::unavailable("there is no such row"),
        _ => AdapterError::unavailable("the database cannot answer"),
    }
}

impl fmt::Debug for DieselAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DieselAdapter").finish_non_exhaustive()
    }
}

impl UserStore for DieselAdapter {
    async fn create_user(&self, user: NewUser) -> Result<User, AdapterError> {
        self.run(move |database| insert_user(database, user)).await
    }

    async fn user(&self, id: &str) -> Result<Option<User>, AdapterError> {
        let id = id.to_owned();
        self.run(move |database| {
            let found = users::table.find(id).select(UserRow::as_select());
            read_one(found.first(database).optional()?, UserRow::read)
        })
        .await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>, AdapterError> {
        let email = email.to_owned();
        self.run(move |database| {
            let found = users::table.filter(users::email.eq(email)).select(UserRow::as_select());
            read_one(found.first(database).optional()?, UserRow::read)
        })
        .await
    }

    async fn user_by_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Result<Option<User>, AdapterError> {
        let key = (provider.to_owned(), provider_account_id.to_owned());
        self.run(move |database| {
            let found = accounts::table
                .find(key)
                .inner_join(users::table)
                .select(UserRow::as_select())
                .first(database)
                .optional()?;
            read_one(found, UserRow::read)
        })
        .await
    }

    async fn update_user(&self, changed: UserUpdate) -> Result<User, AdapterError> {
        self.run(move |database| {
            let id = changed.id.clone();
            let changes = UserChanges::of(changed);
            if !changes.is_empty() {
                update(users::table.find(&id)).set(&changes).execute(database)?;
            }
            // No row is an error here: the caller changes somebody who exists.
            Ok(users::table.find(id).select(UserRow::as_select()).first(database)?.read()?)
        })
        .await
    }

    async fn delete_user(&self, id: &str) -> Result<(), AdapterError> {
        let id = id.to_owned();
        self.run(move |database| Ok(delete(users::table.find(id)).execute(database).map(drop)?))
            .await
    }

    async fn link_account(&self, account: NewAccount) -> Result<(), AdapterError> {
        self.run(move |database| insert_account(database, account)).await
    }

    async fn unlink_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Result<(), AdapterError> {
        let key = (provider.to_owned(), provider_account_id.to_owned());
        self.run(move |database| {
            Ok(delete(accounts::table.find(key)).execute(database).map(drop)?)
        })
        .await
    }

    /// With it somebody who proves an address gets the user of that address, and those who came in
    /// without a proof have to leave.
    async fn linked_accounts(&self, user_id: &str) -> Result<Option<Vec<Account>>, AdapterError> {
        self.accounts_of_user(user_id).await.map(Some)
    }

    /// Both or neither: the one method with a transaction.
    async fn create_user_with_account(
        &self,
        user: NewUser,
        account: Account,
    ) -> Result<User, AdapterError> {
        self.run(move |database| {
            database.transaction(|database| {
                let user = insert_user(database, user)?;
                insert_account(database, NewAccount::new(&user.id, account))?;
                Ok(user)
            })
        })
        .await
    }
}

impl UserAccountStore for DieselAdapter {
    async fn accounts_of_user(&self, user_id: &str) -> Result<Vec<Account>, AdapterError> {
        let user_id = user_id.to_owned();
        self.run(move |database| {
            let found = accounts::table
                .filter(accounts::user_id.eq(user_id))
                .select(AccountRow::as_select())
                .load(database)?;
            Ok(found.into_iter().map(AccountRow::read).collect::<Result<_, _>>()?)
        })
        .await
    }
}

impl AccountStore for DieselAdapter {
    async fn account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Result<Option<Account>, AdapterError> {
        let key = (provider.to_owned(), provider_account_id.to_owned());
        self.run(move |database| {
            let found = accounts::table.find(key).select(AccountRow::as_select());
            read_one(found.first(database).optional()?, AccountRow::read)
        })
        .await
    }

    async fn update_account_tokens(
        &self,
        provider: &str,
        provider_account_id: &str,
        tokens: &TokenSet,
    ) -> Result<(), AdapterError> {
        let key = (provider.to_owned(), provider_account_id.to_owned());
        let tokens = rows::write_tokens(tokens)?;
        self.run(move |database| {
            let row = update(accounts::table.find(key));
            Ok(row.set(accounts::tokens.eq(tokens)).execute(database).map(drop)?)
        })
        .await
    }
}

impl SessionStore for DieselAdapter {
    async fn create_session(&self, session: NewSession) -> Result<(), AdapterError> {
        let row = SessionRow::from(session);
        self.run(move |database| {
            Ok(insert_into(sessions::table).values(row).execute(database).map(drop)?)
        })
        .await
    }

    /// By one query: this is asked for at every request of somebody who is signed in.
    async fn session_and_user(
        &self,
        token: &SessionToken,
    ) -> Result<Option<(SessionRecord, User)>, AdapterError> {
        let token = token.expose().to_owned();
        if is_blank(&token) {
            return Ok(None);
        }
        self.run(move |database| {
            let found = sessions::table
                .find(token)
                .inner_join(users::table)
                .select((SessionRow::as_select(), UserRow::as_select()))
                .first(database)
                .optional()?;
            read_one(found, |(session, user): (SessionRow, UserRow)| {
                Ok((session.read()?, user.read()?))
            })
        })
        .await
    }

    async fn update_session(
        &self,
        token: &SessionToken,
        expires: Timestamp,
    ) -> Result<(), AdapterError> {
        let token = token.expose().to_owned();
        if is_blank(&token) {
            return Ok(());
        }
        self.run(move |database| {
            let row = update(sessions::table.find(token));
            let end = sessions::expires.eq(milliseconds(expires));
            Ok(row.set(end).execute(database).map(drop)?)
        })
        .await
    }

    /// `RETURNING`, and not a query before: of two callers one is told of the session.
    async fn delete_session(
        &self,
        token: &SessionToken,
    ) -> Result<Option<SessionRecord>, AdapterError> {
        let token = token.expose().to_owned();
        if is_blank(&token) {
            return Ok(None);
        }
        self.run(move |database| {
            let deleted = delete(sessions::table.find(token))
                .returning(SessionRow::as_returning())
                .get_result(database)
                .optional()?;
            read_one(deleted, SessionRow::read)
        })
        .await
    }

    async fn end_sessions(&self, user_id: &str) -> Result<Option<u64>, AdapterError> {
        self.delete_sessions_of_user(user_id, None).await.map(Some)
    }
}

impl UserSessionStore for DieselAdapter {
    async fn sessions_of_user(&self, user_id: &str) -> Result<Vec<SessionRecord>, AdapterError> {
        let user_id = user_id.to_owned();
        self.run(move |database| {
            let found = sessions::table
                .filter(sessions::user_id.eq(user_id))
                .order(sessions::expires.desc())
                .select(SessionRow::as_select())
                .load(database)?;
            Ok(found.into_iter().map(SessionRow::read).collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn delete_sessions_of_user(
        &self,
        user_id: &str,
        except: Option<&SessionToken>,
    ) -> Result<u64, AdapterError> {
        let user_id = user_id.to_owned();
        // No token is blank.
        let stays = except.map(|token| token.expose().to_owned()).unwrap_or_default();
        self.run(move |database| {
            let of_user = sessions::table
                .filter(sessions::user_id.eq(user_id))
                .filter(sessions::session_token.ne(stays));
            Ok(delete(of_user).execute(database)? as u64)
        })
        .await
    }
}

impl VerificationTokenStore for DieselAdapter {
    async fn create_verification_token(
        &self,
        token: VerificationToken,
    ) -> Result<(), AdapterError> {
        let row = LinkRow::from(token);
        self.run(move |database| {
            Ok(insert_into(verification_tokens::table).values(row).execute(database).map(drop)?)
        })
        .await
    }

    /// A link is good once: removing the row and reading it are one statement.
    async fn use_verification_token(
        &self,
        identifier: &str,
        token: &TokenHash,
    ) -> Result<Option<VerificationToken>, AdapterError> {
        let (identifier, token) = (identifier.to_owned(), token.expose().to_owned());
        if is_blank(&identifier) || is_blank(&token) {
            return Ok(None);
        }
        self.run(move |database| {
            let deleted = delete(verification_tokens::table.find((identifier, token)))
                .returning(LinkRow::as_returning())
                .get_result(database)
                .optional()?;
            read_one(deleted, LinkRow::read)
        })
        .await
    }
}

impl ExpiredRows for DieselAdapter {
    async fn delete_expired(&self, now: Timestamp) -> Result<DeletedRows, AdapterError> {
        let now = milliseconds(now);
        self.run(move |database| {
            let ended = sessions::table.filter(sessions::expires.lt(now));
            let sessions = delete(ended).execute(database)? as u64;
            let ended = verification_tokens::table.filter(verification_tokens::expires.lt(now));
            let links = delete(ended).execute(database)? as u64;
            Ok(DeletedRows::new(sessions, links))
        })
        .await
    }
}

fn insert_user(database: &mut SqliteConnection, user: NewUser) -> Result<User, Failed> {
    let row = insert_into(users::table)
        .values(NewUserRow::from(user))
        .returning(UserRow::as_returning())
        .get_result(database)?;
    Ok(row.read()?)
}

fn insert_account(database: &mut SqliteConnection, account: NewAccount) -> Result<(), Failed> {
    let row = AccountRow::of(account)?;
    Ok(insert_into(accounts::table).values(row).execute(database).map(drop)?)
}

/// A look-up that finds nothing is no error.
fn read_one<Row, T>(
    row: Option<Row>,
    read: impl FnOnce(Row) -> Result<T, AdapterError>,
) -> Result<Option<T>, Failed> {
    Ok(row.map(read).transpose()?)
}

/// A row without a key is nobody's, whoever wrote it.
fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
