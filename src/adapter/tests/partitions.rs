//! PostgreSQL with sessions in partitions by their end, so that those of a month that is over go by
//! `DROP TABLE`.

use crate::adapter::sql::tests::{Place, Server};
use crate::adapter::tests::conform;
use crate::adapter::{Postgres, SessionStore as _, UserStore as _};
use crate::testing::adapter::fixture::{ada, session, time};
use crate::testing::adapter::{Conformance, Limit};
use jiff::ToSpan as _;

/// As `docs/scaling.md` has it. The key of a table with partitions has to have the column that
/// decides between them.
const PARTITIONS: &str = r#"
    DROP TABLE sessions;
    CREATE TABLE sessions (
        "sessionToken" text COLLATE "C" NOT NULL,
        "userId"       text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        expires        timestamptz NOT NULL,
        PRIMARY KEY ("sessionToken", expires)
    ) PARTITION BY RANGE (expires);
    CREATE INDEX "sessions_userId" ON sessions ("userId");
    CREATE TABLE sessions_2026_10 PARTITION OF sessions
        FOR VALUES FROM ('2026-10-01') TO ('2026-11-01');
    CREATE TABLE sessions_2026_11 PARTITION OF sessions
        FOR VALUES FROM ('2026-11-01') TO ('2026-12-01');
    CREATE TABLE sessions_other PARTITION OF sessions DEFAULT;
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_in_partitions_conform() {
    Server::Postgres
        .run(async |place: Place| {
            let adapter = place.migrated::<Postgres>().await;
            place.sql(PARTITIONS).await;
            adapter.migrate().await.unwrap();
            conform!(
                async || {
                    place.sql("DELETE FROM users; DELETE FROM verification_tokens;").await;
                    adapter.clone()
                },
                [Limit::NoNul, Limit::SessionTokenNotUnique]
            );
            // One that is extended moves on, and the month it was in can go.
            place.sql("DELETE FROM users").await;
            let ada = adapter.create_user(ada()).await.unwrap();
            for token in ["stays", "goes"] {
                adapter.create_session(session(token, &ada.id, time())).await.unwrap();
            }
            let later = time() + (24 * 30).hours();
            adapter.update_session(&"stays".into(), later).await.unwrap();
            place.sql("DROP TABLE sessions_2026_10").await;
            let stays = adapter.session_and_user(&"stays".into()).await.unwrap();
            assert_eq!(stays.unwrap().0.expires, later);
            assert!(adapter.session_and_user(&"goes".into()).await.unwrap().is_none());
            // What the key no longer says: a token is unique because it is random.
            let again = session("stays", &ada.id, time() + (24 * 400).hours());
            adapter.create_session(again).await.unwrap();
        })
        .await;
}
