//! The log of a clean-up: long while it works, short again whatever comes of it.

use super::{Folder, assert_unavailable, column, run};
use crate::adapter::sql::tests::fault::Fault;
use crate::adapter::{ExpiredRows as _, SessionStore as _, UserStore as _};
use crate::testing::adapter::fixture::{ada, session, time};

/// Its log may be long while it works, so that no commit of a visitor has to write it back.
#[tokio::test]
async fn a_clean_up_writes_its_log_back_and_leaves_it_as_short_as_before() {
    let folder = Folder::new();
    let adapter = folder.migrated().await;
    let driver = &adapter.store.driver;
    let ada = adapter.create_user(ada()).await.unwrap();
    run(&driver.writer, EXPIRED).await.unwrap();
    adapter.create_session(session("s", &ada.id, time())).await.unwrap();
    let limit = "PRAGMA wal_autocheckpoint";
    let before = column::<i64>(&driver.writer, limit).await;

    tokio::select! {
        _ = adapter.delete_expired(time()) => panic!("nobody gave up"),
        () = async { while column::<i64>(&driver.writer, limit).await == before {} } => {}
    }
    // Less than a batch is left, and the log is not long again because of it.
    run(&driver.writer, "DELETE FROM sessions WHERE expires BETWEEN 2 AND 9001").await.unwrap();
    assert!(column::<i64>(&driver.writer, limit).await > before);
    adapter.delete_expired(time()).await.unwrap();
    assert_eq!(column::<i64>(&driver.writer, limit).await, before);
    assert_eq!(column::<i64>(&driver.reader, "SELECT count(*) FROM sessions").await, [1]);
    assert_in_the_file(&folder, &[1]).await;
}

/// So a disk that fills up has room again for what is written next.
#[tokio::test]
async fn r106_a_clean_up_that_fails_writes_its_log_back() {
    let folder = Folder::new();
    let adapter = folder.migrated().await;
    let driver = &adapter.store.driver;
    adapter.create_user(ada()).await.unwrap();
    run(&driver.writer, EXPIRED).await.unwrap();
    let limit = "PRAGMA wal_autocheckpoint";
    let before = column::<i64>(&driver.writer, limit).await;
    // The first batch, the longer log and a copy of it are done.
    driver.writer.pool.fault.after(3, Fault::Instead("SELEC"));
    assert_unavailable(adapter.delete_expired(time()).await);
    assert_eq!(column::<i64>(&driver.writer, limit).await, before);
    assert_in_the_file(&folder, &[9001 - 50]).await;

    // What cannot be written back is deleted all the same.
    driver.reader.pool.fault.after(0, Fault::Instead("SELEC"));
    assert_eq!(adapter.delete_expired(time()).await.unwrap().sessions, 9001 - 50);
    assert_eq!(column::<i64>(&driver.writer, limit).await, before);
}

const EXPIRED: &str = "WITH RECURSIVE numbers (n) AS \
    (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 9001) \
    INSERT INTO sessions SELECT hex(randomblob(16)), (SELECT id FROM users), n FROM numbers";

/// How many sessions are in the file itself, without its log.
async fn assert_in_the_file(folder: &Folder, sessions: &[i64]) {
    let copy = Folder::new();
    std::fs::copy(folder.file("auth.db"), copy.file("auth.db")).unwrap();
    let copy = copy.connect().await;
    let count = "SELECT count(*) FROM sessions";
    assert_eq!(column::<i64>(&copy.store.driver.reader, count).await, sessions);
}
