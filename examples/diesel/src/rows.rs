//! Rows of the tables, and what typegate calls them.

use diesel::prelude::*;
use typegate::{
    Account, AccountType, AdapterError, NewAccount, NewSession, NewUser, SessionRecord, Timestamp,
    TokenSet, User, UserUpdate, VerificationToken,
};

use crate::schema::{accounts, sessions, users, verification_tokens};

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub(crate) struct UserRow {
    id: String,
    name: Option<String>,
    email: Option<String>,
    email_verified: Option<i64>,
    image: Option<String>,
}

/// The database makes the id.
#[derive(Insertable)]
#[diesel(table_name = users)]
pub(crate) struct NewUserRow {
    name: Option<String>,
    email: Option<String>,
    email_verified: Option<i64>,
    image: Option<String>,
}

/// The outer `Option` says whether a column is written, the inner one whether it is null, which
/// is how typegate has it.
#[derive(AsChangeset)]
#[diesel(table_name = users)]
pub(crate) struct UserChanges {
    name: Option<Option<String>>,
    email: Option<Option<String>>,
    email_verified: Option<Option<i64>>,
    image: Option<Option<String>>,
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub(crate) struct AccountRow {
    provider: String,
    provider_account_id: String,
    user_id: String,
    account_type: String,
    tokens: String,
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(crate) struct SessionRow {
    session_token: String,
    user_id: String,
    expires: i64,
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = verification_tokens)]
pub(crate) struct LinkRow {
    identifier: String,
    token: String,
    expires: i64,
}

pub(crate) fn milliseconds(time: Timestamp) -> i64 {
    time.as_millisecond()
}

/// A column that cannot be read is an error. An adapter that took it for an absence would sign
/// people out, or make a second user of somebody.
fn unreadable(column: &'static str) -> AdapterError {
    AdapterError::unavailable(format!("the column `{column}` is not what typegate wrote"))
}

fn time(milliseconds: i64, column: &'static str) -> Result<Timestamp, AdapterError> {
    Timestamp::from_millisecond(milliseconds).map_err(|_| unreadable(column))
}

impl UserRow {
    pub(crate) fn read(self) -> Result<User, AdapterError> {
        let mut user = User::new(self.id);
        user.name = self.name;
        user.email = self.email;
        user.email_verified =
            self.email_verified.map(|at| time(at, "email_verified")).transpose()?;
        user.image = self.image;
        Ok(user)
    }
}

impl From<NewUser> for NewUserRow {
    fn from(user: NewUser) -> Self {
        let email_verified = user.email_verified.map(milliseconds);
        Self { name: user.name, email: user.email, email_verified, image: user.image }
    }
}

impl UserChanges {
    pub(crate) fn of(update: UserUpdate) -> Self {
        let email_verified = update.email_verified.map(|at| at.map(milliseconds));
        Self { name: update.name, email: update.email, email_verified, image: update.image }
    }

    /// Diesel takes an `UPDATE` that sets nothing for a mistake.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { name, email, email_verified, image } = self;
        name.is_none() && email.is_none() && email_verified.is_none() && image.is_none()
    }
}

impl AccountRow {
    pub(crate) fn of(account: NewAccount) -> Result<Self, AdapterError> {
        let NewAccount { user_id, account, .. } = account;
        Ok(Self {
            provider: account.provider,
            provider_account_id: account.provider_account_id,
            user_id,
            account_type: account.account_type.as_str().to_owned(),
            tokens: write_tokens(&account.tokens)?,
        })
    }

    pub(crate) fn read(self) -> Result<Account, AdapterError> {
        let account_type = match self.account_type.as_str() {
            "oauth" => AccountType::OAuth,
            "email" => AccountType::Email,
            "credentials" => AccountType::Credentials,
            _ => return Err(unreadable("account_type")),
        };
        let mut account = Account::new(account_type, self.provider, self.provider_account_id);
        // Not the parser's message, which may quote a token.
        account.tokens = serde_json::from_str(&self.tokens).map_err(|_| unreadable("tokens"))?;
        Ok(account)
    }
}

pub(crate) fn write_tokens(tokens: &TokenSet) -> Result<String, AdapterError> {
    serde_json::to_string(tokens).map_err(|_| unreadable("tokens"))
}

impl From<NewSession> for SessionRow {
    fn from(session: NewSession) -> Self {
        Self {
            session_token: session.session_token.expose().to_owned(),
            user_id: session.user_id,
            expires: milliseconds(session.expires),
        }
    }
}

impl SessionRow {
    pub(crate) fn read(self) -> Result<SessionRecord, AdapterError> {
        let expires = time(self.expires, "expires")?;
        Ok(SessionRecord::new(self.session_token.into(), self.user_id, expires))
    }
}

impl From<VerificationToken> for LinkRow {
    fn from(link: VerificationToken) -> Self {
        Self {
            identifier: link.identifier,
            token: link.token.expose().to_owned(),
            expires: milliseconds(link.expires),
        }
    }
}

impl LinkRow {
    pub(crate) fn read(self) -> Result<VerificationToken, AdapterError> {
        let expires = time(self.expires, "expires")?;
        Ok(VerificationToken::new(self.identifier, self.token.into(), expires))
    }
}
