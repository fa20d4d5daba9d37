//! A clean-up of a million sessions that ended, beside visitors who sign in and out. Not a
//! benchmark: run by hand, on an empty database.
//!
//! ```sh
//! cargo bench --bench clean_up
//! TYPEGATE_CLEAN_UP_DATABASE=postgres://postgres@127.0.0.1/empty cargo bench --bench clean_up
//! ```
//!
//! Prints what 99 of 100 visitors wait at most, without a clean-up and during one.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a tool that is run by hand and fails aloud"
)]

mod folder;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use folder::Folder;
use jiff::{Timestamp, ToSpan as _};
use sqlx::{AssertSqlSafe, Connection as _};
use typegate::adapter::{
    ExpiredRows as _, MySqlAdapter, PostgresAdapter, SessionStore as _, SqlAdapter, SqlDatabase,
    SqliteAdapter, UserStore as _,
};
use typegate::{NewSession, NewUser};

const ROWS: u32 = 1_000_000;

/// One visitor at a time, with a pause between: most of the time the database rests.
const PAUSE: Duration = Duration::from_millis(2);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        match std::env::var("TYPEGATE_CLEAN_UP_DATABASE") {
            Ok(url) if url.starts_with("postgres") => {
                let adapter = PostgresAdapter::connect(&url).await.unwrap();
                let mut there = sqlx::PgConnection::connect(&url).await.unwrap();
                adapter.migrate().await.unwrap();
                let user = adapter.create_user(NewUser::default()).await.unwrap().id;
                let sql = format!(
                    "INSERT INTO sessions SELECT md5(n::text), '{user}', '2001-01-01' \
                     FROM generate_series(1, {ROWS}) AS n"
                );
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut there).await.unwrap();
                run(adapter, user).await;
            }
            Ok(url) => {
                let adapter = MySqlAdapter::connect(&url).await.unwrap();
                let mut there = sqlx::MySqlConnection::connect(&url).await.unwrap();
                adapter.migrate().await.unwrap();
                let user = adapter.create_user(NewUser::default()).await.unwrap().id;
                let sql = format!(
                    "INSERT INTO sessions SELECT MD5(seq), '{user}', '2001-01-01' \
                     FROM seq_1_to_{ROWS}"
                );
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut there).await.unwrap();
                run(adapter, user).await;
            }
            Err(_) => {
                let folder = Folder::new();
                let url = format!("sqlite://{}/auth.db", folder.path().display());
                let adapter = SqliteAdapter::connect(&url).await.unwrap();
                let mut there = sqlx::SqliteConnection::connect(&url).await.unwrap();
                adapter.migrate().await.unwrap();
                let user = adapter.create_user(NewUser::default()).await.unwrap().id;
                let sql = format!(
                    "WITH RECURSIVE numbers (n) AS \
                     (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ROWS}) \
                     INSERT INTO sessions SELECT hex(randomblob(16)), '{user}', 1000 + n FROM numbers"
                );
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut there).await.unwrap();
                run(adapter, user).await;
            }
        }
    });
}

async fn run<D: SqlDatabase>(adapter: SqlAdapter<D>, user: String) {
    let until = |is_over: Arc<AtomicBool>| {
        let (adapter, user) = (adapter.clone(), user.clone());
        tokio::spawn(async move {
            let mut waits = Vec::new();
            while !is_over.load(Ordering::Relaxed) {
                let start = Instant::now();
                let token = format!("live-{}", waits.len());
                let end = Timestamp::now() + 1.hours();
                let session = NewSession::new(token.as_str().into(), &user, end);
                adapter.create_session(session).await.unwrap();
                assert!(adapter.session_and_user(&token.as_str().into()).await.unwrap().is_some());
                adapter.delete_session(&token.as_str().into()).await.unwrap();
                waits.push(start.elapsed());
                tokio::time::sleep(PAUSE).await;
            }
            waits.sort();
            (waits.len(), waits[waits.len() / 2], waits[waits.len() * 99 / 100])
        })
    };
    let is_over = Arc::new(AtomicBool::new(false));
    let alone = until(Arc::clone(&is_over));
    tokio::time::sleep(Duration::from_secs(15)).await;
    is_over.store(true, Ordering::Relaxed);
    println!("without: {:?}", alone.await.unwrap());

    let is_over = Arc::new(AtomicBool::new(false));
    let beside = until(Arc::clone(&is_over));
    let start = Instant::now();
    let deleted = adapter.delete_expired(Timestamp::now()).await.unwrap();
    is_over.store(true, Ordering::Relaxed);
    println!("during:  {:?}", beside.await.unwrap());
    println!("{} sessions in {:?}", deleted.sessions, start.elapsed());
}
