//! An adapter in memory that records its calls, and fails on command.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use typegate::adapter::{SessionStore, UserStore, VerificationTokenStore};
use typegate::{
    Account, AccountType, AdapterError, JsonObject, NewAccount, NewSession, NewUser, SessionRecord,
    SessionToken, TokenHash, TokenSet, User, UserUpdate, VerificationToken,
};

use super::records;
use super::world::{World, locked};

/// The rows.
#[derive(Default)]
pub(crate) struct Database {
    sequence: u32,
    users: Vec<User>,
    accounts: Vec<NewAccount>,
    sessions: Vec<SessionRecord>,
    tokens: Vec<VerificationToken>,
}

/// Rows that a comparison starts with.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Seed {
    users: Vec<User>,
    accounts: Vec<AccountRow>,
    sessions: Vec<SessionRow>,
    tokens: Vec<TokenRow>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccountRow {
    user_id: String,
    #[serde(rename = "type")]
    account_type: AccountType,
    provider: String,
    provider_account_id: String,
    #[serde(flatten)]
    tokens: JsonObject,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SessionRow {
    session_token: String,
    user_id: String,
    expires: Timestamp,
}

#[derive(Deserialize)]
struct TokenRow {
    identifier: String,
    token: String,
    expires: Timestamp,
}

impl Database {
    /// Adds rows as they are, without asking whether they fit together.
    pub(crate) fn seed(&mut self, seed: Seed) {
        self.users.extend(seed.users);
        self.accounts.extend(seed.accounts.into_iter().map(|row| {
            let mut account = Account::new(row.account_type, row.provider, row.provider_account_id);
            account.tokens = TokenSet::from_members(row.tokens);
            NewAccount::new(row.user_id, account)
        }));
        self.sessions.extend(seed.sessions.into_iter().map(|row| {
            SessionRecord::new(SessionToken::new(row.session_token), row.user_id, row.expires)
        }));
        self.tokens.extend(seed.tokens.into_iter().map(|row| {
            VerificationToken::new(row.identifier, TokenHash::new(row.token), row.expires)
        }));
    }

    /// All rows.
    pub(crate) fn contents(&self) -> Value {
        let account = |row: &NewAccount| records::owned_account(&row.user_id, &row.account);
        records::with_plain_dates(json!({
            "seq": self.sequence,
            "users": self.users.iter().map(records::user).collect::<Vec<_>>(),
            "accounts": self.accounts.iter().map(account).collect::<Vec<_>>(),
            "sessions": self.sessions.iter().map(records::session).collect::<Vec<_>>(),
            "tokens": self.tokens.iter().map(records::verification_token).collect::<Vec<_>>(),
        }))
    }
}

/// The adapter.
pub(crate) struct Store(pub(crate) Arc<World>);

impl Store {
    /// Records a call by next-auth's name for it, then does it, unless it is to fail.
    fn call<T>(
        &self,
        method: &str,
        arguments: impl Into<Value>,
        act: impl FnOnce(&mut Database) -> T,
    ) -> Result<T, AdapterError> {
        self.0.records.add("adapter", method, json!([arguments.into()]));
        match locked(&self.0.behaviour).adapter_fail.get(method) {
            Some(message) => Err(AdapterError::unavailable(message.clone())),
            None => Ok(act(&mut locked(&self.0.database))),
        }
    }
}

impl UserStore for Store {
    async fn create_user(&self, user: NewUser) -> Result<User, AdapterError> {
        self.call("createUser", records::new_user(&user), |database| {
            database.sequence += 1;
            let mut row = User::new(format!("user-{}", database.sequence));
            row.name = user.name;
            row.email = user.email;
            row.email_verified = user.email_verified;
            row.image = user.image;
            row.extra = user.extra;
            database.users.push(row.clone());
            row
        })
    }

    async fn user(&self, id: &str) -> Result<Option<User>, AdapterError> {
        self.call("getUser", json!(id), |database| {
            database.users.iter().find(|user| user.id == id).cloned()
        })
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>, AdapterError> {
        self.call("getUserByEmail", json!(email), |database| {
            database.users.iter().find(|user| user.email.as_deref() == Some(email)).cloned()
        })
    }

    async fn user_by_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Result<Option<User>, AdapterError> {
        let arguments = json!({ "provider": provider, "providerAccountId": provider_account_id });
        self.call("getUserByAccount", arguments, |database| {
            let owner = &database.accounts.iter().find(|row| {
                row.account.provider == provider
                    && row.account.provider_account_id == provider_account_id
            })?;
            database.users.iter().find(|user| user.id == owner.user_id).cloned()
        })
    }

    async fn update_user(&self, update: UserUpdate) -> Result<User, AdapterError> {
        let verified = update.email_verified.flatten();
        let arguments = json!({ "id": update.id, "emailVerified": records::date(verified) });
        self.call("updateUser", arguments, |database| {
            let user = database.users.iter_mut().find(|user| user.id == update.id)?;
            user.email_verified = verified.or(user.email_verified);
            if let Some(email) = update.email {
                user.email = email;
            }
            Some(user.clone())
        })?
        .ok_or_else(|| AdapterError::unavailable("there is no such user"))
    }

    async fn delete_user(&self, id: &str) -> Result<(), AdapterError> {
        self.call("deleteUser", json!(id), |database| {
            database.users.retain(|user| user.id != id);
            database.accounts.retain(|row| row.user_id != id);
            database.sessions.retain(|session| session.user_id != id);
        })
    }

    async fn link_account(&self, account: NewAccount) -> Result<(), AdapterError> {
        let arguments = records::owned_account(&account.user_id, &account.account);
        self.call("linkAccount", arguments, |database| database.accounts.push(account))
    }

    async fn linked_accounts(&self, user_id: &str) -> Result<Option<Vec<Account>>, AdapterError> {
        Ok(Some(self.accounts_of(user_id)))
    }

    async fn unlink_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Result<(), AdapterError> {
        let arguments = json!({ "provider": provider, "providerAccountId": provider_account_id });
        self.call("unlinkAccount", arguments, |database| {
            database.accounts.retain(|row| {
                row.account.provider != provider
                    || row.account.provider_account_id != provider_account_id
            });
        })
    }
}

impl Store {
    /// The accounts of a user. next-auth has no such method, so the call is not among the records.
    fn accounts_of(&self, user_id: &str) -> Vec<Account> {
        let database = locked(&self.0.database);
        let accounts = database.accounts.iter().filter(|row| row.user_id == user_id);
        accounts.map(|row| row.account.clone()).collect()
    }
}

impl SessionStore for Store {
    async fn create_session(&self, session: NewSession) -> Result<(), AdapterError> {
        let arguments = records::session(&session);
        self.call("createSession", arguments, |database| database.sessions.push(session))
    }

    async fn session_and_user(
        &self,
        token: &SessionToken,
    ) -> Result<Option<(SessionRecord, User)>, AdapterError> {
        self.call("getSessionAndUser", json!(token.expose()), |database| {
            let session = database.sessions.iter().find(|row| has_token(row, token))?;
            let user = database.users.iter().find(|user| user.id == session.user_id)?;
            Some((session.clone(), user.clone()))
        })
    }

    async fn update_session(
        &self,
        token: &SessionToken,
        expires: Timestamp,
    ) -> Result<(), AdapterError> {
        let arguments =
            json!({ "sessionToken": token.expose(), "expires": records::date(Some(expires)) });
        self.call("updateSession", arguments, |database| {
            if let Some(session) = database.sessions.iter_mut().find(|row| has_token(row, token)) {
                session.expires = expires;
            }
        })
    }

    async fn delete_session(
        &self,
        token: &SessionToken,
    ) -> Result<Option<SessionRecord>, AdapterError> {
        self.call("deleteSession", json!(token.expose()), |database| {
            let index = database.sessions.iter().position(|row| has_token(row, token))?;
            Some(database.sessions.remove(index))
        })
    }

    async fn end_sessions(&self, user_id: &str) -> Result<Option<u64>, AdapterError> {
        let mut database = locked(&self.0.database);
        let before = database.sessions.len();
        database.sessions.retain(|session| session.user_id != user_id);
        Ok(Some((before - database.sessions.len()) as u64))
    }
}

impl VerificationTokenStore for Store {
    async fn create_verification_token(
        &self,
        token: VerificationToken,
    ) -> Result<(), AdapterError> {
        let arguments = records::verification_token(&token);
        self.call("createVerificationToken", arguments, |database| database.tokens.push(token))
    }

    async fn use_verification_token(
        &self,
        identifier: &str,
        token: &TokenHash,
    ) -> Result<Option<VerificationToken>, AdapterError> {
        let arguments = json!({ "identifier": identifier, "token": token.expose() });
        self.call("useVerificationToken", arguments, |database| {
            let index = database.tokens.iter().position(|row| {
                row.identifier == identifier && row.token.expose() == token.expose()
            })?;
            Some(database.tokens.remove(index))
        })
    }
}

fn has_token(row: &SessionRecord, token: &SessionToken) -> bool {
    row.session_token.expose() == token.expose()
}
