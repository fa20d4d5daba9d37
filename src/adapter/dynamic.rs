//! An adapter put together at run time from the stores that a configuration names.

use std::fmt;
use std::sync::Arc;

use super::forwarding::forward_to_users;
use super::{
    AccountStore, ErasedAccountStore, ErasedSessionStore, ErasedUserSessionStore, ErasedUserStore,
    ErasedVerificationTokenStore, SessionStore, UserSessionStore, UserStore,
    VerificationTokenStore,
};
use crate::error::AdapterError;
use crate::model::{Account, NewAccount, NewUser, User, UserUpdate};
#[cfg(not(any(feature = "mysql", feature = "postgres", feature = "sqlite")))]
use crate::rule::feature::Databases;
#[cfg(not(all(
    feature = "redis",
    any(feature = "mysql", feature = "postgres", feature = "sqlite")
)))]
use crate::rule::feature::Features;
#[cfg(not(feature = "redis"))]
use crate::rule::feature::Redis;

/// An adapter whose kind is known at run time only, put together from stores.
///
/// What it can do is a question to its value rather than to its type, so the rules of a
/// configuration that is known at run time ask it: that of a file, or of
/// [`Auth::builder_at_run_time`](crate::Auth::builder_at_run_time).
///
/// ```
/// use typegate::adapter::{DynamicAdapter, MemoryAdapter};
///
/// let rows = MemoryAdapter::new();
/// let adapter = DynamicAdapter::of_users(rows.clone()).with_sessions(rows.clone());
/// assert!(adapter.keeps_sessions() && !adapter.lists_sessions());
/// assert!(!adapter.keeps_verification_tokens());
///
/// assert!(adapter.with_user_sessions(rows).lists_sessions());
/// ```
#[derive(Clone)]
pub struct DynamicAdapter {
    pub(crate) users: Arc<dyn ErasedUserStore>,
    pub(crate) sessions: Option<Arc<dyn ErasedSessionStore>>,
    /// The same, if it lists the sessions of a user.
    pub(crate) user_sessions: Option<Arc<dyn ErasedUserSessionStore>>,
    pub(crate) verification_tokens: Option<Arc<dyn ErasedVerificationTokenStore>>,
    /// The accounts of the users, if it hands them out.
    pub(crate) accounts: Option<Arc<dyn ErasedAccountStore>>,
}

#[typegate_macros::__unquoted]
impl DynamicAdapter {
    /// Keeps users and their accounts, and nothing else yet.
    pub fn of_users(store: impl UserStore) -> Self {
        Self {
            users: Arc::new(store),
            sessions: None,
            user_sessions: None,
            verification_tokens: None,
            accounts: None,
        }
    }

    /// Hands out the accounts from there, which is where the users are, so that
    /// [`AccountTokens`](crate::AccountTokens) has their tokens.
    #[must_use]
    pub fn with_accounts(mut self, store: impl AccountStore) -> Self {
        self.accounts = Some(Arc::new(store));
        self
    }

    /// Keeps sessions there, which may be another database than that of the users.
    #[must_use]
    pub fn with_sessions(mut self, store: impl SessionStore) -> Self {
        self.sessions = Some(Arc::new(store));
        self.user_sessions = None;
        self
    }

    /// Keeps sessions there, and lists and ends those of a user.
    #[must_use]
    pub fn with_user_sessions(mut self, store: impl UserSessionStore) -> Self {
        let store: Arc<dyn ErasedUserSessionStore> = Arc::new(store);
        self.sessions = Some(Arc::clone(&store) as _);
        self.user_sessions = Some(store);
        self
    }

    /// Keeps the stored half of e-mail links there.
    #[must_use]
    pub fn with_verification_tokens(mut self, store: impl VerificationTokenStore) -> Self {
        self.verification_tokens = Some(Arc::new(store));
        self
    }

    /// Keeps everything in one store that lists no sessions, or that is not asked to.
    pub fn of(store: impl UserStore + SessionStore + VerificationTokenStore + Clone) -> Self {
        Self::of_users(store.clone()).with_sessions(store.clone()).with_verification_tokens(store)
    }

    /// Keeps everything in one store, and does everything that applications ask for besides.
    #[cfg(any(
        test,
        feature = "mysql",
        feature = "postgres",
        feature = "sqlite",
        feature = "testing"
    ))]
    pub(crate) fn whole(
        store: impl UserStore + UserSessionStore + VerificationTokenStore + AccountStore + Clone,
    ) -> Self {
        Self::listing(store.clone()).with_accounts(store)
    }

    /// Keeps everything in one store, and lists and ends the sessions of a user.
    pub fn listing(
        store: impl UserStore + UserSessionStore + VerificationTokenStore + Clone,
    ) -> Self {
        Self::of_users(store.clone())
            .with_user_sessions(store.clone())
            .with_verification_tokens(store)
    }

    /// Moves sessions and e-mail links to Redis and leaves users and accounts where they are.
    ///
    /// ```no_run
    /// use typegate::adapter::{DatabaseOptions, DynamicAdapter, RedisOptions};
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let (users, sessions) = ("postgres://app@localhost/auth", "redis://localhost");
    /// let adapter = DynamicAdapter::connect(users, DatabaseOptions::default())
    ///     .await?
    ///     .with_redis(sessions, RedisOptions::default())
    ///     .await?;
    /// assert!(adapter.lists_sessions());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if the address is not one of Redis or no server answers.
    #[cfg(feature = "redis")]
    pub async fn with_redis(
        self,
        address: impl Into<super::RedisAddress>,
        options: super::RedisOptions,
    ) -> Result<Self, AdapterError> {
        let accounts = self.accounts.clone();
        let adapter = super::RedisAdapter::connect_with(address, self, options).await?;
        Ok(Self { accounts, ..Self::listing(adapter) })
    }

    #[cfg(not(feature = "redis"))]
    #[doc(hidden)]
    pub fn with_redis<A, O>(self, _: A, _: O) -> std::future::Ready<Result<Self, AdapterError>>
    where
        for<'a> Features<'a>: Redis,
    {
        Features::absent()
    }

    /// Connects to the database that the address names, such as `sqlite://auth.db`,
    /// `postgres://app@localhost/auth` or `mysql://app@localhost/auth`, as far as the features for
    /// it are on. Its tables have to be there.
    ///
    /// ```
    /// use typegate::adapter::{DatabaseOptions, DynamicAdapter};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let url = "sqlite::memory:"; // from the configuration
    /// let adapter = DynamicAdapter::connect(url, DatabaseOptions::default()).await?;
    /// assert!(adapter.lists_sessions() && adapter.keeps_verification_tokens());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AdapterError`] if no adapter is for such an address, or if it cannot connect.
    #[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
    pub async fn connect(url: &str, options: super::DatabaseOptions) -> Result<Self, AdapterError> {
        match url.split(':').next().unwrap_or_default() {
            #[cfg(feature = "sqlite")]
            "sqlite" => Ok(Self::whole(super::SqliteAdapter::connect_with(url, options).await?)),
            #[cfg(feature = "postgres")]
            "postgres" | "postgresql" => {
                Ok(Self::whole(super::PostgresAdapter::connect_with(url, options).await?))
            }
            #[cfg(feature = "mysql")]
            "mysql" | "mariadb" => {
                Ok(Self::whole(super::MySqlAdapter::connect_with(url, options).await?))
            }
            _ => Err(AdapterError::unavailable(
                "no adapter is for the database that the address names, or its feature is off",
            )),
        }
    }

    #[cfg(not(any(feature = "mysql", feature = "postgres", feature = "sqlite")))]
    #[doc(hidden)]
    pub fn connect<O>(_: &str, _: O) -> std::future::Ready<Result<Self, AdapterError>>
    where
        for<'a> Features<'a>: Databases,
    {
        Features::absent()
    }

    /// Whether sessions can live in the database.
    #[must_use]
    pub fn keeps_sessions(&self) -> bool {
        self.sessions.is_some()
    }

    /// Whether the sessions of a user can be listed and ended.
    #[must_use]
    pub fn lists_sessions(&self) -> bool {
        self.user_sessions.is_some()
    }

    /// Whether accounts are handed out, with their tokens.
    #[must_use]
    pub fn hands_out_accounts(&self) -> bool {
        self.accounts.is_some()
    }

    /// Whether people can sign in by e-mail.
    #[must_use]
    pub fn keeps_verification_tokens(&self) -> bool {
        self.verification_tokens.is_some()
    }
}

impl fmt::Debug for DynamicAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamicAdapter")
            .field("keeps_sessions", &self.keeps_sessions())
            .field("lists_sessions", &self.lists_sessions())
            .field("keeps_verification_tokens", &self.keeps_verification_tokens())
            .field("hands_out_accounts", &self.hands_out_accounts())
            .finish_non_exhaustive()
    }
}

/// An adapter that says at run time what it can do.
///
/// Those of this crate do. One of the application's own is given as `DynamicAdapter::of(adapter)`, or
/// by [what else of it](DynamicAdapter) fits.
#[diagnostic::on_unimplemented(
    message = "at run time it is not known whether the adapter `{Self}` keeps more than users",
    label = "not known to keep sessions or verification tokens",
    note = "write `.adapter(DynamicAdapter::of_users(adapter))` if it keeps users only, or \
            `DynamicAdapter::of(adapter)` if it keeps sessions and verification tokens too, with \
            `typegate::adapter::DynamicAdapter`"
)]
pub trait IntoDynamicAdapter: UserStore + Clone {
    /// The adapter, of which its value says what it can do.
    fn into_dynamic(self) -> DynamicAdapter;
}

impl IntoDynamicAdapter for DynamicAdapter {
    fn into_dynamic(self) -> DynamicAdapter {
        self
    }
}

#[cfg(any(test, feature = "testing"))]
impl IntoDynamicAdapter for super::MemoryAdapter {
    fn into_dynamic(self) -> DynamicAdapter {
        DynamicAdapter::whole(self)
    }
}

#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
impl<D: super::SqlDatabase> IntoDynamicAdapter for super::SqlAdapter<D> {
    fn into_dynamic(self) -> DynamicAdapter {
        DynamicAdapter::whole(self)
    }
}

#[cfg(feature = "redis")]
impl<U: UserStore + Clone> IntoDynamicAdapter for super::RedisAdapter<U> {
    fn into_dynamic(self) -> DynamicAdapter {
        DynamicAdapter::listing(self)
    }
}

#[diagnostic::do_not_recommend]
impl UserStore for DynamicAdapter {
    forward_to_users!();

    async fn delete_user(&self, id: &str) -> Result<(), AdapterError> {
        self.users.delete_user(id).await
    }
}
