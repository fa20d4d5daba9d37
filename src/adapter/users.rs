//! The users of an adapter as the flows see them: addressed only by a parsed [`EmailAddress`].

use std::sync::Arc;

use super::ErasedUserStore;
use crate::error::AdapterError;
use crate::model::email_address::EmailAddress;
use crate::model::{Account, NewAccount, NewUser, User, UserUpdate};

/// Flows have no other way to an adapter's users, so no text that was not parsed is looked up or
/// stored as somebody's address.
#[derive(Clone)]
pub(crate) struct Users(Arc<dyn ErasedUserStore>);

impl Users {
    pub(crate) fn new(store: Arc<dyn ErasedUserStore>) -> Self {
        Self(store)
    }

    pub(crate) async fn user(&self, id: &str) -> Result<Option<User>, AdapterError> {
        self.0.user(id).await
    }

    /// The user with this address, in whichever spelling NextAuth v4 may have stored it.
    pub(crate) async fn user_by_email(
        &self,
        address: &EmailAddress,
    ) -> Result<Option<User>, AdapterError> {
        for spelling in address.spellings() {
            let found = self.0.user_by_email(spelling).await?;
            // A collation of the database may take two addresses for equal.
            if let Some(user) = found.filter(|user| has_address(user, address)) {
                return Ok(Some(user));
            }
        }
        Ok(None)
    }

    pub(crate) async fn user_by_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> Result<Option<User>, AdapterError> {
        self.0.user_by_account(provider, provider_account_id).await
    }

    /// Stores a user with this address, whatever `user` says.
    pub(crate) async fn create_user(
        &self,
        user: NewUser,
        address: Option<&EmailAddress>,
    ) -> Result<User, AdapterError> {
        self.0.create_user(with_address(user, address)).await
    }

    /// The same with an account, both or neither.
    pub(crate) async fn create_user_with_account(
        &self,
        user: NewUser,
        address: Option<&EmailAddress>,
        account: Account,
    ) -> Result<User, AdapterError> {
        self.0.create_user_with_account(with_address(user, address), account).await
    }

    /// Changes whatever is not the address.
    pub(crate) async fn update_user(&self, mut update: UserUpdate) -> Result<User, AdapterError> {
        update.email = None;
        self.0.update_user(update).await
    }

    /// Takes the address away from a user.
    pub(crate) async fn remove_address(&self, id: &str) -> Result<User, AdapterError> {
        let mut update = UserUpdate::new(id);
        update.email = Some(None);
        self.0.update_user(update).await
    }

    pub(crate) async fn link_account(&self, account: NewAccount) -> Result<(), AdapterError> {
        self.0.link_account(account).await
    }

    pub(crate) async fn unlink_account(&self, account: &Account) -> Result<(), AdapterError> {
        self.0.unlink_account(&account.provider, &account.provider_account_id).await
    }

    /// The accounts of a user; `None` from an adapter that does not list them.
    pub(crate) async fn linked_accounts(
        &self,
        user_id: &str,
    ) -> Result<Option<Vec<Account>>, AdapterError> {
        self.0.linked_accounts(user_id).await
    }
}

/// Whether this is the user's address.
pub(crate) fn has_address(user: &User, address: &EmailAddress) -> bool {
    let text = user.email.as_deref().unwrap_or_default();
    address.spellings().any(|spelling| spelling == text)
        || EmailAddress::of_provider(text).as_ref() == Ok(address)
}

fn with_address(mut user: NewUser, address: Option<&EmailAddress>) -> NewUser {
    user.email = address.map(|address| address.as_str().to_owned());
    user
}
