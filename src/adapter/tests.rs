//! The conformance of the adapters that need no server, and what the tests of all adapters share.

pub(super) mod attempts;
mod database;
mod dynamic;
pub(super) mod engine;
mod expired_rows;
mod fault;
mod long_text;
mod partitions;
mod two_engines;

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::Mutex;
use std::task::Poll;

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

const ID: &str = "8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a";

/// The address of a server for tests. Without one its tests do nothing, which is said on standard
/// error, and fail where `CI` is `true`.
pub(super) fn server_address(variable: &'static str, what: &str) -> Option<String> {
    let url = std::env::var(variable).ok().filter(|url| !url.is_empty());
    if url.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{variable} is not set");
        static SAID: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
        if SAID.lock().unwrap().insert(variable) {
            // The macros for printing are silent in a test that passes.
            let line = format!("\nNOT TESTED: the adapter for {what}; set {variable}\n");
            std::io::stderr().write_all(line.as_bytes()).unwrap();
        }
    }
    url
}

/// Runs a test and cleans up whatever comes of it.
pub(super) async fn cleaned_up(test: impl Future<Output = ()>, cleanup: impl Future<Output = ()>) {
    let mut test = pin!(test);
    let outcome =
        poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| test.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        })
        .await;
    cleanup.await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

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
    fails_for_users(adapter).await;
    fails_for_sessions(adapter).await;
    assert!(adapter.delete_expired(time()).await.is_err());
}

async fn fails_for_users<A: UserStore + UserAccountStore>(adapter: &A) {
    assert!(adapter.user(ID).await.is_err());
    assert!(adapter.user_by_email("ada@example.com").await.is_err());
    assert!(adapter.user_by_account("github", "1").await.is_err());
    assert!(adapter.create_user(ada()).await.is_err());
    assert!(adapter.create_user_with_account(ada(), account("github", "1")).await.is_err());
    assert!(adapter.delete_user(ID).await.is_err());
    assert!(adapter.accounts_of_user(ID).await.is_err());
}

/// The same where the database keeps sessions and links only.
pub(super) async fn fails_for_sessions<A>(adapter: &A)
where
    A: UserSessionStore + VerificationTokenStore,
{
    assert!(adapter.session_and_user(&"s".into()).await.is_err());
    assert!(adapter.update_session(&"s".into(), time()).await.is_err());
    assert!(adapter.delete_session(&"s".into()).await.is_err());
    assert!(adapter.use_verification_token("ada@example.com", &"t".into()).await.is_err());
    assert!(adapter.sessions_of_user(ID).await.is_err());
    assert!(adapter.delete_sessions_of_user(ID, None).await.is_err());
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
