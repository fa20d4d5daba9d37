//! Which parts do several cases share?

use renamed_typegate::adapter::UserStore;
use renamed_typegate::{AdapterError, NewAccount, NewUser, User, UserUpdate};

/// An adapter that keeps users and accounts, but neither sessions nor verification tokens.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "the cases write it as a value")]
pub struct UsersOnly;

fn nothing() -> AdapterError {
    AdapterError::unavailable("the cases are compiled, not run")
}

impl UserStore for UsersOnly {
    async fn create_user(&self, _: NewUser) -> Result<User, AdapterError> {
        Err(nothing())
    }

    async fn user(&self, _: &str) -> Result<Option<User>, AdapterError> {
        Ok(None)
    }

    async fn user_by_email(&self, _: &str) -> Result<Option<User>, AdapterError> {
        Ok(None)
    }

    async fn user_by_account(&self, _: &str, _: &str) -> Result<Option<User>, AdapterError> {
        Ok(None)
    }

    async fn update_user(&self, _: UserUpdate) -> Result<User, AdapterError> {
        Err(nothing())
    }

    async fn delete_user(&self, _: &str) -> Result<(), AdapterError> {
        Ok(())
    }

    async fn link_account(&self, _: NewAccount) -> Result<(), AdapterError> {
        Err(nothing())
    }

    async fn unlink_account(&self, _: &str, _: &str) -> Result<(), AdapterError> {
        Ok(())
    }
}
