//! What every adapter must do, asked of those that need no server.

use super::{
    ExpiredRows, MemoryAdapter, SessionStore, UserAccountStore, UserSessionStore, UserStore,
    VerificationTokenStore,
};
use crate::testing::adapter::Conformance;
use crate::testing::adapter::fixture::{account, ada, time};

/// Every group of cases.
macro_rules! conform {
    ($fresh:expr) => {
        conform!($fresh, [])
    };
    ($fresh:expr, $limits:expr) => {
        Conformance::of($fresh)
            .limited_by($limits)
            .users()
            .await
            .accounts()
            .await
            .account_tokens()
            .await
            .sessions()
            .await
            .user_sessions()
            .await
            .verification_tokens()
            .await
            .expired_rows()
            .await
            .secrecy()
            .await
            .report()
            .assert()
    };
}

pub(super) use conform;

/// Every call to a database that cannot answer is an error: taken for an absence, it would sign
/// people out or make a second user of somebody.
pub(super) async fn fails_everywhere<A>(adapter: &A)
where
    A: UserStore
        + SessionStore
        + VerificationTokenStore
        + UserAccountStore
        + UserSessionStore
        + ExpiredRows,
{
    let id = "8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a";
    assert!(adapter.user(id).await.is_err());
    assert!(adapter.user_by_email("ada@example.com").await.is_err());
    assert!(adapter.user_by_account("github", "1").await.is_err());
    assert!(adapter.create_user(ada()).await.is_err());
    assert!(adapter.create_user_with_account(ada(), account("github", "1")).await.is_err());
    assert!(adapter.delete_user(id).await.is_err());
    assert!(adapter.session_and_user(&"s".into()).await.is_err());
    assert!(adapter.update_session(&"s".into(), time()).await.is_err());
    assert!(adapter.delete_session(&"s".into()).await.is_err());
    assert!(adapter.use_verification_token("ada@example.com", &"t".into()).await.is_err());
    assert!(adapter.accounts_of_user(id).await.is_err());
    assert!(adapter.sessions_of_user(id).await.is_err());
    assert!(adapter.delete_sessions_of_user(id, None).await.is_err());
    assert!(adapter.delete_expired(time()).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_one_in_memory_conforms() {
    conform!(async || MemoryAdapter::new());
}

#[cfg(feature = "sqlite")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_in_memory_conforms() {
    conform!(super::sqlite::tests::in_memory);
}

#[cfg(feature = "sqlite")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_in_a_file_conforms() {
    let folder = super::sqlite::tests::Folder::new();
    let adapter = folder.migrated().await;
    conform!(async || {
        adapter.clear().await;
        adapter.clone()
    });
}
