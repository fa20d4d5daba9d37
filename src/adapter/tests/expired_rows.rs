//! The removal of expired rows on every SQL database: in batches, and by an index.

use super::database::Database;
use crate::adapter::sql::tests::Server;
use crate::adapter::{
    ExpiredRows as _, MySql, Postgres, SessionStore as _, SqlAdapter, SqlDatabase, Sqlite,
    UserStore as _,
};
use crate::model::NewUser;
use crate::testing::adapter::fixture::time;

impl Database {
    /// Numbers from 1 on, as a table of one column `n`.
    fn numbers(&self, count: u32) -> String {
        match self {
            Self::Sqlite(_) => format!(
                "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers \
                 WHERE n < {count}) SELECT n FROM numbers"
            ),
            Self::Server(Server::Postgres, _) => format!("SELECT generate_series(1, {count}) AS n"),
            Self::Server(Server::MySql, _) => format!("SELECT seq AS n FROM seq_1_to_{count}"),
        }
    }

    /// Rows that ended, and one of each kind that did not.
    async fn fill(&self, count: u32, user: &str) {
        let numbers = self.numbers(count);
        let quote = match self {
            Self::Server(Server::MySql, _) => '`',
            _ => '"',
        };
        let (past, future) = match self {
            Self::Sqlite(_) => ("1000", "9999999999999"),
            Self::Server(..) => ("'2001-01-01'", "'2030-01-01'"),
        };
        for (end, rows, prefix) in [
            (past, format!("({numbers}) AS numbers"), "old"),
            (future, "(SELECT 1 AS n) AS one".into(), "new"),
        ] {
            let key = match self {
                Self::Server(Server::MySql, _) => format!("CONCAT('{prefix}', n)"),
                _ => format!("'{prefix}' || n"),
            };
            self.sql(&format!(
                "INSERT INTO sessions ({quote}sessionToken{quote}, {quote}userId{quote}, expires) \
                 SELECT {key}, '{user}', {end} FROM {rows}"
            ))
            .await;
            self.sql(&format!(
                "INSERT INTO verification_tokens (identifier, token, expires) \
                 SELECT {key}, {key}, {end} FROM {rows}"
            ))
            .await;
            let end = if prefix == "old" { "1000" } else { "9999999999999" };
            self.sql(&format!(
                "INSERT INTO typegate_attempts (id, attempts, ends) SELECT {key}, 1, {end} FROM {rows}"
            ))
            .await;
        }
    }
}

/// A user with rows that ended, and a clean-up.
async fn cleans_up<D: SqlDatabase>(database: &Database) {
    let adapter = SqlAdapter::<D>::connect(&database.url()).await.unwrap();
    let user = adapter.create_user(NewUser::default()).await.unwrap();
    database.fill(1501, &user.id).await;
    let deleted = adapter.delete_expired(time()).await.unwrap();
    let numbers = (deleted.sessions, deleted.verification_tokens, deleted.attempts);
    assert_eq!(numbers, (1501, 1501, 1501));
    let none = adapter.delete_expired(time()).await.unwrap();
    assert_eq!((none.sessions, none.verification_tokens, none.attempts), (0, 0, 0));
    assert!(adapter.session_and_user(&"new1".into()).await.unwrap().is_some());
}

#[tokio::test]
async fn r157_whatever_ended_goes_however_much_it_is() {
    Database::each(async |database| match &database {
        Database::Sqlite(_) => cleans_up::<Sqlite>(&database).await,
        Database::Server(Server::Postgres, _) => cleans_up::<Postgres>(&database).await,
        Database::Server(Server::MySql, _) => cleans_up::<MySql>(&database).await,
    })
    .await;
}
