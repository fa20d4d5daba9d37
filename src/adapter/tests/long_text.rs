//! Texts longer than any column: they are refused before a driver sees them.

use super::database::Database;
use crate::adapter::sql::ACCOUNT_TEXTS;
use crate::adapter::{
    DatabaseOptions, MySqlAdapter, PostgresAdapter, SessionStore, SqliteAdapter, UserAccountStore,
    UserSessionStore, UserStore, VerificationTokenStore,
};
use crate::crypto::secret::SessionToken;
use crate::error::{AdapterError, AdapterErrorKind, chain};
use crate::model::{NewAccount, NewUser, UserUpdate};
use crate::testing::adapter::fixture::{account, ada, link_for, session, time};

#[tokio::test]
async fn r108_texts_of_five_mebibytes_are_refused_before_the_driver() {
    Database::each(async |database| {
        let (url, options) = (database.url(), DatabaseOptions::default());
        match url.split(':').next().unwrap() {
            "sqlite" => refuses(&SqliteAdapter::connect(&url).await.unwrap()).await,
            "postgres" => {
                refuses(&PostgresAdapter::connect_with(&url, options).await.unwrap()).await;
            }
            _ => refuses(&MySqlAdapter::connect_with(&url, options).await.unwrap()).await,
        }
    })
    .await;
}

/// A server has words of its own for what is too long, so these come from before it.
#[track_caller]
fn assert_refused<T: std::fmt::Debug>(answer: Result<T, AdapterError>) {
    let error = answer.unwrap_err();
    assert_eq!(error.kind(), AdapterErrorKind::Unavailable);
    assert!(chain(&error).contains("longer than 1 MiB"), "{}", chain(&error));
}

async fn refuses<A>(adapter: &A)
where
    A: UserStore + SessionStore + VerificationTokenStore + UserAccountStore + UserSessionStore,
{
    let ada = adapter.create_user(ada()).await.unwrap();
    adapter.create_session(session("s", &ada.id, time())).await.unwrap();
    let long = "x".repeat(5 << 20);
    let some = || Some(long.clone());

    for user in [
        NewUser { name: some(), ..NewUser::default() },
        NewUser { email: some(), ..NewUser::default() },
        NewUser { image: some(), ..NewUser::default() },
    ] {
        assert_refused(adapter.create_user(user).await);
    }
    for update in [
        UserUpdate { name: Some(some()), ..UserUpdate::new(&ada.id) },
        UserUpdate { email: Some(some()), ..UserUpdate::new(&ada.id) },
        UserUpdate { image: Some(some()), ..UserUpdate::new(&ada.id) },
    ] {
        assert_refused(adapter.update_user(update).await);
    }
    let mut accounts: Vec<_> = ACCOUNT_TEXTS
        .iter()
        .map(|member| {
            let mut account = account("github", "1");
            account.tokens.insert(member, long.as_str());
            account
        })
        .collect();
    accounts.extend([account(&long, "1"), account("github", &long)]);
    for account in accounts {
        let of_ada = NewAccount::new(&ada.id, account.clone());
        assert_refused(adapter.link_account(of_ada).await);
        assert_refused(adapter.create_user_with_account(NewUser::default(), account).await);
    }
    assert_refused(adapter.create_session(session(&long, &ada.id, time())).await);
    assert_refused(adapter.create_verification_token(link_for(&long, "t")).await);
    assert_refused(adapter.create_verification_token(link_for("ada@example.com", &long)).await);

    // No row has such a key, so nothing is asked.
    let token = SessionToken::new(long.as_str());
    assert_eq!(adapter.user(&long).await.unwrap(), None);
    assert_eq!(adapter.user_by_email(&long).await.unwrap(), None);
    assert_eq!(adapter.user_by_account("github", &long).await.unwrap(), None);
    assert_eq!(adapter.user_by_account(&long, "1").await.unwrap(), None);
    adapter.delete_user(&long).await.unwrap();
    adapter.unlink_account("github", &long).await.unwrap();
    adapter.unlink_account(&long, "1").await.unwrap();
    assert!(adapter.session_and_user(&token).await.unwrap().is_none());
    adapter.update_session(&token, time()).await.unwrap();
    assert!(adapter.delete_session(&token).await.unwrap().is_none());
    assert!(adapter.use_verification_token(&long, &"t".into()).await.unwrap().is_none());
    let used = adapter.use_verification_token("ada@example.com", &long.as_str().into()).await;
    assert!(used.unwrap().is_none());
    assert!(adapter.accounts_of_user(&long).await.unwrap().is_empty());
    assert!(adapter.sessions_of_user(&long).await.unwrap().is_empty());
    assert_eq!(adapter.delete_sessions_of_user(&long, None).await.unwrap(), 0);

    assert_eq!(adapter.user(&ada.id).await.unwrap().as_ref(), Some(&ada));
    assert!(adapter.accounts_of_user(&ada.id).await.unwrap().is_empty());
    assert_eq!(adapter.sessions_of_user(&ada.id).await.unwrap().len(), 1);
}
