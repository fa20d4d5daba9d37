//! The lists behind a page of "my devices" or "my linked accounts".

use std::future::Future;

use super::{SessionStore, UserStore};
use crate::crypto::secret::SessionToken;
use crate::error::AdapterError;
use crate::model::{Account, SessionRecord};
use crate::rule::explained;

explained! { USER_SESSIONS_KEPT
    /// Lists the sessions of a user and ends them, all or all but one.
    pub trait UserSessionStore: SessionStore {
        /// The sessions of a user, the one that ends last first. Those that have ended are among
        /// them: the caller compares with the clock. An unknown user has none.
        fn sessions_of_user(
            &self,
            user_id: &str,
        ) -> impl Future<Output = Result<Vec<SessionRecord>, AdapterError>> + Send;

        /// Ends the sessions of a user, save that of the token in `except`, and says how many there
        /// were. A token of somebody else saves nothing; an unknown user has none.
        fn delete_sessions_of_user(
            &self,
            user_id: &str,
            except: Option<&SessionToken>,
        ) -> impl Future<Output = Result<u64, AdapterError>> + Send;
    }
}

/// Lists the accounts of a user.
#[diagnostic::on_unimplemented(
    message = "the adapter `{Self}` cannot list the accounts of a user",
    label = "needs an adapter that lists accounts",
    note = "give an adapter that implements `typegate::adapter::UserAccountStore`, as those for \
            SQLite, PostgreSQL and MySQL do"
)]
pub trait UserAccountStore: UserStore {
    /// The accounts of a user, with the tokens for the providers' own interfaces: what a page of
    /// linked accounts shows and a call to a provider needs. An unknown user has none.
    fn accounts_of_user(
        &self,
        user_id: &str,
    ) -> impl Future<Output = Result<Vec<Account>, AdapterError>> + Send;
}
