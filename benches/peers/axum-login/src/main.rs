//! axum-login with `tower-sessions`, as its examples have it: once in memory and once in the SQLite
//! file that is named on the command line. Prints both addresses when it listens.

use std::error::Error;
use std::time::Duration;

use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use axum_login::{AuthManagerLayerBuilder, AuthSession, AuthUser, AuthnBackend, UserId};
use serde::Serialize;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tower_sessions::{MemoryStore, SessionManagerLayer, SessionStore};
use tower_sessions_sqlx_store::SqliteStore;

/// As many as typegate's adapter has for reads.
const CONNECTIONS: u32 = 4;

#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
struct Ada {
    id: i64,
    name: String,
    email: String,
}

impl AuthUser for Ada {
    type Id = i64;

    fn id(&self) -> i64 {
        self.id
    }

    fn session_auth_hash(&self) -> &[u8] {
        b"the hash of a password"
    }
}

/// Users in the database, or one in the memory.
#[derive(Clone)]
struct Users(Option<SqlitePool>);

impl AuthnBackend for Users {
    type User = Ada;
    type Credentials = ();
    type Error = sqlx::Error;

    async fn authenticate(&self, (): ()) -> Result<Option<Ada>, sqlx::Error> {
        self.get_user(&1).await
    }

    async fn get_user(&self, id: &UserId<Self>) -> Result<Option<Ada>, sqlx::Error> {
        let Some(pool) = &self.0 else {
            let (name, email) = ("Ada Lovelace".to_owned(), "ada@example.com".to_owned());
            return Ok(Some(Ada { id: 1, name, email }));
        };
        let user = sqlx::query_as("SELECT id, name, email FROM users WHERE id = ?").bind(id);
        user.fetch_optional(pool).await
    }
}

async fn sign_in(mut session: AuthSession<Users>) -> StatusCode {
    let signed_in = async {
        let user = session.authenticate(()).await.ok()??;
        session.login(&user).await.ok()
    };
    match signed_in.await {
        Some(()) => StatusCode::OK,
        None => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn read(session: AuthSession<Users>) -> Json<Option<Ada>> {
    Json(session.user)
}

fn routes(users: Users, sessions: impl SessionStore + Clone) -> Router {
    let sessions = SessionManagerLayer::new(sessions).with_secure(false);
    Router::new()
        .route("/session", get(read))
        .route("/login", post(sign_in))
        .layer(AuthManagerLayerBuilder::new(users, sessions).build())
}

async fn database(file: &str) -> Result<SqlitePool, Box<dyn Error>> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(Duration::from_secs(5));
    let pool = SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    sqlx::raw_sql(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT);
         INSERT INTO users VALUES (1, 'Ada Lovelace', 'ada@example.com')",
    )
    .execute(&pool)
    .await?;
    Ok(pool)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("the file is missing")?;
    let pool = database(&file).await?;
    let stored = SqliteStore::new(pool.clone());
    stored.migrate().await?;
    let memory = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let sqlite = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{} {}", memory.local_addr()?, sqlite.local_addr()?);
    let in_memory = axum::serve(memory, routes(Users(None), MemoryStore::default()));
    let in_sqlite = axum::serve(sqlite, routes(Users(Some(pool)), stored));
    tokio::try_join!(in_memory.into_future(), in_sqlite.into_future())?;
    Ok(())
}
