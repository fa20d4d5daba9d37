//! The adapter for tests: everything is kept in memory and is gone with the last clone.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::{
    AccountStore, DeletedRows, ExpiredRows, SessionStore, UserAccountStore, UserSessionStore,
    UserStore, VerificationTokenStore,
};
use crate::crypto::random;
use crate::crypto::secret::{SessionToken, TokenHash};
use crate::error::AdapterError;
use crate::model::{
    Account, NewAccount, NewSession, NewUser, SessionRecord, TokenSet, User, UserUpdate,
    VerificationToken,
};

/// Keeps everything in memory, with the uniqueness rules, cascades and precision of a database.
///
/// Clones share their rows. It is meant for tests: nothing survives a restart, and look-ups by
/// address read every user.
///
/// ```
/// use typegate::Profile;
/// use typegate::adapter::{MemoryAdapter, UserStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let adapter = MemoryAdapter::new();
/// let profile = Profile::new("42").email("ada@example.com".to_owned());
/// let ada = adapter.create_user(profile.clone().into()).await?;
///
/// assert_eq!(adapter.clone().user(&ada.id).await?, Some(ada));
/// assert!(adapter.create_user(profile.into()).await.is_err(), "the address is taken");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct MemoryAdapter(Arc<Mutex<Tables>>);

impl MemoryAdapter {
    /// An adapter without rows.
    ///
    /// ```
    /// use typegate::adapter::{MemoryAdapter, UserStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// assert_eq!(MemoryAdapter::new().user_by_email("ada@example.com").await?, None);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The accounts of a user with everything the providers sent, in the order of linking.
    ///
    /// ```
    /// use typegate::adapter::MemoryAdapter;
    ///
    /// assert!(MemoryAdapter::new().accounts("nobody").is_empty());
    /// ```
    #[must_use]
    pub fn accounts(&self, user_id: &str) -> Vec<Account> {
        let tables = self.tables();
        tables
            .accounts
            .iter()
            .filter(|row| row.user_id == user_id)
            .map(|row| row.account.clone())
            .collect()
    }

    /// A panic in another test thread leaves whole rows behind: each method changes the tables
    /// after its last check.
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryAdapter {
    /// Rows hold tokens, so none are shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryAdapter").finish_non_exhaustive()
    }
}

#[diagnostic::do_not_recommend]
impl UserStore for MemoryAdapter {
    async fn create_user(&self, user: NewUser) -> Result<User, AdapterError> {
        let user = with_new_id(user)?;
        let mut tables = self.tables();
        tables.check_email(&user)?;
        tables.users.insert(user.id.clone(), user.clone());
        Ok(user)
    }

    async fn user(&self, id: &str) -> Result<Option<User>, AdapterError> {
        Ok(self.tables().users.get(id).cloned())
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>, AdapterError> {
        let tables = self.tables();
        Ok(tables.users.values().find(|user| user.email.as_deref() == Some(email)).cloned())
    }

    async fn user_by_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Result<Option<User>, AdapterError> {
        let tables = self.tables();
        let account = tables.account(provider, provider_account_id);
        Ok(account.and_then(|row| tables.users.get(&row.user_id)).cloned())
    }

    async fn update_user(&self, update: UserUpdate) -> Result<User, AdapterError> {
        let mut tables = self.tables();
        let Some(mut user) = tables.users.get(&update.id).cloned() else {
            return Err(AdapterError::unavailable("no user has this id"));
        };
        if let Some(name) = update.name {
            user.name = name;
        }
        if let Some(email) = update.email {
            user.email = email;
        }
        if let Some(email_verified) = update.email_verified {
            user.email_verified = email_verified.map(to_milliseconds);
        }
        if let Some(image) = update.image {
            user.image = image;
        }
        for (member, new) in update.extra {
            match new.is_null() {
                true => drop(user.extra.remove(&member)),
                false => drop(user.extra.insert(member, new)),
            }
        }
        tables.check_email(&user)?;
        tables.users.insert(user.id.clone(), user.clone());
        Ok(user)
    }

    async fn delete_user(&self, id: &str) -> Result<(), AdapterError> {
        let mut tables = self.tables();
        tables.users.remove(id);
        tables.accounts.retain(|row| row.user_id != id);
        tables.sessions.retain(|_, session| session.user_id != id);
        Ok(())
    }

    async fn link_account(&self, account: NewAccount) -> Result<(), AdapterError> {
        let mut tables = self.tables();
        tables.check_user_exists(&account.user_id)?;
        tables.check_account(&account.account)?;
        tables.accounts.push(account);
        Ok(())
    }

    async fn unlink_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Result<(), AdapterError> {
        self.tables().accounts.retain(|row| !is_account(row, provider, provider_account_id));
        Ok(())
    }

    async fn linked_accounts(&self, user_id: &str) -> Result<Option<Vec<Account>>, AdapterError> {
        Ok(Some(self.accounts(user_id)))
    }

    async fn create_user_with_account(
        &self,
        user: NewUser,
        account: Account,
    ) -> Result<User, AdapterError> {
        let user = with_new_id(user)?;
        let mut tables = self.tables();
        tables.check_email(&user)?;
        tables.check_account(&account)?;
        tables.accounts.push(NewAccount::new(&user.id, account));
        tables.users.insert(user.id.clone(), user.clone());
        Ok(user)
    }
}

impl AccountStore for MemoryAdapter {
    async fn account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Result<Option<Account>, AdapterError> {
        let tables = self.tables();
        Ok(tables.account(provider, provider_account_id).map(|row| row.account.clone()))
    }

    async fn update_account_tokens(
        &self,
        provider: &str,
        provider_account_id: &str,
        tokens: &TokenSet,
    ) -> Result<(), AdapterError> {
        let mut tables = self.tables();
        let mut rows = tables.accounts.iter_mut();
        if let Some(row) = rows.find(|row| is_account(row, provider, provider_account_id)) {
            row.account.tokens = tokens.clone();
        }
        Ok(())
    }
}

impl SessionStore for MemoryAdapter {
    async fn create_session(&self, mut session: NewSession) -> Result<(), AdapterError> {
        session.expires = to_milliseconds(session.expires);
        let key = session.session_token.expose().to_owned();
        let mut tables = self.tables();
        tables.check_user_exists(&session.user_id)?;
        if tables.sessions.contains_key(&key) {
            return Err(AdapterError::duplicate("a session has this token"));
        }
        tables.sessions.insert(key, session);
        Ok(())
    }

    async fn session_and_user(
        &self,
        token: &SessionToken,
    ) -> Result<Option<(SessionRecord, User)>, AdapterError> {
        if is_blank(token.expose()) {
            return Ok(None);
        }
        let tables = self.tables();
        let session = tables.sessions.get(token.expose());
        Ok(session.and_then(|session| {
            let user = tables.users.get(&session.user_id)?;
            Some((session.clone(), user.clone()))
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
        if let Some(session) = self.tables().sessions.get_mut(token.expose()) {
            session.expires = to_milliseconds(expires);
        }
        Ok(())
    }

    async fn delete_session(
        &self,
        token: &SessionToken,
    ) -> Result<Option<SessionRecord>, AdapterError> {
        if is_blank(token.expose()) {
            return Ok(None);
        }
        Ok(self.tables().sessions.remove(token.expose()))
    }

    async fn end_sessions(&self, user_id: &str) -> Result<Option<u64>, AdapterError> {
        self.delete_sessions_of_user(user_id, None).await.map(Some)
    }
}

impl VerificationTokenStore for MemoryAdapter {
    async fn create_verification_token(
        &self,
        token: VerificationToken,
    ) -> Result<(), AdapterError> {
        let key = (token.identifier, token.token.expose().to_owned());
        let mut tables = self.tables();
        if tables.verification_tokens.contains_key(&key) {
            return Err(AdapterError::duplicate("a verification token of this address is equal"));
        }
        tables.verification_tokens.insert(key, to_milliseconds(token.expires));
        Ok(())
    }

    async fn use_verification_token(
        &self,
        identifier: &str,
        token: &TokenHash,
    ) -> Result<Option<VerificationToken>, AdapterError> {
        if is_blank(identifier) || is_blank(token.expose()) {
            return Ok(None);
        }
        let key = (identifier.to_owned(), token.expose().to_owned());
        let expires = self.tables().verification_tokens.remove(&key);
        Ok(expires.map(|expires| VerificationToken::new(identifier, token.clone(), expires)))
    }
}

impl UserAccountStore for MemoryAdapter {
    async fn accounts_of_user(&self, user_id: &str) -> Result<Vec<Account>, AdapterError> {
        Ok(self.accounts(user_id))
    }
}

impl UserSessionStore for MemoryAdapter {
    async fn sessions_of_user(&self, user_id: &str) -> Result<Vec<SessionRecord>, AdapterError> {
        let tables = self.tables();
        let mut sessions: Vec<_> =
            tables.sessions.values().filter(|row| row.user_id == user_id).cloned().collect();
        sessions.sort_by_key(|session| std::cmp::Reverse(session.expires));
        Ok(sessions)
    }

    async fn delete_sessions_of_user(
        &self,
        user_id: &str,
        except: Option<&SessionToken>,
    ) -> Result<u64, AdapterError> {
        let kept = except.map(SessionToken::expose);
        Ok(remove_where(&mut self.tables().sessions, |token, session| {
            session.user_id == user_id && Some(token.as_str()) != kept
        }))
    }
}

impl ExpiredRows for MemoryAdapter {
    async fn delete_expired(&self, now: Timestamp) -> Result<DeletedRows, AdapterError> {
        let mut tables = self.tables();
        let sessions = remove_where(&mut tables.sessions, |_, session| session.expires < now);
        let links = remove_where(&mut tables.verification_tokens, |_, expires| *expires < now);
        Ok(DeletedRows::new(sessions, links))
    }
}

/// How many rows went.
fn remove_where<K, V>(rows: &mut HashMap<K, V>, goes: impl Fn(&K, &V) -> bool) -> u64 {
    let before = rows.len();
    rows.retain(|key, row| !goes(key, row));
    (before - rows.len()) as u64
}

#[derive(Default)]
struct Tables {
    users: HashMap<String, User>,
    accounts: Vec<NewAccount>,
    sessions: HashMap<String, SessionRecord>,
    /// When a token ends, by identifier and token.
    verification_tokens: HashMap<(String, String), Timestamp>,
}

impl Tables {
    fn account(&self, provider: &str, provider_account_id: &str) -> Option<&NewAccount> {
        self.accounts.iter().find(|row| is_account(row, provider, provider_account_id))
    }

    /// Users without an address do not collide with each other.
    fn check_email(&self, user: &User) -> Result<(), AdapterError> {
        let taken = user.email.is_some()
            && self.users.values().any(|other| other.email == user.email && other.id != user.id);
        if taken {
            return Err(AdapterError::duplicate("a user has this address"));
        }
        Ok(())
    }

    fn check_account(&self, account: &Account) -> Result<(), AdapterError> {
        match self.account(&account.provider, &account.provider_account_id) {
            Some(_) => Err(AdapterError::duplicate("the account is linked")),
            None => Ok(()),
        }
    }

    fn check_user_exists(&self, id: &str) -> Result<(), AdapterError> {
        if !self.users.contains_key(id) {
            return Err(AdapterError::unavailable("no user has this id"));
        }
        Ok(())
    }
}

fn is_account(row: &NewAccount, provider: &str, provider_account_id: &str) -> bool {
    row.account.provider == provider && row.account.provider_account_id == provider_account_id
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn with_new_id(user: NewUser) -> Result<User, AdapterError> {
    let mut row = User::new(random::uuid().map_err(AdapterError::unavailable)?);
    row.name = user.name;
    row.email = user.email;
    row.email_verified = user.email_verified.map(to_milliseconds);
    row.image = user.image;
    Ok(row)
}

/// Databases keep milliseconds, so a test must not see more.
fn to_milliseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time)
}
