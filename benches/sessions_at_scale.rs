//! Reads of sessions from tables of a thousand, a hundred thousand and a million. Not a benchmark of
//! the machine: what counts is the ratio to the smallest table, which is to stay within 1.2.
//!
//! ```sh
//! cargo bench --bench sessions_at_scale
//! TYPEGATE_SCALE_DATABASE=postgres://postgres@127.0.0.1/empty cargo bench --bench sessions_at_scale
//! TYPEGATE_SCALE_ROWS=1000,10000 cargo bench --bench sessions_at_scale
//! ```
//!
//! PostgreSQL needs a database of its own, in which it makes a schema for each size and drops it in
//! the end, and whose account may `CHECKPOINT`. All sizes are asked in turn, so that whatever else the
//! machine does falls on each. Before that, each has a turn that is not measured.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a tool that is run by hand and fails aloud"
)]

mod folder;

use std::time::{Duration, Instant};

use folder::Folder;
use sqlx::{AssertSqlSafe, Connection as _};
use typegate::NewUser;
use typegate::adapter::{
    PostgresAdapter, SessionStore as _, SqlAdapter, SqlDatabase, SqliteAdapter, UserStore as _,
};

/// Of one size in a row, before the next one has its turn.
const TURN: usize = 200;
const TURNS: usize = 100;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let sizes = std::env::var("TYPEGATE_SCALE_ROWS");
    let sizes = sizes.as_deref().unwrap_or("1000,100000,1000000");
    let sizes: Vec<u32> = sizes.split(',').map(|size| size.parse().unwrap()).collect();
    runtime.block_on(async {
        sqlite(&sizes).await;
        if let Ok(url) = std::env::var("TYPEGATE_SCALE_DATABASE") {
            postgres(&url, &sizes).await;
        }
    });
}

async fn sqlite(sizes: &[u32]) {
    let folder = Folder::new();
    let mut tables = Vec::new();
    for size in sizes {
        let url = format!("sqlite://{}/{size}.db", folder.path().display());
        let adapter = SqliteAdapter::connect(&url).await.unwrap();
        adapter.migrate().await.unwrap();
        let user = adapter.create_user(NewUser::default()).await.unwrap().id;
        let sql = format!(
            "WITH RECURSIVE numbers (n) AS \
             (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {size} - 1) \
             INSERT INTO sessions SELECT hex(n * 7919 % 1000003) || '-' || n, '{user}', \
             4000000000000 FROM numbers; ANALYZE"
        );
        let mut there = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut there).await.unwrap();
        let tokens =
            sqlx::query_scalar("SELECT sessionToken FROM sessions ORDER BY random() LIMIT ?");
        let tokens: Vec<String> =
            tokens.bind((TURN * 10) as i64).fetch_all(&mut there).await.unwrap();
        tables.push(Asked { size: *size, adapter, tokens, waits: Vec::new() });
    }
    ask("SQLite", tables).await;
}

async fn postgres(url: &str, sizes: &[u32]) {
    let mut outside = sqlx::PgConnection::connect(url).await.unwrap();
    let mut tables = Vec::new();
    for size in sizes {
        let sql = format!("CREATE SCHEMA scale_{size}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut outside).await.unwrap();
        let url = format!("{url}?options[search_path]=scale_{size}");
        let adapter = PostgresAdapter::connect(&url).await.unwrap();
        adapter.migrate().await.unwrap();
        let user = adapter.create_user(NewUser::default()).await.unwrap().id;
        let sql = format!(
            "INSERT INTO sessions SELECT md5(n::text) || '-' || n, '{user}', '2037-01-01' \
             FROM generate_series(1, {size}) AS n"
        );
        let mut there = sqlx::PgConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut there).await.unwrap();
        // Each by itself, because neither runs in a transaction, which several in one text are.
        // The first reader of a new row would else write into its page who has seen it, and the
        // server would do both of its own accord while reads are measured.
        for upkeep in ["VACUUM (ANALYZE) sessions", "VACUUM (ANALYZE) users", "CHECKPOINT"] {
            sqlx::raw_sql(upkeep).execute(&mut there).await.unwrap();
        }
        let tokens =
            sqlx::query_scalar("SELECT \"sessionToken\" FROM sessions ORDER BY random() LIMIT $1");
        let tokens: Vec<String> =
            tokens.bind((TURN * 10) as i64).fetch_all(&mut there).await.unwrap();
        tables.push(Asked { size: *size, adapter, tokens, waits: Vec::new() });
    }
    ask("PostgreSQL", tables).await;
    for size in sizes {
        let sql = format!("DROP SCHEMA scale_{size} CASCADE");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut outside).await.unwrap();
    }
}

struct Asked<D: SqlDatabase> {
    size: u32,
    adapter: SqlAdapter<D>,
    /// In no order.
    tokens: Vec<String>,
    waits: Vec<Duration>,
}

async fn ask<D: SqlDatabase>(database: &str, mut tables: Vec<Asked<D>>) {
    for table in &tables {
        for token in &table.tokens {
            table.adapter.session_and_user(&token.as_str().into()).await.unwrap().unwrap();
        }
    }
    for turn in 0..TURNS {
        for table in &mut tables {
            for number in 0..TURN {
                let token = &table.tokens[(turn * TURN + number) % table.tokens.len()];
                let start = Instant::now();
                let found = table.adapter.session_and_user(&token.as_str().into()).await.unwrap();
                table.waits.push(start.elapsed());
                assert!(found.is_some());
            }
        }
    }
    for table in &mut tables {
        table.waits.sort();
    }
    let at = |table: &Asked<D>, part: usize| table.waits[table.waits.len() * part / 100];
    for table in &tables {
        let [half, most] = [50, 99].map(|part| (at(table, part), at(&tables[0], part)));
        let ratio = |(one, other): (Duration, Duration)| one.as_secs_f64() / other.as_secs_f64();
        println!(
            "{database:<10} {:>9} sessions  p50 {:>9.1?} ({:.2}x)  p99 {:>9.1?} ({:.2}x)",
            table.size,
            half.0,
            ratio(half),
            most.0,
            ratio(most)
        );
    }
}
