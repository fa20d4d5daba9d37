//! Users and accounts, forwarded to the adapter that keeps them.

use super::RedisAdapter;
use crate::adapter::forwarding::forward_to_users;
use crate::adapter::{UserAccountStore, UserSessionStore as _, UserStore};
use crate::error::AdapterError;
use crate::model::{Account, NewAccount, NewUser, User, UserUpdate};

#[diagnostic::do_not_recommend]
impl<U: UserStore> UserStore for RedisAdapter<U> {
    forward_to_users!();

    /// The user first: a session without a user is none, so a failure in between signs out.
    async fn delete_user(&self, id: &str) -> Result<(), AdapterError> {
        self.users.delete_user(id).await?;
        self.delete_sessions_of_user(id, None).await.map(drop)
    }
}

impl<U: UserAccountStore> UserAccountStore for RedisAdapter<U> {
    async fn accounts_of_user(&self, user_id: &str) -> Result<Vec<Account>, AdapterError> {
        self.users.accounts_of_user(user_id).await
    }
}
