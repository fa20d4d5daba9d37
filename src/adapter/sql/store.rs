//! What a sign-in asks of a database, the same for all of them.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::ColumnKind::{Integer, Text};
use super::failure::Failure;
use super::rows::stored;
use super::statements::{ACCOUNT_TEXTS, Statement, Statements, account_texts};
use super::{
    Call, Dialect, Driver, FoundSchema, IdKind, Row, SchemaProfile, SchemaReport, Transaction,
    Value, Written, report,
};
use crate::adapter::DeletedRows;
use crate::crypto::random;
use crate::error::AdapterError;
use crate::model::{
    Account, NewAccount, NewSession, NewUser, SessionRecord, TokenSet, User, UserUpdate,
    VerificationToken,
};
use crate::secret::{SessionToken, TokenHash};

/// How often a transaction is tried that the database rolls back for the sake of another one.
const ATTEMPTS: usize = 5;

/// The statements for one set of tables, and the connections they run on.
pub(in crate::adapter) struct Store<D> {
    pub(in crate::adapter) driver: D,
    pub(in crate::adapter) profile: SchemaProfile,
    dialect: Dialect,
    statements: Statements,
}

type Answer<T> = Result<T, AdapterError>;

impl<D: Driver> Store<D> {
    pub(in crate::adapter) fn new(
        driver: D,
        profile: SchemaProfile,
        dialect: Dialect,
    ) -> Arc<Self> {
        let statements = Statements::new(&profile, dialect);
        Arc::new(Self { driver, profile, dialect, statements })
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

    pub(in crate::adapter) async fn create_user(&self, user: NewUser) -> Answer<User> {
        let mut user = self.row(user)?;
        let user_values = UserValues::of(&user, &self.profile);
        let written = self.write(&self.statements.insert_user, &user_values.0).await?;
        let id = self.inserted_id(written)?;
        drop(user_values);
        if let Some(id) = id {
            user.id = id;
        }
        Ok(user)
    }

    pub(in crate::adapter) async fn user(&self, id: &str) -> Answer<Option<User>> {
        if !self.profile.is_id(id) {
            return Ok(None);
        }
        self.find_user(&self.statements.user_by_id, &[id.into()]).await
    }

    pub(in crate::adapter) async fn user_by_email(&self, email: &str) -> Answer<Option<User>> {
        self.find_user(&self.statements.user_by_email, &[email.into()]).await
    }

    pub(in crate::adapter) async fn user_by_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Answer<Option<User>> {
        let values = [provider.into(), provider_account_id.into()];
        self.find_user(&self.statements.user_by_account, &values).await
    }

    pub(in crate::adapter) async fn update_user(&self, update: UserUpdate) -> Answer<User> {
        let UserUpdate { id, name, email, email_verified, image } = &update;
        if !self.profile.is_id(id) {
            return Err(Failure::NoUser.into());
        }
        let text = |value: &'_ Option<Option<String>>| value.is_some();
        let values = [
            id.as_str().into(),
            Value::Flag(text(name)),
            Value::Text(name.as_ref().and_then(Option::as_deref)),
            Value::Flag(text(email)),
            Value::Text(email.as_ref().and_then(Option::as_deref)),
            Value::Flag(email_verified.is_some()),
            Value::Integer(email_verified.flatten().map(Timestamp::as_millisecond)),
            Value::Flag(text(image)),
            Value::Text(image.as_ref().and_then(Option::as_deref)),
        ];
        let update = &self.statements.update_user;
        let read = Call::new(&self.statements.user_by_id, &values);
        let mut rows = if self.dialect.returns_updated() {
            self.write(update, &values).await?.rows
        } else {
            let calls = [self.call(update, &values)?, read];
            self.together(&calls).await?.rows
        };
        match rows.pop() {
            Some(mut row) => Ok(row.user(&self.profile)?),
            None => Err(Failure::NoUser.into()),
        }
    }

    pub(in crate::adapter) async fn delete_user(&self, id: &str) -> Answer<()> {
        let values = [id.into()];
        if !self.profile.is_id(id) || self.call(&self.statements.delete_user, &values).is_err() {
            return Ok(());
        }
        if self.profile.cascades {
            self.write(&self.statements.delete_user, &values).await?;
            return Ok(());
        }
        let [accounts, sessions] = &self.statements.delete_rows_of_user;
        let calls = [accounts, sessions, &self.statements.delete_user]
            .map(|statement| Call::new(statement, &values));
        self.together(&calls).await?;
        Ok(())
    }

    pub(in crate::adapter) async fn link_account(&self, account: NewAccount) -> Answer<()> {
        if !self.profile.is_id(&account.user_id) {
            return Err(Failure::NoUser.into());
        }
        let key = new_key()?;
        let values = account_values(&account.user_id, &account.account, &key, &self.profile);
        self.write(&self.statements.insert_account, &values).await?;
        Ok(())
    }

    pub(in crate::adapter) async fn unlink_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Answer<()> {
        let values = [provider.into(), provider_account_id.into()];
        match self.write(&self.statements.delete_account, &values).await {
            Ok(_) | Err(Failure::Refused(_)) => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }

    pub(in crate::adapter) async fn account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Answer<Option<Account>> {
        let values = [provider.into(), provider_account_id.into()];
        let row = self.find(&self.statements.account, &values).await?;
        Ok(row.map(|mut row| row.account(&self.profile)).transpose()?)
    }

    pub(in crate::adapter) async fn update_account_tokens(
        &self,
        provider: &str,
        provider_account_id: &str,
        tokens: &TokenSet,
    ) -> Answer<()> {
        let mut values = vec![provider.into(), provider_account_id.into()];
        // No account has a key that the database would refuse. A token that it refuses is an error.
        if self.call(&self.statements.account, &values).is_err() {
            return Ok(());
        }
        values.extend(token_values(tokens, &self.profile));
        self.write(&self.statements.update_account, &values).await?;
        Ok(())
    }

    pub(in crate::adapter) async fn create_user_with_account(
        &self,
        user: NewUser,
        account: Account,
    ) -> Answer<User> {
        let mut user = self.row(user)?;
        let key = new_key()?;
        let mut attempt = 1;
        loop {
            match self.try_create_user_with_account(&user, &account, &key).await {
                Ok(id) => {
                    if let Some(id) = id {
                        user.id = id;
                    }
                    return Ok(user);
                }
                Err(Failure::Conflict(_)) if attempt < ATTEMPTS => attempt += 1,
                Err(failure) => return Err(failure.into()),
            }
        }
    }

    async fn try_create_user_with_account(
        &self,
        user: &User,
        account: &Account,
        key: &str,
    ) -> Result<Option<String>, Failure> {
        let values = UserValues::of(user, &self.profile);
        let insert_user = self.call(&self.statements.insert_user, &values.0)?;
        let mut transaction = self.driver.begin().await?;
        let id = self.inserted_id(transaction.run(insert_user).await?)?;
        let user_id = id.as_deref().unwrap_or(&user.id);
        let values = account_values(user_id, account, key, &self.profile);
        let insert_account = self.call(&self.statements.insert_account, &values)?;
        transaction.run(insert_account).await?;
        transaction.commit().await?;
        Ok(id)
    }

    pub(in crate::adapter) async fn create_session(&self, session: NewSession) -> Answer<()> {
        if !self.profile.is_id(&session.user_id) {
            return Err(Failure::NoUser.into());
        }
        let key = new_key()?;
        let values = [
            session.session_token.expose().into(),
            session.user_id.as_str().into(),
            session.expires.as_millisecond().into(),
            key.as_str().into(),
        ];
        self.write(&self.statements.insert_session, &values).await?;
        Ok(())
    }

    pub(in crate::adapter) async fn session_and_user(
        &self,
        token: &SessionToken,
    ) -> Answer<Option<(SessionRecord, User)>> {
        if is_blank(token.expose()) {
            return Ok(None);
        }
        let values = [token.expose().into()];
        let Some(mut row) = self.find(&self.statements.session_and_user, &values).await? else {
            return Ok(None);
        };
        let (expires, user) = (row.time()?, row.user(&self.profile)?);
        Ok(Some((SessionRecord::new(token.clone(), &user.id, expires), user)))
    }

    pub(in crate::adapter) async fn update_session(
        &self,
        token: &SessionToken,
        expires: Timestamp,
    ) -> Answer<()> {
        if is_blank(token.expose()) {
            return Ok(());
        }
        let values = [token.expose().into(), expires.as_millisecond().into()];
        match self.write(&self.statements.update_session, &values).await {
            Ok(_) | Err(Failure::Refused(_)) => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }

    pub(in crate::adapter) async fn delete_session(
        &self,
        token: &SessionToken,
    ) -> Answer<Option<SessionRecord>> {
        if is_blank(token.expose()) {
            return Ok(None);
        }
        let values = [token.expose().into()];
        let (read, delete) = (&self.statements.session, &self.statements.delete_session);
        let Some(mut row) = self.take(read, delete, &values).await? else {
            return Ok(None);
        };
        Ok(Some(SessionRecord::new(token.clone(), row.required_text()?, row.time()?)))
    }

    pub(in crate::adapter) async fn create_verification_token(
        &self,
        token: VerificationToken,
    ) -> Answer<()> {
        let key = new_key()?;
        let values = [
            token.identifier.as_str().into(),
            token.token.expose().into(),
            token.expires.as_millisecond().into(),
            key.as_str().into(),
        ];
        self.write(&self.statements.insert_verification_token, &values).await?;
        Ok(())
    }

    pub(in crate::adapter) async fn use_verification_token(
        &self,
        identifier: &str,
        token: &TokenHash,
    ) -> Answer<Option<VerificationToken>> {
        if is_blank(identifier) || is_blank(token.expose()) {
            return Ok(None);
        }
        let values = [identifier.into(), token.expose().into()];
        let (read, delete) =
            (&self.statements.verification_token, &self.statements.use_verification_token);
        let Some(mut row) = self.take(read, delete, &values).await? else {
            return Ok(None);
        };
        Ok(Some(VerificationToken::new(identifier, token.clone(), row.time()?)))
    }

    pub(in crate::adapter) async fn accounts_of_user(&self, user_id: &str) -> Answer<Vec<Account>> {
        let rows = self.rows_of_user(&self.statements.accounts_of_user, user_id).await?;
        Ok(rows
            .into_iter()
            .map(|mut row| row.account(&self.profile))
            .collect::<Result<_, Failure>>()?)
    }

    pub(in crate::adapter) async fn sessions_of_user(
        &self,
        user_id: &str,
    ) -> Answer<Vec<SessionRecord>> {
        let rows = self.rows_of_user(&self.statements.sessions_of_user, user_id).await?;
        Ok(rows
            .into_iter()
            .map(|mut row| {
                let token = SessionToken::new(row.required_text()?);
                Ok(SessionRecord::new(token, user_id, row.time()?))
            })
            .collect::<Result<_, Failure>>()?)
    }

    pub(in crate::adapter) async fn delete_sessions_of_user(
        &self,
        user_id: &str,
        except: Option<&SessionToken>,
    ) -> Answer<u64> {
        if !self.profile.is_id(user_id) {
            return Ok(0);
        }
        let statement = &self.statements.delete_sessions_of_user;
        let user = user_id.into();
        let except = Value::Text(except.map(SessionToken::expose));
        let written = match self.write(statement, &[user, except]).await {
            // No session has a token that the database would refuse, so none is excepted.
            Err(Failure::Refused(_)) => self.write(statement, &[user, Value::Text(None)]).await,
            answer => answer,
        };
        match written {
            Ok(written) => Ok(written.affected),
            Err(Failure::Refused(_)) => Ok(0),
            Err(failure) => Err(failure.into()),
        }
    }

    /// By two statements rather than one transaction: sign-ins get a turn in between.
    pub(in crate::adapter) async fn delete_expired(&self, now: Timestamp) -> Answer<DeletedRows> {
        let values = [now.as_millisecond().into()];
        let sessions = self.write(&self.statements.delete_expired_sessions, &values).await?;
        let links =
            self.write(&self.statements.delete_expired_verification_tokens, &values).await?;
        Ok(DeletedRows::new(sessions.affected, links.affected))
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

    async fn find_user(&self, statement: &Statement, values: &[Value<'_>]) -> Answer<Option<User>> {
        let row = self.find(statement, values).await?;
        Ok(row.map(|mut row| row.user(&self.profile)).transpose()?)
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

    /// The row that a new user becomes: what the caller gets is what a later look-up finds.
    fn row(&self, user: NewUser) -> Answer<User> {
        let mut row = User::new(match self.profile.id {
            IdKind::Integer => String::new(),
            IdKind::Text | IdKind::Uuid => new_key()?,
        });
        row.name = user.name;
        row.email = user.email;
        row.email_verified = user.email_verified.map(stored).transpose()?;
        row.image = user.image;
        for member in &self.profile.members {
            if let Some(text) = user.extra.get(member).and_then(serde_json::Value::as_str) {
                row.extra.insert(member.clone(), text.into());
            }
        }
        Ok(row)
    }

    /// The id that the database gave to a new user, if it does that.
    fn inserted_id(&self, mut written: Written) -> Result<Option<String>, Failure> {
        if self.profile.id != IdKind::Integer {
            return Ok(None);
        }
        let id = match written.rows.pop() {
            Some(mut row) => Some(row.required_text()?),
            None => written.inserted.map(|id| id.to_string()),
        };
        id.map(Some).ok_or(Failure::Unreadable("the id of the new row"))
    }
}

/// The values of `insert_user`.
struct UserValues<'a>(Vec<Value<'a>>);

impl<'a> UserValues<'a> {
    fn of(user: &'a User, profile: &SchemaProfile) -> Self {
        let mut values = vec![
            user.id.as_str().into(),
            (&user.name).into(),
            (&user.email).into(),
            Value::Integer(user.email_verified.map(Timestamp::as_millisecond)),
            (&user.image).into(),
        ];
        values.extend(
            profile.members.iter().map(|member| {
                Value::Text(user.extra.get(member).and_then(serde_json::Value::as_str))
            }),
        );
        Self(values)
    }
}

/// The values of `insert_account`. Members of the wrong type, such as a `scope` that is no text,
/// are ignored.
fn account_values<'a>(
    user_id: &'a str,
    account: &'a Account,
    key: &'a str,
    profile: &SchemaProfile,
) -> Vec<Value<'a>> {
    let mut values = vec![
        user_id.into(),
        account.account_type.as_str().into(),
        account.provider.as_str().into(),
        account.provider_account_id.as_str().into(),
    ];
    values.extend(token_values(&account.tokens, profile));
    values.push(key.into());
    values
}

/// [`ACCOUNT_TEXTS`] and `expires_at`.
fn token_values<'a>(
    tokens: &'a TokenSet,
    profile: &SchemaProfile,
) -> impl Iterator<Item = Value<'a>> {
    let columns = account_texts(profile).len();
    let texts = ACCOUNT_TEXTS
        .iter()
        .enumerate()
        .map(move |(index, name)| Value::Text(tokens.text(name).filter(|_| index < columns)));
    texts.chain([Value::Integer(tokens.expires_at())])
}

fn new_key() -> Answer<String> {
    random::uuid().map_err(AdapterError::unavailable)
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
