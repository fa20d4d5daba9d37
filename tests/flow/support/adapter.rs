//! A database that counts its calls, takes its time and fails on command.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use tokio::task::yield_now;
use typegate::adapter::{
    MemoryAdapter, SessionStore, UserSessionStore, UserStore, VerificationTokenStore,
};
use typegate::{
    Account, AdapterError, NewAccount, NewSession, NewUser, SessionRecord, SessionToken, TokenHash,
    User, UserUpdate, VerificationToken,
};

/// What can be asked of it in a sign-in or with a session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Operation {
    User,
    UserByEmail,
    UserByAccount,
    CreateUser,
    CreateUserWithAccount,
    UpdateUser,
    DeleteUser,
    LinkAccount,
    UnlinkAccount,
    LinkedAccounts,
    CreateSession,
    SessionAndUser,
    UpdateSession,
    DeleteSession,
    EndSessions,
    SessionsOfUser,
    DeleteSessionsOfUser,
    CreateVerificationToken,
    UseVerificationToken,
}

/// The one in memory.
pub(crate) type Database = Noted<MemoryAdapter>;

#[derive(Clone, Default)]
pub(crate) struct Noted<A> {
    pub(crate) rows: A,
    asked: Arc<Mutex<Vec<Operation>>>,
    broken: Arc<Mutex<Vec<Operation>>>,
    panics_at: Arc<Mutex<Option<Operation>>>,
}

impl<A> Noted<A> {
    pub(crate) fn new(rows: A) -> Self {
        Self { rows, asked: Arc::default(), broken: Arc::default(), panics_at: Arc::default() }
    }

    /// From now on these fail, and no others.
    pub(crate) fn fail_at(&self, operations: &[Operation]) {
        *self.broken.lock().unwrap() = operations.to_vec();
    }

    /// From now on this one panics.
    pub(crate) fn panic_at(&self, operation: Operation) {
        *self.panics_at.lock().unwrap() = Some(operation);
    }

    /// What was asked since the last call.
    pub(crate) fn asked(&self) -> Vec<Operation> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    /// Others have their turn before a call and after it, and a test can end the flow there.
    async fn ask<T>(
        &self,
        operation: Operation,
        answer: impl Future<Output = Result<T, AdapterError>>,
    ) -> Result<T, AdapterError> {
        self.asked.lock().unwrap().push(operation);
        yield_now().await;
        let panics = *self.panics_at.lock().unwrap() == Some(operation);
        assert!(!panics, "s3cr3t: for the test");
        if self.broken.lock().unwrap().contains(&operation) {
            return Err(AdapterError::unavailable("db.internal:5432 refused the connection"));
        }
        let answer = answer.await;
        yield_now().await;
        answer
    }
}

impl<A: UserStore> UserStore for Noted<A> {
    async fn create_user(&self, user: NewUser) -> Result<User, AdapterError> {
        self.ask(Operation::CreateUser, self.rows.create_user(user)).await
    }

    async fn user(&self, id: &str) -> Result<Option<User>, AdapterError> {
        self.ask(Operation::User, self.rows.user(id)).await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>, AdapterError> {
        self.ask(Operation::UserByEmail, self.rows.user_by_email(email)).await
    }

    async fn user_by_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Result<Option<User>, AdapterError> {
        self.ask(Operation::UserByAccount, self.rows.user_by_account(provider, provider_account_id))
            .await
    }

    async fn update_user(&self, update: UserUpdate) -> Result<User, AdapterError> {
        self.ask(Operation::UpdateUser, self.rows.update_user(update)).await
    }

    async fn delete_user(&self, id: &str) -> Result<(), AdapterError> {
        self.ask(Operation::DeleteUser, self.rows.delete_user(id)).await
    }

    async fn link_account(&self, account: NewAccount) -> Result<(), AdapterError> {
        self.ask(Operation::LinkAccount, self.rows.link_account(account)).await
    }

    async fn unlink_account(&self, provider: &str, id: &str) -> Result<(), AdapterError> {
        self.ask(Operation::UnlinkAccount, self.rows.unlink_account(provider, id)).await
    }

    async fn linked_accounts(&self, user_id: &str) -> Result<Option<Vec<Account>>, AdapterError> {
        self.ask(Operation::LinkedAccounts, self.rows.linked_accounts(user_id)).await
    }

    async fn create_user_with_account(
        &self,
        user: NewUser,
        account: Account,
    ) -> Result<User, AdapterError> {
        self.ask(
            Operation::CreateUserWithAccount,
            self.rows.create_user_with_account(user, account),
        )
        .await
    }
}

impl<A: SessionStore> SessionStore for Noted<A> {
    async fn create_session(&self, session: NewSession) -> Result<(), AdapterError> {
        self.ask(Operation::CreateSession, self.rows.create_session(session)).await
    }

    async fn session_and_user(
        &self,
        token: &SessionToken,
    ) -> Result<Option<(SessionRecord, User)>, AdapterError> {
        self.ask(Operation::SessionAndUser, self.rows.session_and_user(token)).await
    }

    async fn update_session(
        &self,
        token: &SessionToken,
        expires: Timestamp,
    ) -> Result<(), AdapterError> {
        self.ask(Operation::UpdateSession, self.rows.update_session(token, expires)).await
    }

    async fn delete_session(
        &self,
        token: &SessionToken,
    ) -> Result<Option<SessionRecord>, AdapterError> {
        self.ask(Operation::DeleteSession, self.rows.delete_session(token)).await
    }

    async fn end_sessions(&self, user_id: &str) -> Result<Option<u64>, AdapterError> {
        self.ask(Operation::EndSessions, self.rows.end_sessions(user_id)).await
    }
}

impl<A: VerificationTokenStore> VerificationTokenStore for Noted<A> {
    async fn create_verification_token(
        &self,
        token: VerificationToken,
    ) -> Result<(), AdapterError> {
        self.ask(Operation::CreateVerificationToken, self.rows.create_verification_token(token))
            .await
    }

    async fn use_verification_token(
        &self,
        identifier: &str,
        token: &TokenHash,
    ) -> Result<Option<VerificationToken>, AdapterError> {
        self.ask(
            Operation::UseVerificationToken,
            self.rows.use_verification_token(identifier, token),
        )
        .await
    }
}

/// The same for somebody whose database cannot do two things at once.
#[derive(Clone, Default)]
pub(crate) struct WithoutTransactions(pub(crate) Database);

impl UserStore for WithoutTransactions {
    async fn create_user(&self, user: NewUser) -> Result<User, AdapterError> {
        self.0.create_user(user).await
    }

    async fn user(&self, id: &str) -> Result<Option<User>, AdapterError> {
        self.0.user(id).await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>, AdapterError> {
        self.0.user_by_email(email).await
    }

    async fn user_by_account(
        &self,
        provider: &str,
        id: &str,
    ) -> Result<Option<User>, AdapterError> {
        self.0.user_by_account(provider, id).await
    }

    async fn update_user(&self, update: UserUpdate) -> Result<User, AdapterError> {
        self.0.update_user(update).await
    }

    async fn delete_user(&self, id: &str) -> Result<(), AdapterError> {
        self.0.delete_user(id).await
    }

    async fn link_account(&self, account: NewAccount) -> Result<(), AdapterError> {
        self.0.link_account(account).await
    }

    async fn unlink_account(&self, provider: &str, id: &str) -> Result<(), AdapterError> {
        self.0.unlink_account(provider, id).await
    }
}

impl<A: UserSessionStore> UserSessionStore for Noted<A> {
    async fn sessions_of_user(&self, user_id: &str) -> Result<Vec<SessionRecord>, AdapterError> {
        self.ask(Operation::SessionsOfUser, self.rows.sessions_of_user(user_id)).await
    }

    async fn delete_sessions_of_user(
        &self,
        user_id: &str,
        except: Option<&SessionToken>,
    ) -> Result<u64, AdapterError> {
        self.ask(
            Operation::DeleteSessionsOfUser,
            self.rows.delete_sessions_of_user(user_id, except),
        )
        .await
    }
}
