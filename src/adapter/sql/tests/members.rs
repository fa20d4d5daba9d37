//! Columns of users that are the application's own, and of its own types.

use serde_json::json;

use super::profiles::has_default_role;
use super::{Place, Server, options};
use crate::adapter::{MySql, Postgres, SchemaProfile, UserStore};
use crate::model::UserUpdate;
use crate::testing::adapter::fixture::new_user;

const ADDRESS: &str = "jane@example.com";

macro_rules! ddl {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/schemas/", $name, ".sql"))
    };
}

/// `role Role @default(member)`, with the `enum Role` of Prisma's schema.
#[tokio::test]
async fn a_member_may_be_an_enumeration() {
    Server::Postgres
        .run(async |place: Place| {
            place.sql(ddl!("prisma.postgres")).await;
            place.sql("CREATE TYPE \"Role\" AS ENUM ('member', 'editor', 'owner')").await;
            let role = "ADD COLUMN role \"Role\" NOT NULL DEFAULT 'member'";
            place.sql(&format!("ALTER TABLE \"User\" {role}")).await;
            let profile = SchemaProfile::prisma().user_member("role");
            let adapter = place.connect::<Postgres>(options().schema(profile)).await;
            has_default_role(&adapter).await;
            let report = adapter.check_schema().await.unwrap().to_string();
            assert!(!report.contains("role"), "{report}");

            let mut update =
                UserUpdate::new(adapter.create_user(new_user(ADDRESS)).await.unwrap().id);
            update.extra.insert("role".to_owned(), "pirate".into());
            let refused = adapter.update_user(update).await.unwrap_err().to_string();
            assert!(refused.contains("does not fit its column"), "{refused}");
        })
        .await;
    Server::MySql
        .run(async |place: Place| {
            place.sql(ddl!("prisma_with_ids_and_dates.mysql")).await;
            let role =
                "ADD COLUMN role ENUM('member', 'editor', 'owner') NOT NULL DEFAULT 'member'";
            place.sql(&format!("ALTER TABLE `User` {role}")).await;
            let profile = SchemaProfile::prisma_with_ids_and_dates().user_member("role");
            has_default_role(&place.connect::<MySql>(options().schema(profile)).await).await;
        })
        .await;
}

/// What they are called may need quotation marks, in a text as in a name.
#[tokio::test]
async fn a_member_may_be_of_any_type_of_postgresqls() {
    Server::Postgres
        .run(async |place: Place| {
            place.sql(ddl!("prisma.postgres")).await;
            place.sql("ALTER TABLE \"User\" ADD COLUMN \"isAdmin\" boolean DEFAULT false").await;
            place.sql("ALTER TABLE \"User\" ADD COLUMN \"it's\" integer").await;
            let profile = SchemaProfile::prisma().user_member("isAdmin").user_member("it's");
            let adapter = place.connect::<Postgres>(options().schema(profile)).await;
            let user = adapter.create_user(new_user(ADDRESS)).await.unwrap();
            assert_eq!(user.extra.get("isAdmin"), Some(&json!("false")));
            let mut update = UserUpdate::new(&user.id);
            update.extra.insert("isAdmin".to_owned(), "true".into());
            update.extra.insert("it's".to_owned(), "7".into());
            let user = adapter.update_user(update).await.unwrap();
            assert_eq!(user.extra.get("isAdmin"), Some(&json!("true")));
            assert_eq!(user.extra.get("it's"), Some(&json!("7")));
            let mut update = UserUpdate::new(&user.id);
            update.extra.insert("it's".to_owned(), serde_json::Value::Null);
            let user = adapter.update_user(update).await.unwrap();
            assert_eq!(user.extra.get("it's"), None);
        })
        .await;
}
