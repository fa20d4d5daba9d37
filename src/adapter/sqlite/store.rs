//! The three things a sign-in asks of a database, by one statement each.

use jiff::Timestamp;
use sqlx::query::{Query, QueryAs};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{FromRow, Sqlite};

use super::rows::{
    ACCOUNT_TEXTS, AccountRow, Expires, Text, UserRow, failure, found, stored, text,
};
use super::{SqliteAdapter, statements};
use crate::adapter::{
    DeletedRows, ExpiredRows, SessionStore, UserAccountStore, UserSessionStore, UserStore,
    VerificationTokenStore,
};
use crate::crypto::random;
use crate::error::AdapterError;
use crate::model::{
    Account, NewAccount, NewSession, NewUser, SessionRecord, User, UserUpdate, VerificationToken,
};
use crate::secret::{SessionToken, TokenHash};

type Statement<'a> = Query<'a, Sqlite, SqliteArguments>;
type StatementAs<'a, T> = QueryAs<'a, Sqlite, T, SqliteArguments>;

impl UserStore for SqliteAdapter {
    async fn create_user(&self, user: NewUser) -> Result<User, AdapterError> {
        let user = with_new_id(user)?;
        insert_user(&user).execute(&self.writer).await.map_err(failure)?;
        Ok(user)
    }

    async fn user(&self, id: &str) -> Result<Option<User>, AdapterError> {
        self.read_user(sqlx::query_as(statements::USER_BY_ID).bind(Text(id))).await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>, AdapterError> {
        self.read_user(sqlx::query_as(statements::USER_BY_EMAIL).bind(Text(email))).await
    }

    async fn user_by_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Result<Option<User>, AdapterError> {
        let query = sqlx::query_as(statements::USER_BY_ACCOUNT)
            .bind(Text(provider))
            .bind(Text(provider_account_id));
        self.read_user(query).await
    }

    async fn update_user(&self, update: UserUpdate) -> Result<User, AdapterError> {
        let UserUpdate { id, name, email, email_verified, image } = &update;
        let query = sqlx::query_as(statements::UPDATE_USER)
            .bind(Text(id))
            .bind(name.is_some())
            .bind(name.as_ref().and_then(text))
            .bind(email.is_some())
            .bind(email.as_ref().and_then(text))
            .bind(email_verified.is_some())
            .bind(email_verified.flatten().map(Timestamp::as_millisecond))
            .bind(image.is_some())
            .bind(image.as_ref().and_then(text));
        match self.write_returning::<UserRow>(query).await.map_err(failure)? {
            Some(row) => Ok(row.0),
            None => Err(AdapterError::unavailable("no user has this id")),
        }
    }

    async fn delete_user(&self, id: &str) -> Result<(), AdapterError> {
        self.write(sqlx::query(statements::DELETE_USER).bind(Text(id))).await
    }

    async fn link_account(&self, account: NewAccount) -> Result<(), AdapterError> {
        self.write(insert_account(&account.user_id, &account.account)).await
    }

    async fn unlink_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Result<(), AdapterError> {
        let query = sqlx::query(statements::DELETE_ACCOUNT)
            .bind(Text(provider))
            .bind(Text(provider_account_id));
        self.write(query).await
    }

    async fn create_user_with_account(
        &self,
        user: NewUser,
        account: Account,
    ) -> Result<User, AdapterError> {
        let user = with_new_id(user)?;
        let mut transaction = self.writer.begin_with(statements::BEGIN).await.map_err(failure)?;
        insert_user(&user).execute(&mut *transaction).await.map_err(failure)?;
        insert_account(&user.id, &account).execute(&mut *transaction).await.map_err(failure)?;
        transaction.commit().await.map_err(failure)?;
        Ok(user)
    }
}

impl SessionStore for SqliteAdapter {
    async fn create_session(&self, session: NewSession) -> Result<(), AdapterError> {
        let query = sqlx::query(statements::INSERT_SESSION)
            .bind(Text(session.session_token.expose()))
            .bind(Text(&session.user_id))
            .bind(session.expires.as_millisecond());
        self.write(query).await
    }

    async fn session_and_user(
        &self,
        token: &SessionToken,
    ) -> Result<Option<(SessionRecord, User)>, AdapterError> {
        if is_blank(token.expose()) {
            return Ok(None);
        }
        let row: Option<SessionAndUser> = found(
            sqlx::query_as(statements::SESSION_AND_USER)
                .bind(Text(token.expose()))
                .fetch_optional(&self.reader)
                .await,
        )?;
        Ok(row.map(|SessionAndUser(expires, user)| {
            (SessionRecord::new(token.clone(), &user.id, expires), user)
        }))
    }

    async fn update_session(
        &self,
        token: &SessionToken,
        expires: Timestamp,
    ) -> Result<(), AdapterError> {
        if is_blank(token.expose()) {
            return Ok(());
        }
        let query = sqlx::query(statements::UPDATE_SESSION)
            .bind(Text(token.expose()))
            .bind(expires.as_millisecond());
        self.write(query).await
    }

    async fn delete_session(
        &self,
        token: &SessionToken,
    ) -> Result<Option<SessionRecord>, AdapterError> {
        if is_blank(token.expose()) {
            return Ok(None);
        }
        let query = sqlx::query_as(statements::DELETE_SESSION).bind(Text(token.expose()));
        let row = found(self.write_returning::<DeletedSession>(query).await)?;
        Ok(row.map(|DeletedSession(user_id, expires)| {
            SessionRecord::new(token.clone(), user_id, expires)
        }))
    }
}

impl VerificationTokenStore for SqliteAdapter {
    async fn create_verification_token(
        &self,
        token: VerificationToken,
    ) -> Result<(), AdapterError> {
        let query = sqlx::query(statements::INSERT_VERIFICATION_TOKEN)
            .bind(Text(&token.identifier))
            .bind(Text(token.token.expose()))
            .bind(token.expires.as_millisecond());
        self.write(query).await
    }

    async fn use_verification_token(
        &self,
        identifier: &str,
        token: &TokenHash,
    ) -> Result<Option<VerificationToken>, AdapterError> {
        if is_blank(identifier) || is_blank(token.expose()) {
            return Ok(None);
        }
        let query = sqlx::query_as(statements::USE_VERIFICATION_TOKEN)
            .bind(Text(identifier))
            .bind(Text(token.expose()));
        let row = found(self.write_returning::<Expires>(query).await)?;
        Ok(row.map(|Expires(expires)| VerificationToken::new(identifier, token.clone(), expires)))
    }
}

impl UserAccountStore for SqliteAdapter {
    async fn accounts_of_user(&self, user_id: &str) -> Result<Vec<Account>, AdapterError> {
        let query = sqlx::query_as(statements::ACCOUNTS_OF_USER).bind(Text(user_id));
        let rows: Vec<AccountRow> = query.fetch_all(&self.reader).await.map_err(failure)?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }
}

impl UserSessionStore for SqliteAdapter {
    async fn sessions_of_user(&self, user_id: &str) -> Result<Vec<SessionRecord>, AdapterError> {
        let query = sqlx::query_as(statements::SESSIONS_OF_USER).bind(Text(user_id));
        let rows: Vec<SessionOfUser> = query.fetch_all(&self.reader).await.map_err(failure)?;
        Ok(rows
            .into_iter()
            .map(|SessionOfUser(token, expires)| {
                SessionRecord::new(SessionToken::new(token), user_id, expires)
            })
            .collect())
    }

    async fn delete_sessions_of_user(
        &self,
        user_id: &str,
        except: Option<&SessionToken>,
    ) -> Result<u64, AdapterError> {
        let query = sqlx::query(statements::DELETE_SESSIONS_OF_USER)
            .bind(Text(user_id))
            .bind(except.map(|token| Text(token.expose())));
        Ok(query.execute(&self.writer).await.map_err(failure)?.rows_affected())
    }
}

impl ExpiredRows for SqliteAdapter {
    /// By two statements rather than one transaction: sign-ins get a turn in between.
    async fn delete_expired(&self, now: Timestamp) -> Result<DeletedRows, AdapterError> {
        let delete = async |sql| {
            let query = sqlx::query(sql).bind(now.as_millisecond());
            Ok(query.execute(&self.writer).await.map_err(failure)?.rows_affected())
        };
        let sessions = delete(statements::DELETE_EXPIRED_SESSIONS).await?;
        let links = delete(statements::DELETE_EXPIRED_VERIFICATION_TOKENS).await?;
        Ok(DeletedRows::new(sessions, links))
    }
}

impl SqliteAdapter {
    async fn read_user(
        &self,
        query: StatementAs<'_, UserRow>,
    ) -> Result<Option<User>, AdapterError> {
        Ok(found(query.fetch_optional(&self.reader).await)?.map(|row| row.0))
    }

    async fn write(&self, query: Statement<'_>) -> Result<(), AdapterError> {
        query.execute(&self.writer).await.map_err(failure)?;
        Ok(())
    }

    /// Runs a statement with `RETURNING` to its end. Asked for one row only, the driver stops
    /// there and swallows an error of the commit that follows.
    async fn write_returning<T>(&self, query: StatementAs<'_, T>) -> sqlx::Result<Option<T>>
    where
        T: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        Ok(query.fetch_all(&self.writer).await?.pop())
    }
}

struct SessionAndUser(Timestamp, User);

impl FromRow<'_, SqliteRow> for SessionAndUser {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self(Expires::from_row(row)?.0, UserRow::from_row(row)?.0))
    }
}

struct SessionOfUser(String, Timestamp);

impl FromRow<'_, SqliteRow> for SessionOfUser {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self(sqlx::Row::try_get(row, "sessionToken")?, Expires::from_row(row)?.0))
    }
}

struct DeletedSession(String, Timestamp);

impl FromRow<'_, SqliteRow> for DeletedSession {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self(sqlx::Row::try_get(row, "userId")?, Expires::from_row(row)?.0))
    }
}

fn insert_user(user: &User) -> Statement<'_> {
    sqlx::query(statements::INSERT_USER)
        .bind(Text(&user.id))
        .bind(text(&user.name))
        .bind(text(&user.email))
        .bind(user.email_verified.map(Timestamp::as_millisecond))
        .bind(text(&user.image))
}

fn insert_account<'a>(user_id: &'a str, account: &'a Account) -> Statement<'a> {
    let query = sqlx::query(statements::INSERT_ACCOUNT)
        .bind(Text(user_id))
        .bind(Text(account.account_type.as_str()))
        .bind(Text(&account.provider))
        .bind(Text(&account.provider_account_id));
    ACCOUNT_TEXTS
        .into_iter()
        .fold(query, |query, name| query.bind(account.tokens.text(name).map(Text)))
        .bind(account.tokens.expires_at())
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// The row that a new user becomes: what the caller gets is what a later look-up finds.
fn with_new_id(user: NewUser) -> Result<User, AdapterError> {
    let mut row = User::new(random::uuid().map_err(AdapterError::unavailable)?);
    row.name = user.name;
    row.email = user.email;
    row.email_verified = user.email_verified.map(stored).transpose()?;
    row.image = user.image;
    Ok(row)
}
