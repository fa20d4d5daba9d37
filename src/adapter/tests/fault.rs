//! Sign-ins of which a statement fails halfway, and what they leave behind.

use super::database::Database;
use super::engine::{Visitor, engine_at, error, link};
use crate::adapter::sql::tests::Server;
use crate::adapter::{DatabaseOptions, DynamicAdapter, UserStore as _};
use crate::testing::IdentityProvider;

const JANE: &str = "jane@example.com";

impl Database {
    /// From now on the database refuses that kind of statement on a table.
    async fn break_at(&self, statement: &str, table: &str) {
        let trigger = format!("CREATE TRIGGER fault BEFORE {statement} ON {table}");
        self.sql(&match self {
            Self::Sqlite(_) => format!("{trigger} BEGIN SELECT RAISE(ABORT, 'fault'); END"),
            Self::Server(Server::Postgres, _) => format!(
                "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'fault'; END $$; \
                 {trigger} FOR EACH ROW EXECUTE FUNCTION fault()"
            ),
            Self::Server(Server::MySql, _) => {
                format!("{trigger} FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'fault'")
            }
        })
        .await;
    }

    async fn mend(&self, table: &str) {
        self.sql(&match self {
            Self::Server(Server::Postgres, _) => {
                format!("DROP TRIGGER fault ON {table}; DROP FUNCTION fault()")
            }
            _ => "DROP TRIGGER fault".to_owned(),
        })
        .await;
    }
}

#[tokio::test]
async fn r109_a_first_sign_in_that_fails_between_two_statements_leaves_nothing_in_its_way() {
    Database::each(async |database| {
        let url = database.url();
        let idp = IdentityProvider::new();
        let rows = DynamicAdapter::connect(&url, DatabaseOptions::default()).await.unwrap();
        for (table, expected, has_user) in [
            ("users", "OAuthCreateAccount", false),
            ("accounts", "OAuthCreateAccount", false),
            ("sessions", "Callback", true),
        ] {
            let auth = engine_at(&url, &idp).await;
            database.break_at("INSERT", table).await;
            let answer = Visitor::new(&auth).0.sign_in("idp", &idp).await.unwrap();
            assert_eq!(error(&answer), Some(expected), "{table} {url}");
            let user = rows.user_by_email(JANE).await.unwrap();
            assert_eq!(user.is_some(), has_user, "{table} {url}");
            database.mend(table).await;

            let answer = Visitor::new(&auth).0.sign_in("idp", &idp).await.unwrap();
            assert_eq!(error(&answer), None, "{table} {url}");
            let owner = rows.user_by_account("idp", "248289761001").await.unwrap().unwrap();
            assert_eq!(Some(&owner), rows.user_by_email(JANE).await.unwrap().as_ref());
            assert!(user.is_none_or(|user| user == owner), "the same one");
            rows.delete_user(&owner.id).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn r109_a_link_that_fails_between_two_statements_leaves_nothing_in_its_way() {
    Database::each(async |database| {
        let url = database.url();
        let idp = IdentityProvider::new();
        let rows = DynamicAdapter::connect(&url, DatabaseOptions::default()).await.unwrap();
        for (number, (statement, table, expected, is_used_up)) in [
            ("DELETE", "verification_tokens", "Callback", false),
            ("INSERT", "users", "EmailCreateAccount", true),
            ("INSERT", "sessions", "Callback", true),
        ]
        .into_iter()
        .enumerate()
        {
            let auth = engine_at(&url, &idp).await;
            let address = link(&auth, JANE, &format!("one-{number}")).await;
            database.break_at(statement, table).await;
            let answer = Visitor::new(&auth).0.get(&address).await.unwrap();
            assert_eq!(error(&answer), Some(expected), "{table} {url}");
            database.mend(table).await;

            let again = Visitor::new(&auth).follow(&address).await;
            assert_eq!(again, !is_used_up, "{table} {url}");
            let address = link(&auth, JANE, &format!("two-{number}")).await;
            assert!(Visitor::new(&auth).follow(&address).await, "{table} {url}");
            let jane = rows.user_by_email(JANE).await.unwrap().unwrap();
            rows.delete_user(&jane.id).await.unwrap();
        }
    })
    .await;
}
