//! Two processes that share a database: they know the same people and sessions.

use super::database::at_each;
use super::engine::{SESSION, Visitor, engine_at, error, link, session_of};
use crate::testing::IdentityProvider;

const ADA: &str = "ada@example.com";
const JANE: &str = "jane@example.com";

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r065_first_sign_ins_at_two_engines_make_one_user() {
    at_each(async |url| {
        let idp = IdentityProvider::new();
        let engines = [engine_at(url, &idp).await, engine_at(url, &idp).await];
        let mut visits = Vec::new();
        for number in 0..50 {
            let (auth, idp) = (engines[number % 2].clone(), idp.clone());
            visits.push(tokio::spawn(async move {
                let mut visitor = Visitor::new(&auth);
                let answer = visitor.0.sign_in("idp", &idp).await.unwrap();
                assert_eq!(error(&answer), None);
                session_of(&auth, visitor.0.cookie(SESSION).unwrap()).await
            }));
        }
        for visit in visits {
            assert_eq!(visit.await.unwrap().as_deref(), Some(JANE), "{url}");
        }
        let users = engines[0].config.users.as_ref().unwrap();
        let jane = users.user_by_email(&JANE.parse().unwrap()).await.unwrap();
        assert!(jane.is_some());
        assert_eq!(users.user_by_account("idp", "248289761001").await.unwrap(), jane, "{url}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r065_first_links_at_two_engines_make_one_user() {
    at_each(async |url| {
        let idp = IdentityProvider::new();
        let engines = [engine_at(url, &idp).await, engine_at(url, &idp).await];
        let mut visits = Vec::new();
        for number in 0..50 {
            let auth = engines[number % 2].clone();
            let link = link(&auth, ADA, &format!("token-{number}")).await;
            visits.push(tokio::spawn(async move {
                let mut visitor = Visitor::new(&auth);
                assert!(visitor.follow(&link).await);
                session_of(&auth, visitor.0.cookie(SESSION).unwrap()).await
            }));
        }
        for visit in visits {
            assert_eq!(visit.await.unwrap().as_deref(), Some(ADA), "{url}");
        }
        let users = engines[0].config.users.as_ref().unwrap();
        assert!(users.user_by_email(&ADA.parse().unwrap()).await.unwrap().is_some());
    })
    .await;
}
