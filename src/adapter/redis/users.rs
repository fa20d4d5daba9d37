//! Users and accounts, which the other adapter keeps.

use super::RedisAdapter;
use crate::adapter::{UserAccountStore, UserSessionStore as _, UserStore};
use crate::error::AdapterError;
use crate::model::{Account, NewAccount, NewUser, User, UserUpdate};

impl<U: UserStore> UserStore for RedisAdapter<U> {
    async fn create_user(&self, user: NewUser) -> Result<User, AdapterError> {
        self.users.create_user(user).await
    }

    async fn user(&self, id: &str) -> Result<Option<User>, AdapterError> {
        self.users.user(id).await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>, AdapterError> {
        self.users.user_by_email(email).await
    }

    async fn user_by_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Result<Option<User>, AdapterError> {
        self.users.user_by_account(provider, provider_account_id).await
    }

    async fn update_user(&self, update: UserUpdate) -> Result<User, AdapterError> {
        self.users.update_user(update).await
    }

    /// The user first: a session without a user is none, so a failure in between signs out.
    async fn delete_user(&self, id: &str) -> Result<(), AdapterError> {
        self.users.delete_user(id).await?;
        self.delete_sessions_of_user(id, None).await.map(drop)
    }

    async fn link_account(&self, account: NewAccount) -> Result<(), AdapterError> {
        self.users.link_account(account).await
    }

    async fn unlink_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Result<(), AdapterError> {
        self.users.unlink_account(provider, provider_account_id).await
    }

    async fn linked_accounts(&self, user_id: &str) -> Result<Option<Vec<Account>>, AdapterError> {
        self.users.linked_accounts(user_id).await
    }

    async fn create_user_with_account(
        &self,
        user: NewUser,
        account: Account,
    ) -> Result<User, AdapterError> {
        self.users.create_user_with_account(user, account).await
    }
}

impl<U: UserAccountStore> UserAccountStore for RedisAdapter<U> {
    async fn accounts_of_user(&self, user_id: &str) -> Result<Vec<Account>, AdapterError> {
        self.users.accounts_of_user(user_id).await
    }
}
