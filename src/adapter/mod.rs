//! The storage of users, accounts and sessions: three small traits, one for each thing that a
//! database can do for a sign-in, and four for what applications ask besides. An adapter
//! implements those that it can.
//!
//! | trait | what for |
//! |---|---|
//! | [`UserStore`] | every sign-in with an adapter |
//! | [`SessionStore`] | sessions in the database |
//! | [`VerificationTokenStore`] | sign-in by e-mail |
//! | [`UserSessionStore`] | listing and ending the sessions of a user |
//! | [`UserAccountStore`] | listing the accounts of a user |
//! | [`AccountStore`] | [`AccountTokens`](crate::AccountTokens): the tokens of an account, fresh |
//! | [`ExpiredRows`] | cleaning up |
//!
//! A look-up that finds nothing is `Ok(None)`, never an error. Adapters compare texts byte by
//! byte and do not judge expiry: the flows do.

#[cfg(any(feature = "mysql", feature = "postgres", feature = "redis", feature = "sqlite"))]
mod database_url;
mod dynamic;
mod erased;
mod expired_rows;
mod forwarding;
mod listing;
#[cfg(any(test, feature = "testing"))]
mod memory;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(test)]
mod tests;
mod users;

use std::future::Future;

use jiff::Timestamp;

#[cfg(feature = "redis")]
pub use self::redis::{RedisAdapter, RedisAddress, RedisOptions};
#[cfg(all(
    feature = "dynamic",
    any(feature = "mysql", feature = "postgres", feature = "sqlite")
))]
pub(crate) use database_url::check as check_database_url;
pub use dynamic::{DynamicAdapter, IntoDynamicAdapter};
pub(crate) use erased::{
    ErasedAccountStore, ErasedSessionStore, ErasedUserSessionStore, ErasedUserStore,
    ErasedVerificationTokenStore,
};
pub use expired_rows::{DeletedRows, ExpiredRows};
pub use listing::{UserAccountStore, UserSessionStore};
#[cfg(any(test, feature = "testing"))]
pub use memory::MemoryAdapter;
#[cfg(feature = "mysql")]
pub use mysql::{MySql, MySqlAdapter};
#[cfg(feature = "postgres")]
pub use postgres::{Postgres, PostgresAdapter};
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
pub use sql::{
    DatabaseOptions, IdKind, SchemaProfile, SchemaReport, SchemaVersions, SqlAdapter, SqlDatabase,
    Table, TimeKind,
};
#[cfg(all(feature = "dynamic", feature = "sqlite"))]
pub(crate) use sqlite::missing_sqlite_file;
#[cfg(feature = "sqlite")]
pub use sqlite::{Sqlite, SqliteAdapter};
pub(crate) use users::{Users, has_address};

use crate::crypto::secret::{SessionToken, TokenHash};
use crate::error::{AdapterError, ErrorCode};
use crate::model::{
    Account, NewAccount, NewSession, NewUser, SessionRecord, TokenSet, User, UserUpdate,
    VerificationToken,
};
use crate::rule::explained;

/// Keeps users and the accounts they sign in with: what every adapter does.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an adapter",
    label = "this does not keep users",
    note = "give one that exists, such as `SqliteAdapter::connect(\"sqlite://auth.db\").await?`, or \
            one of your own that implements `typegate::adapter::UserStore`",
    note = "it is given by value, and clones share their connections: `.adapter(adapter.clone())`",
    note = "for an adapter that is only sometimes there, begin with `Auth::builder_at_run_time()`"
)]
pub trait UserStore: Send + Sync + 'static {
    /// Stores a user and makes an id.
    fn create_user(&self, user: NewUser)
    -> impl Future<Output = Result<User, AdapterError>> + Send;

    /// The user with this id.
    fn user(&self, id: &str) -> impl Future<Output = Result<Option<User>, AdapterError>> + Send;

    /// The user with this address.
    fn user_by_email(
        &self,
        email: &str,
    ) -> impl Future<Output = Result<Option<User>, AdapterError>> + Send;

    /// The owner of an account.
    fn user_by_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> impl Future<Output = Result<Option<User>, AdapterError>> + Send;

    /// Changes the members that are given and returns the whole row.
    fn update_user(
        &self,
        update: UserUpdate,
    ) -> impl Future<Output = Result<User, AdapterError>> + Send;

    /// Removes a user with all accounts and sessions; unknown ids are fine.
    fn delete_user(&self, id: &str) -> impl Future<Output = Result<(), AdapterError>> + Send;

    /// Stores an account of a user.
    fn link_account(
        &self,
        account: NewAccount,
    ) -> impl Future<Output = Result<(), AdapterError>> + Send;

    /// Removes an account; unknown ones are fine.
    fn unlink_account(
        &self,
        provider: &str,
        provider_account_id: &str,
    ) -> impl Future<Output = Result<(), AdapterError>> + Send;

    /// The accounts of a user, or `None` from an adapter that does not list them.
    ///
    /// Asked for when somebody proves an address that the user never did: those who came in
    /// without a proof have to leave. An adapter that keeps this default is not changed; the
    /// address goes to a new user instead. One that implements [`UserAccountStore`] returns
    /// `self.accounts_of_user(user_id).await.map(Some)`.
    fn linked_accounts(
        &self,
        user_id: &str,
    ) -> impl Future<Output = Result<Option<Vec<Account>>, AdapterError>> + Send {
        let _ = user_id;
        async { Ok(None) }
    }

    /// Stores a user with their first account, both or neither.
    ///
    /// An adapter without transactions keeps this default, which removes the user again when the
    /// account cannot be stored, so that the address is free for the next attempt.
    fn create_user_with_account(
        &self,
        user: NewUser,
        account: Account,
    ) -> impl Future<Output = Result<User, AdapterError>> + Send {
        async move {
            let user = self.create_user(user).await?;
            if let Err(error) = self.link_account(NewAccount::new(&user.id, account)).await {
                let removed = self.delete_user(&user.id).await;
                removed.map_err(|error| error.during(ErrorCode::AdapterDeleteUser))?;
                return Err(error.during(ErrorCode::AdapterLinkAccount));
            }
            Ok(user)
        }
    }
}

explained! { ACCOUNTS_KEPT
    /// Hands stored accounts out again and changes their tokens, for applications that use the tokens
    /// of a provider after the sign-in.
    pub trait AccountStore: Send + Sync + 'static {
        /// An account with its tokens.
        fn account(
            &self,
            provider: &str,
            provider_account_id: &str,
        ) -> impl Future<Output = Result<Option<Account>, AdapterError>> + Send;

        /// Replaces all tokens of an account by these; one that is gone stays gone.
        fn update_account_tokens(
            &self,
            provider: &str,
            provider_account_id: &str,
            tokens: &TokenSet,
        ) -> impl Future<Output = Result<(), AdapterError>> + Send;
    }
}

explained! { SESSIONS_KEPT
    /// Keeps sessions, so that they can be listed and ended from the server.
    pub trait SessionStore: Send + Sync + 'static {
        /// Stores a session.
        fn create_session(
            &self,
            session: NewSession,
        ) -> impl Future<Output = Result<(), AdapterError>> + Send;

        /// A session and its user, by one query.
        fn session_and_user(
            &self,
            token: &SessionToken,
        ) -> impl Future<Output = Result<Option<(SessionRecord, User)>, AdapterError>> + Send;

        /// Moves the end of a session; one that is gone stays gone. An error is logged, and the session
        /// shown with its former end.
        fn update_session(
            &self,
            token: &SessionToken,
            expires: Timestamp,
        ) -> impl Future<Output = Result<(), AdapterError>> + Send;

        /// Ends a session and returns it; unknown tokens are fine.
        fn delete_session(
            &self,
            token: &SessionToken,
        ) -> impl Future<Output = Result<Option<SessionRecord>, AdapterError>> + Send;

        /// Ends all sessions of a user and says how many there were, or `None` from an adapter that
        /// cannot.
        ///
        /// Asked for together with [`UserStore::linked_accounts`]. An adapter that implements
        /// [`UserSessionStore`] returns `self.delete_sessions_of_user(user_id, None).await.map(Some)`.
        fn end_sessions(
            &self,
            user_id: &str,
        ) -> impl Future<Output = Result<Option<u64>, AdapterError>> + Send {
            let _ = user_id;
            async { Ok(None) }
        }
    }
}

explained! { EMAIL_TOKENS_KEPT
    /// Keeps the stored half of e-mail links.
    pub trait VerificationTokenStore: Send + Sync + 'static {
        /// Stores a token.
        fn create_verification_token(
            &self,
            token: VerificationToken,
        ) -> impl Future<Output = Result<(), AdapterError>> + Send;

        /// Removes a token and returns it, in one step: of any number of callers at the same time
        /// exactly one gets it. A wrong identifier removes nothing; expiry is not judged.
        fn use_verification_token(
            &self,
            identifier: &str,
            token: &TokenHash,
        ) -> impl Future<Output = Result<Option<VerificationToken>, AdapterError>> + Send;
    }
}
