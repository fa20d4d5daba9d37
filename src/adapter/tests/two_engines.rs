//! Do two processes that share a database know the same sessions?

use super::database::at_each;
use super::engine::{SESSION, Visitor, engine_at, link, session_of};
use crate::testing::IdentityProvider;

const ADA: &str = "ada@example.com";

/// Two engines with connections of their own stand for two processes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r103_a_session_that_ended_is_over_at_every_engine_at_once() {
    at_each(async |url| {
        let idp = IdentityProvider::new();
        let (here, there) = (engine_at(url, &idp).await, engine_at(url, &idp).await);
        for round in 0..20 {
            let mut visitor = Visitor::new(&here);
            let link = link(&there, ADA, &format!("token-{round}")).await;
            assert!(visitor.follow(&link).await, "{url}");
            let token = visitor.0.cookie(SESSION).unwrap().to_owned();
            for engine in [&here, &there] {
                assert_eq!(session_of(engine, &token).await.as_deref(), Some(ADA), "{url}");
            }
            visitor.submit("signout", &[]).await;
            for engine in [&there, &here] {
                assert_eq!(session_of(engine, &token).await, None, "{url}");
            }
        }
    })
    .await;
}
