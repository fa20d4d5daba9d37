//! Adapters put together at run time: each part does its own work.

use super::database::Database;
use crate::adapter::sqlite::tests::Folder;
use crate::adapter::{DatabaseOptions, DynamicAdapter, RedisOptions, UserStore as _, redis};
use crate::testing::adapter::fixture::{ada, link_for, session, time};

async fn works(adapter: &DynamicAdapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    let (sessions, listed) =
        (adapter.sessions.as_ref().unwrap(), adapter.user_sessions.as_ref().unwrap());
    for token in ["one", "two", "three"] {
        sessions.create_session(session(token, &ada.id, time())).await.unwrap();
    }
    sessions.delete_session(&"one".into()).await.unwrap().unwrap();
    assert_eq!(listed.sessions_of_user(&ada.id).await.unwrap().len(), 2);
    assert_eq!(listed.delete_sessions_of_user(&ada.id, Some(&"two".into())).await.unwrap(), 1);
    let (_, owner) = sessions.session_and_user(&"two".into()).await.unwrap().unwrap();
    assert_eq!(owner, ada);
    adapter.delete_user(&ada.id).await.unwrap();
    assert!(listed.sessions_of_user(&ada.id).await.unwrap().is_empty());
    let links = adapter.verification_tokens.as_ref().unwrap();
    links.create_verification_token(link_for("ada@example.com", "t")).await.unwrap();
    let used = links.use_verification_token("ada@example.com", &"t".into()).await.unwrap();
    assert!(used.is_some());
}

#[tokio::test]
async fn an_address_leads_to_an_adapter_that_lists_sessions() {
    Database::each(async |database| {
        let options = DatabaseOptions::default();
        works(&DynamicAdapter::connect(&database.url(), options).await.unwrap()).await;
    })
    .await;
}

#[tokio::test]
async fn sessions_and_links_move_to_redis_and_users_stay() {
    redis::tests::run(async |place| {
        let folder = Folder::new();
        drop(folder.migrated().await);
        let connect = async || {
            DynamicAdapter::connect(&folder.url(), DatabaseOptions::default()).await.unwrap()
        };
        let options = RedisOptions::default().key_prefix(&place.key_prefix);
        let adapter = connect().await.with_redis(&place.url, options).await.unwrap();
        works(&adapter).await;

        let ada = adapter.create_user(ada()).await.unwrap();
        let sessions = adapter.sessions.as_ref().unwrap();
        sessions.create_session(session("s", &ada.id, time())).await.unwrap();
        let users = connect().await;
        assert_eq!(users.user(&ada.id).await.unwrap(), Some(ada));
        let sessions = users.sessions.as_ref().unwrap();
        assert!(sessions.session_and_user(&"s".into()).await.unwrap().is_none());
    })
    .await;
}
