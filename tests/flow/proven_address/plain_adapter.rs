//! An adapter with the required methods only.

use typegate::adapter::{MemoryAdapter, SessionStore, UserStore, VerificationTokenStore};
use typegate::{
    AdapterError, NewAccount, NewSession, NewUser, SessionRecord, SessionToken, TokenHash, User,
    UserUpdate, VerificationToken,
};

/// An adapter of the application's own that knows nothing of all this.
#[derive(Clone, Default)]
pub(super) struct Plain(pub(super) MemoryAdapter);

impl UserStore for Plain {
    async fn create_user(&self, user: NewUser) -> Result<User, AdapterError> {
        self.0.create_user(user).await
    }
    async fn user(&self, id: &str) -> Result<Option<User>, AdapterError> {
        self.0.user(id).await
    }
    async fn user_by_email(&self, email: &str) -> Result<Option<User>, AdapterError> {
        self.0.user_by_email(email).await
    }
    async fn user_by_account(&self, one: &str, id: &str) -> Result<Option<User>, AdapterError> {
        self.0.user_by_account(one, id).await
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

impl SessionStore for Plain {
    async fn create_session(&self, session: NewSession) -> Result<(), AdapterError> {
        self.0.create_session(session).await
    }
    async fn session_and_user(
        &self,
        token: &SessionToken,
    ) -> Result<Option<(SessionRecord, User)>, AdapterError> {
        self.0.session_and_user(token).await
    }
    async fn update_session(
        &self,
        token: &SessionToken,
        expires: jiff::Timestamp,
    ) -> Result<(), AdapterError> {
        self.0.update_session(token, expires).await
    }
    async fn delete_session(
        &self,
        token: &SessionToken,
    ) -> Result<Option<SessionRecord>, AdapterError> {
        self.0.delete_session(token).await
    }
}

impl VerificationTokenStore for Plain {
    async fn create_verification_token(
        &self,
        token: VerificationToken,
    ) -> Result<(), AdapterError> {
        self.0.create_verification_token(token).await
    }
    async fn use_verification_token(
        &self,
        identifier: &str,
        token: &TokenHash,
    ) -> Result<Option<VerificationToken>, AdapterError> {
        self.0.use_verification_token(identifier, token).await
    }
}
