//! Refresh tokens, with the modules of the conformance suite's plan for them.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use serde_json::json;
use tokio::sync::Notify;
use typegate::adapter::{AccountStore, MemoryAdapter, UserStore};
use typegate::{
    Account, AdapterError, BoxError, HttpClient, Jwt, NewAccount, NewUser, OAuthError, TokenSet,
    User, UserUpdate,
};

use super::support::{IdentityProvider, Parts, World, site, world};

const SUBJECT: &str = "248289761001";

async fn signed_in() -> (World, Accounts) {
    let adapter = Accounts::default();
    let mut world = world!(site => site
        .adapter(adapter.clone())
        .session(Jwt::default())
        .account_tokens()
        .build()
        .unwrap());
    world.sign_in("idp").await;
    let _ = world.idp.requests();
    (world, adapter)
}

async fn stored(adapter: &Accounts) -> TokenSet {
    adapter.rows.account("idp", SUBJECT).await.unwrap().unwrap().tokens
}

fn token_requests(world: &World) -> usize {
    world.idp.paths().iter().filter(|path| *path == "/token").count()
}

#[tokio::test]
async fn oidcc_client_test_refresh_token() {
    let (world, adapter) = signed_in().await;
    let tokens = world.auth.account_tokens().unwrap();
    let before = stored(&adapter).await;

    // Nothing is due yet.
    assert_eq!(tokens.of("idp", SUBJECT).await.unwrap().unwrap(), before);
    assert!(world.idp.requests().is_empty());

    world.clock.advance(3600 - 60);
    let fresh = tokens.of("idp", SUBJECT).await.unwrap().unwrap();
    assert_eq!(fresh.access_token(), Some("at-secret-2"));
    assert_eq!(fresh.refresh_token(), Some("rt-secret-2"));
    assert_ne!(fresh.id_token(), before.id_token());
    assert_eq!(stored(&adapter).await, fresh, "it is stored before it is handed out");
    let requests = world.idp.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].form["refresh_token"], "rt-secret-1");
    assert!(requests[0].headers.contains_key("authorization"));
    assert!(tokens.of("idp", "nobody").await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_not_repeated_stays_and_an_old_end_does_not() {
    let (world, adapter) = signed_in().await;
    world.idp.change(|idp| {
        for name in ["refresh_token", "id_token", "expires_in"] {
            idp.response.insert(name, None);
        }
    });
    let before = stored(&adapter).await;
    let fresh = world.auth.refresh_tokens("idp", &before).await.unwrap();
    assert_eq!(fresh.access_token(), Some("at-secret-2"));
    assert_eq!(fresh.refresh_token(), before.refresh_token());
    assert_eq!(fresh.id_token(), before.id_token());
    assert_eq!(fresh.expires_at(), None);
}

async fn expect_refusal(claim: &'static str, value: serde_json::Value) {
    let (world, adapter) = signed_in().await;
    world.idp.change(|idp| drop(idp.claims.insert(claim, Some(value))));
    let before = stored(&adapter).await;
    let error = world.auth.refresh_tokens("idp", &before).await.unwrap_err();
    assert!(error.is_provider(), "{claim}");
    assert_eq!(stored(&adapter).await, before);
}

#[tokio::test]
async fn oidcc_client_test_refresh_token_invalid_issuer() {
    expect_refusal("iss", json!("https://other.example")).await;
}

#[tokio::test]
async fn oidcc_client_test_refresh_token_invalid_sub() {
    expect_refusal("sub", json!("somebody else")).await;
    expect_refusal("nonce", json!("another")).await;
    expect_refusal("aud", json!("another client")).await;
}

/// RFC 9700 section 4.14: a provider that rotates takes the second use of a token for theft.
#[tokio::test]
async fn a_refresh_token_is_sent_once_however_many_want_its_outcome() {
    let (world, adapter) = signed_in().await;
    world.clock.advance(3600);
    let tokens = world.auth.account_tokens().unwrap();
    let before = stored(&adapter).await;
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let tokens = tokens.clone();
        callers.spawn(async move { tokens.of("idp", SUBJECT).await.unwrap().unwrap() });
    }
    for fresh in callers.join_all().await {
        assert_eq!(fresh.access_token(), Some("at-secret-2"));
    }
    // Somebody who read the old set just before comes a little later.
    world.clock.advance(30);
    let late = world.auth.refresh_tokens("idp", &before).await.unwrap();
    assert_eq!(late, stored(&adapter).await);
    assert_eq!(token_requests(&world), 1);
}

/// A provider that keeps whoever refreshes waiting until it is told to answer.
struct Slow {
    idp: IdentityProvider,
    asked: Arc<Notify>,
    answers: Arc<Notify>,
}

impl HttpClient for Slow {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        // The provider has rotated by now, whoever hears of it.
        let answer = self.idp.answer(&request);
        if request.body().starts_with(b"grant_type=refresh_token") {
            self.asked.notify_one();
            self.answers.notified().await;
        }
        answer
    }
}

/// The browser closed the connection, or a deadline ended the request: what the provider gave in
/// the place of the old refresh token is the only good one.
#[tokio::test]
async fn a_rotation_is_stored_though_its_caller_went_away() {
    for another_caller_waits in [false, true] {
        let (parts, adapter) = (Parts::new(), Accounts::default());
        let (asked, answers) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let slow = Slow {
            idp: parts.idp.clone(),
            asked: Arc::clone(&asked),
            answers: Arc::clone(&answers),
        };
        let auth = site!(parts.clock)
            .provider(parts.idp.oidc())
            .adapter(adapter.clone())
            .session(Jwt::default())
            .account_tokens()
            .http_client(slow)
            .build()
            .unwrap();
        let mut world = parts.into_world(auth);
        world.sign_in("idp").await;
        world.idp.requests();
        world.clock.advance(3600);
        let tokens = world.auth.account_tokens().unwrap();
        let call = || {
            let tokens = tokens.clone();
            tokio::spawn(async move { tokens.of("idp", SUBJECT).await.unwrap().unwrap() })
        };
        let caller = call();
        asked.notified().await;
        let other = another_caller_waits.then(call);
        tokio::task::yield_now().await;
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        answers.notify_one();
        if let Some(other) = other {
            assert_eq!(other.await.unwrap().refresh_token(), Some("rt-secret-2"));
        }
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!(stored(&adapter).await.refresh_token(), Some("rt-secret-2"));
        assert_eq!(token_requests(&world), 1);
        // The application goes on by the new one, long after the old was forgotten.
        world.clock.advance(3600);
        answers.notify_one();
        let later = tokens.of("idp", SUBJECT).await.unwrap().unwrap();
        assert_eq!(later.refresh_token(), Some("rt-secret-3"));
    }
}

#[tokio::test]
async fn what_another_process_stored_is_taken() {
    let (world, adapter) = signed_in().await;
    world.clock.advance(3600);
    // It used the refresh token before this one did, so the provider refuses it here.
    let mut newer = json!({ "access_token": "theirs", "refresh_token": "rt-theirs" });
    newer["expires_at"] = 2_000_000_000_i64.into();
    let newer = TokenSet::from_members(newer.as_object().unwrap().clone());
    world.idp.break_endpoint("/token", 400, r#"{"error":"invalid_grant"}"#);
    adapter.behave(Behaviour::Racing { newer: newer.clone(), read: false });
    let tokens = world.auth.account_tokens().unwrap();
    assert_eq!(tokens.of("idp", SUBJECT).await.unwrap().unwrap(), newer);
    // Where nobody was faster, the person has to sign in again.
    adapter.behave(Behaviour::Plain);
    assert!(tokens.of("idp", SUBJECT).await.unwrap_err().is_provider());
}

/// A database in memory whose accounts are what others make of them.
#[derive(Clone, Default)]
struct Accounts {
    rows: MemoryAdapter,
    behaviour: Arc<Mutex<Behaviour>>,
}

#[derive(Clone, Default)]
enum Behaviour {
    #[default]
    Plain,
    /// Between the first read and the second somebody else stores newer tokens; nothing else can be
    /// stored.
    Racing { newer: TokenSet, read: bool },
    /// The first read was made some time before anything else happened.
    Slow(Option<TokenSet>),
}

impl Accounts {
    fn behave(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }
}

impl AccountStore for Accounts {
    async fn account(&self, provider: &str, id: &str) -> Result<Option<Account>, AdapterError> {
        let mut account = self.rows.account(provider, id).await?;
        let Some(found) = &mut account else { return Ok(None) };
        match &mut *self.behaviour.lock().unwrap() {
            Behaviour::Plain => {}
            Behaviour::Racing { newer, read } => {
                if std::mem::replace(read, true) {
                    found.tokens = newer.clone();
                }
            }
            Behaviour::Slow(read) => found.tokens = read.take().unwrap_or(found.tokens.clone()),
        }
        Ok(account)
    }

    async fn update_account_tokens(
        &self,
        provider: &str,
        id: &str,
        tokens: &TokenSet,
    ) -> Result<(), AdapterError> {
        if matches!(*self.behaviour.lock().unwrap(), Behaviour::Racing { .. }) {
            return Err(AdapterError::unavailable("nothing is stored here"));
        }
        self.rows.update_account_tokens(provider, id, tokens).await
    }
}

impl UserStore for Accounts {
    async fn create_user(&self, user: NewUser) -> Result<User, AdapterError> {
        self.rows.create_user(user).await
    }

    async fn user(&self, id: &str) -> Result<Option<User>, AdapterError> {
        self.rows.user(id).await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>, AdapterError> {
        self.rows.user_by_email(email).await
    }

    async fn user_by_account(
        &self,
        provider: &str,
        id: &str,
    ) -> Result<Option<User>, AdapterError> {
        self.rows.user_by_account(provider, id).await
    }

    async fn update_user(&self, update: UserUpdate) -> Result<User, AdapterError> {
        self.rows.update_user(update).await
    }

    async fn delete_user(&self, id: &str) -> Result<(), AdapterError> {
        self.rows.delete_user(id).await
    }

    async fn link_account(&self, account: NewAccount) -> Result<(), AdapterError> {
        self.rows.link_account(account).await
    }

    async fn unlink_account(&self, provider: &str, id: &str) -> Result<(), AdapterError> {
        self.rows.unlink_account(provider, id).await
    }
}

/// Tokens that expire as soon as they are there are refreshed by every caller, and one of them may
/// be slow.
#[tokio::test]
async fn a_slow_caller_does_not_put_old_tokens_over_newer_ones() {
    let (world, adapter) = signed_in().await;
    let before = stored(&adapter).await;
    world.clock.advance(3600);
    let second = world.auth.refresh_tokens("idp", &before).await.unwrap();
    let third = world.auth.refresh_tokens("idp", &second).await.unwrap();
    adapter.update_account_tokens("idp", SUBJECT, &third).await.unwrap();
    assert_eq!(third.refresh_token(), Some("rt-secret-3"));

    adapter.behave(Behaviour::Slow(Some(before)));
    let tokens = world.auth.account_tokens().unwrap();
    assert_eq!(tokens.of("idp", SUBJECT).await.unwrap().unwrap(), third);
    assert_eq!(stored(&adapter).await, third);
}

#[tokio::test]
async fn a_set_that_cannot_be_stored_is_not_handed_out_and_not_lost() {
    let (world, adapter) = signed_in().await;
    world.clock.advance(3600);
    let newer = stored(&adapter).await;
    adapter.behave(Behaviour::Racing { newer, read: false });
    let tokens = world.auth.account_tokens().unwrap();
    assert!(tokens.of("idp", SUBJECT).await.unwrap_err().is_adapter());
    // The next attempt gets the same outcome and stores it.
    adapter.behave(Behaviour::Plain);
    let fresh = tokens.of("idp", SUBJECT).await.unwrap().unwrap();
    assert_eq!(fresh.refresh_token(), Some("rt-secret-2"));
    assert_eq!(token_requests(&world), 1);
}

#[tokio::test]
async fn without_a_refresh_token_or_provider_there_is_nothing_to_ask() {
    let (world, adapter) = signed_in().await;
    let before = stored(&adapter).await;
    let refused = |error: &dyn std::error::Error| {
        matches!(
            error.source().and_then(|source| source.downcast_ref::<OAuthError>()),
            Some(OAuthError::NotRefreshable(_))
        )
    };
    let error = world.auth.refresh_tokens("nobody", &before).await.unwrap_err();
    assert!(refused(&error));
    let error = world.auth.refresh_tokens("idp", &TokenSet::default()).await.unwrap_err();
    assert!(refused(&error));
    assert!(world.idp.requests().is_empty());
    let user = adapter.user_by_account("idp", SUBJECT).await.unwrap();
    assert!(user.is_some());
}

#[tokio::test]
async fn what_was_not_asked_for_is_not_there_and_the_refusal_names_the_call() {
    let world = world!(site => site.adapter(MemoryAdapter::new()).build().unwrap());
    let error = world.auth.account_tokens().unwrap_err().to_string();
    assert!(error.contains("`.account_tokens()`"), "{error}");
    let error = world.auth.session_control().unwrap_err().to_string();
    assert!(error.contains("`.session_control()`"), "{error}");
}
