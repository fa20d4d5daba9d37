//! What every adapter must do, asked of those that need no server.

use super::MemoryAdapter;
use crate::testing::adapter::Conformance;

/// Every group of cases.
macro_rules! conform {
    ($fresh:expr) => {
        Conformance::of($fresh)
            .users()
            .await
            .accounts()
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
