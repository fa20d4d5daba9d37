//! What every adapter must do, run for each of them.

use std::fmt::Debug;

use jiff::{Timestamp, ToSpan as _};
use serde_json::json;

#[cfg(feature = "sqlite")]
use super::SqliteAdapter;
use super::{MemoryAdapter, SessionStore, UserStore, VerificationTokenStore};
use crate::error::{AdapterError, AdapterErrorKind};
use crate::model::{
    Account, AccountType, NewAccount, NewSession, NewUser, TokenSet, User, UserUpdate,
    VerificationToken,
};
use crate::secret::{SessionToken, TokenHash};

/// Ids that no adapter makes, some of a form that a careless one chokes on.
const FOREIGN_TEXTS: [&str; 9] = [
    "8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a",
    "",
    " ",
    "%",
    "_",
    "99999999999999999999",
    "' OR '1'='1",
    "1; DROP TABLE users",
    "\u{0}",
];

/// Texts that come back changed from a database that normalises, trims, folds or cuts.
const DIFFICULT_TEXTS: [&str; 10] = [
    "Åsa Öberg",
    "A\u{30a}sa, decomposed",
    "山田太郎",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦",
    "עברית \u{202b}مرحبا",
    "quotes ' \" ` and \\ backslash",
    "100 % of _",
    "  spaces around  ",
    "nul \u{0} inside",
    "line\r\nbreak",
];

/// What the suite needs of an adapter.
trait Adapter: UserStore + SessionStore + VerificationTokenStore + Clone {
    async fn accounts_of(&self, user_id: &str) -> Vec<Account>;
}

impl Adapter for MemoryAdapter {
    async fn accounts_of(&self, user_id: &str) -> Vec<Account> {
        self.accounts(user_id)
    }
}

#[cfg(feature = "sqlite")]
impl Adapter for SqliteAdapter {
    async fn accounts_of(&self, user_id: &str) -> Vec<Account> {
        self.accounts(user_id).await.unwrap()
    }
}

/// Runs each case on every adapter.
macro_rules! suite {
    ($($case:ident)*) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(super::MemoryAdapter::new()).await;
            })*
        }

        #[cfg(feature = "sqlite")]
        mod sqlite_in_memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(crate::adapter::sqlite::tests::in_memory().await).await;
            })*
        }

        #[cfg(feature = "sqlite")]
        mod sqlite_in_a_file {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let folder = crate::adapter::sqlite::tests::Folder::new();
                super::$case(folder.migrated().await).await;
            })*
        }
    };
}

suite! {
    users_are_found_by_id_and_address
    users_without_name_picture_or_address_are_stored
    addresses_are_unique
    updates_change_the_given_members_only
    updates_of_unknown_users_fail
    updates_respect_unique_addresses
    accounts_lead_to_their_owner
    accounts_are_unique
    accounts_keep_their_tokens
    accounts_may_have_no_tokens
    unlinking_removes_one_account
    rows_of_unknown_users_are_refused
    r109_a_user_and_an_account_are_stored_together_or_not_at_all
    r109_concurrent_first_sign_ups_make_one_user
    concurrent_sign_ups_of_one_address_make_one_user
    concurrent_links_of_one_account_make_one
    deleting_a_user_removes_their_rows_only
    sessions_are_found_with_their_user
    session_tokens_are_unique
    session_updates_move_the_end_only
    session_updates_bring_nothing_back
    deleting_a_session_returns_it_once
    expired_sessions_are_returned
    expired_links_are_returned_once
    links_work_once
    links_of_one_address_are_independent
    links_are_unique
    a_wrong_identifier_spends_nothing
    r077_concurrent_uses_of_a_link_have_one_winner
    r078_blank_tokens_match_no_row
    unknown_keys_are_not_found
    keys_are_compared_byte_by_byte
    difficult_texts_come_back_unchanged
    long_texts_come_back_unchanged
    times_keep_milliseconds
    r110_debug_output_has_no_tokens
}

async fn users_are_found_by_id_and_address(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    let other = adapter.create_user(new_user("grace@example.com")).await.unwrap();

    assert_ne!(ada.id, other.id);
    assert!(is_random_uuid(&ada.id), "{}", ada.id);
    assert_eq!(ada.name.as_deref(), Some("Ada"));
    assert_eq!(ada.image.as_deref(), Some("https://example.com/ada.png"));
    assert_eq!(ada.email_verified, None);
    assert!(ada.extra.is_empty(), "there is no column for further members");
    assert_eq!(adapter.user(&ada.id).await.unwrap().as_ref(), Some(&ada));
    assert_eq!(adapter.user_by_email("ada@example.com").await.unwrap(), Some(ada));
}

async fn users_without_name_picture_or_address_are_stored(adapter: impl Adapter) {
    let by_email = NewUser { email_verified: Some(time()), ..new_user("ada@example.com") };
    let by_email = adapter.create_user(by_email).await.unwrap();
    assert_eq!(by_email.name, None);
    assert_eq!(by_email.email_verified, Some(time()));

    for _ in 0..3 {
        let anonymous = adapter.create_user(NewUser::default()).await.unwrap();
        assert_eq!(adapter.user(&anonymous.id).await.unwrap(), Some(anonymous));
    }
}

async fn addresses_are_unique(adapter: impl Adapter) {
    let first = adapter.create_user(ada()).await.unwrap();
    assert_duplicate(adapter.create_user(ada()).await);
    assert_eq!(adapter.user_by_email("ada@example.com").await.unwrap(), Some(first));
}

async fn updates_change_the_given_members_only(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    let untouched = adapter.create_user(new_user("grace@example.com")).await.unwrap();

    let verified =
        adapter.update_user(UserUpdate::new(&ada.id).email_verified(time())).await.unwrap();
    assert_eq!(verified, User { email_verified: Some(time()), ..ada.clone() });

    let update = UserUpdate {
        name: Some(Some("Countess".to_owned())),
        image: Some(None),
        ..UserUpdate::new(&ada.id)
    };
    let renamed = adapter.update_user(update).await.unwrap();
    assert_eq!(renamed, User { name: Some("Countess".to_owned()), image: None, ..verified });

    let update = UserUpdate {
        name: Some(None),
        email: Some(None),
        email_verified: Some(None),
        ..UserUpdate::new(&ada.id)
    };
    let emptied = adapter.update_user(update).await.unwrap();
    assert_eq!(emptied, User::new(&ada.id));
    assert_eq!(adapter.user_by_email("ada@example.com").await.unwrap(), None);

    let unchanged = adapter.update_user(UserUpdate::new(&ada.id)).await.unwrap();
    assert_eq!(unchanged, emptied);
    assert_eq!(adapter.user(&ada.id).await.unwrap(), Some(emptied));
    assert_eq!(adapter.user(&untouched.id).await.unwrap(), Some(untouched));
}

async fn updates_of_unknown_users_fail(adapter: impl Adapter) {
    for id in FOREIGN_TEXTS {
        assert_unavailable(adapter.update_user(UserUpdate::new(id)).await);
        assert_eq!(adapter.user(id).await.unwrap(), None);
    }
}

async fn updates_respect_unique_addresses(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    let grace = adapter.create_user(new_user("grace@example.com")).await.unwrap();
    let email = |text: &str| Some(Some(text.to_owned()));

    let update = UserUpdate { email: email("ada@example.com"), ..UserUpdate::new(&grace.id) };
    assert_duplicate(adapter.update_user(update).await);
    assert_eq!(adapter.user(&grace.id).await.unwrap(), Some(grace));

    let update = UserUpdate { email: email("ada@example.com"), ..UserUpdate::new(&ada.id) };
    assert_eq!(adapter.update_user(update).await.unwrap(), ada, "one's own address is free");
}

async fn accounts_lead_to_their_owner(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    let grace = adapter.create_user(new_user("grace@example.com")).await.unwrap();
    for (user, provider, id) in
        [(&ada, "github", "1"), (&ada, "github", "2"), (&grace, "google", "1")]
    {
        link(&adapter, user, provider, id).await;
    }

    let owner = async |provider, id| adapter.user_by_account(provider, id).await.unwrap();
    assert_eq!(owner("github", "1").await.as_ref(), Some(&ada));
    assert_eq!(owner("github", "2").await, Some(ada));
    assert_eq!(owner("google", "1").await, Some(grace), "an id belongs to its provider");
    assert_eq!(owner("google", "2").await, None);
    assert_eq!(owner("gitlab", "1").await, None);
}

async fn accounts_are_unique(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    let grace = adapter.create_user(new_user("grace@example.com")).await.unwrap();
    link(&adapter, &ada, "github", "1").await;

    for user in [&ada, &grace] {
        let again = NewAccount::new(&user.id, account("github", "1"));
        assert_duplicate(adapter.link_account(again).await);
    }
    assert_eq!(adapter.user_by_account("github", "1").await.unwrap(), Some(ada));
    assert!(adapter.accounts_of(&grace.id).await.is_empty());
}

async fn accounts_keep_their_tokens(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    let tokens = json!({
        "refresh_token": "r".repeat(4000),
        "access_token": "a".repeat(8000),
        "token_type": "Bearer",
        "scope": "openid email",
        "id_token": "i".repeat(8000),
        "session_state": "state",
        "oauth_token": "one",
        "oauth_token_secret": "two",
        "expires_at": 2_592_000_000_i64,
    });
    let mut github = account("github", "1");
    github.tokens = TokenSet::from_members(tokens.as_object().unwrap().clone());
    github.tokens.insert("not-before-policy", 0);
    adapter.link_account(NewAccount::new(&ada.id, github)).await.unwrap();

    let accounts = adapter.accounts_of(&ada.id).await;
    let [stored] = accounts.as_slice() else { panic!("{accounts:?}") };
    assert_eq!(stored.account_type, AccountType::OAuth);
    assert_eq!((&*stored.provider, &*stored.provider_account_id), ("github", "1"));
    for (name, value) in tokens.as_object().unwrap() {
        assert_eq!(stored.tokens.members().get(name), Some(value), "{name}");
    }
    assert_eq!(stored.tokens.expires_at(), Some(2_592_000_000));
}

async fn accounts_may_have_no_tokens(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    for account_type in [AccountType::OAuth, AccountType::Email, AccountType::Credentials] {
        let account = Account::new(account_type, account_type.as_str(), "1");
        adapter.link_account(NewAccount::new(&ada.id, account)).await.unwrap();
    }
    let accounts = adapter.accounts_of(&ada.id).await;
    let types: Vec<_> = accounts.iter().map(|account| account.account_type).collect();
    assert_eq!(types, [AccountType::OAuth, AccountType::Email, AccountType::Credentials]);
    assert!(accounts.iter().all(|account| account.tokens.members().is_empty()));
}

async fn unlinking_removes_one_account(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    for (provider, id) in [("github", "1"), ("github", "2"), ("google", "1")] {
        link(&adapter, &ada, provider, id).await;
    }
    for _ in 0..2 {
        adapter.unlink_account("github", "1").await.unwrap();
        let rest = adapter.accounts_of(&ada.id).await;
        let rest: Vec<_> =
            rest.iter().map(|row| (&*row.provider, &*row.provider_account_id)).collect();
        assert_eq!(rest, [("github", "2"), ("google", "1")]);
    }
    link(&adapter, &ada, "github", "1").await;
}

async fn rows_of_unknown_users_are_refused(adapter: impl Adapter) {
    let account = NewAccount::new("nobody", account("github", "1"));
    assert_unavailable(adapter.link_account(account).await);
    assert_unavailable(adapter.create_session(session("s", "nobody", time())).await);
    assert_eq!(adapter.user_by_account("github", "1").await.unwrap(), None);
    assert!(adapter.delete_session(&"s".into()).await.unwrap().is_none());
}

async fn r109_a_user_and_an_account_are_stored_together_or_not_at_all(adapter: impl Adapter) {
    let first = adapter.create_user_with_account(ada(), account("github", "1")).await.unwrap();
    assert_eq!(adapter.user(&first.id).await.unwrap().as_ref(), Some(&first));
    assert_eq!(adapter.user_by_account("github", "1").await.unwrap().as_ref(), Some(&first));

    let grace = new_user("grace@example.com");
    let taken = adapter.create_user_with_account(grace.clone(), account("github", "1")).await;
    assert_duplicate(taken);
    assert_eq!(adapter.user_by_email("grace@example.com").await.unwrap(), None);
    assert_eq!(adapter.user_by_account("github", "1").await.unwrap(), Some(first));

    assert_duplicate(adapter.create_user_with_account(ada(), account("github", "2")).await);
    assert_eq!(adapter.user_by_account("github", "2").await.unwrap(), None);

    let retried = adapter.create_user_with_account(grace, account("github", "2")).await.unwrap();
    assert_eq!(adapter.user_by_account("github", "2").await.unwrap(), Some(retried));
}

async fn r109_concurrent_first_sign_ups_make_one_user(adapter: impl Adapter) {
    // Without an address only the account tells the attempts apart.
    for (id, user) in [("1", ada()), ("2", NewUser::default())] {
        let attempts = concurrently(50, &adapter, move |adapter| {
            let user = user.clone();
            async move { adapter.create_user_with_account(user, account("github", id)).await }
        });
        let user = one_winner(attempts.await);
        assert_eq!(adapter.user_by_account("github", id).await.unwrap(), Some(user));
    }
}

async fn concurrent_sign_ups_of_one_address_make_one_user(adapter: impl Adapter) {
    let attempts =
        concurrently(20, &adapter, |adapter| async move { adapter.create_user(ada()).await });
    let user = one_winner(attempts.await);
    assert_eq!(adapter.user_by_email("ada@example.com").await.unwrap(), Some(user));
}

async fn concurrent_links_of_one_account_make_one(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    let id = ada.id.clone();
    let attempts = concurrently(20, &adapter, move |adapter| {
        let account = NewAccount::new(&id, account("github", "1"));
        async move { adapter.link_account(account).await }
    });
    one_winner(attempts.await);
    assert_eq!(adapter.accounts_of(&ada.id).await.len(), 1);
}

async fn deleting_a_user_removes_their_rows_only(adapter: impl Adapter) {
    let ada = adapter.create_user_with_account(ada(), account("github", "1")).await.unwrap();
    let grace = new_user("grace@example.com");
    let grace = adapter.create_user_with_account(grace, account("github", "2")).await.unwrap();
    for (token, user) in [("a1", &ada), ("a2", &ada), ("g", &grace)] {
        adapter.create_session(session(token, &user.id, time())).await.unwrap();
    }
    adapter.create_verification_token(link_for("ada@example.com", "t")).await.unwrap();

    for _ in 0..2 {
        adapter.delete_user(&ada.id).await.unwrap();
    }
    assert_eq!(adapter.user(&ada.id).await.unwrap(), None);
    assert_eq!(adapter.user_by_account("github", "1").await.unwrap(), None);
    assert!(adapter.accounts_of(&ada.id).await.is_empty());
    for token in ["a1", "a2"] {
        assert!(adapter.session_and_user(&token.into()).await.unwrap().is_none());
        assert!(adapter.delete_session(&token.into()).await.unwrap().is_none());
    }
    assert!(adapter.session_and_user(&"g".into()).await.unwrap().is_some());
    assert_eq!(adapter.user_by_account("github", "2").await.unwrap(), Some(grace));
    let link = adapter.use_verification_token("ada@example.com", &"t".into()).await.unwrap();
    assert!(link.is_some(), "a link belongs to an address, not to a user");

    let again = new_user("ada@example.com");
    adapter.create_user_with_account(again, account("github", "1")).await.unwrap();
}

async fn sessions_are_found_with_their_user(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    let grace = adapter.create_user(new_user("grace@example.com")).await.unwrap();
    let later = time() + 1.hour();
    for (token, user, expires) in [("a1", &ada, time()), ("a2", &ada, later), ("g", &grace, time())]
    {
        adapter.create_session(session(token, &user.id, expires)).await.unwrap();
    }

    for (token, user, expires) in [("a1", &ada, time()), ("a2", &ada, later), ("g", &grace, time())]
    {
        let (session, owner) = adapter.session_and_user(&token.into()).await.unwrap().unwrap();
        assert_eq!(session.session_token.expose(), token);
        assert_eq!(session.user_id, user.id);
        assert_eq!(session.expires, expires);
        assert_eq!(owner, *user);
    }
}

async fn session_tokens_are_unique(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    let grace = adapter.create_user(new_user("grace@example.com")).await.unwrap();
    adapter.create_session(session("s", &ada.id, time())).await.unwrap();

    assert_duplicate(adapter.create_session(session("s", &grace.id, time())).await);
    let (_, owner) = adapter.session_and_user(&"s".into()).await.unwrap().unwrap();
    assert_eq!(owner, ada);
}

async fn session_updates_move_the_end_only(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    for token in ["moved", "kept"] {
        adapter.create_session(session(token, &ada.id, time())).await.unwrap();
    }
    let later = time() + 720.hours();
    adapter.update_session(&"moved".into(), later).await.unwrap();

    let (moved, owner) = adapter.session_and_user(&"moved".into()).await.unwrap().unwrap();
    assert_eq!((moved.expires, owner), (later, ada));
    let (kept, _) = adapter.session_and_user(&"kept".into()).await.unwrap().unwrap();
    assert_eq!(kept.expires, time());
}

async fn session_updates_bring_nothing_back(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    for token in FOREIGN_TEXTS {
        adapter.update_session(&token.into(), time()).await.unwrap();
        assert!(adapter.session_and_user(&token.into()).await.unwrap().is_none());
    }

    for _ in 0..20 {
        adapter.create_session(session("s", &ada.id, time())).await.unwrap();
        let updates = concurrently(4, &adapter, |adapter| async move {
            adapter.update_session(&"s".into(), time()).await
        });
        let token = SessionToken::new("s");
        let (deleted, updated) = tokio::join!(adapter.delete_session(&token), updates);
        assert!(deleted.unwrap().is_some());
        assert!(updated.into_iter().all(|update| update.is_ok()));
        assert!(adapter.session_and_user(&token).await.unwrap().is_none());
    }
}

async fn deleting_a_session_returns_it_once(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    for token in ["ended", "kept"] {
        adapter.create_session(session(token, &ada.id, time())).await.unwrap();
    }

    let ended = adapter.delete_session(&"ended".into()).await.unwrap().unwrap();
    assert_eq!(ended.session_token.expose(), "ended");
    assert_eq!((ended.user_id, ended.expires), (ada.id, time()));
    assert!(adapter.session_and_user(&"ended".into()).await.unwrap().is_none());
    assert!(adapter.delete_session(&"ended".into()).await.unwrap().is_none());
    assert!(adapter.session_and_user(&"kept".into()).await.unwrap().is_some());
}

async fn expired_sessions_are_returned(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    adapter.create_session(session("s", &ada.id, Timestamp::UNIX_EPOCH)).await.unwrap();
    let (session, _) = adapter.session_and_user(&"s".into()).await.unwrap().unwrap();
    assert_eq!(session.expires, Timestamp::UNIX_EPOCH);
}

async fn expired_links_are_returned_once(adapter: impl Adapter) {
    let link = VerificationToken::new("ada@example.com", "t".into(), Timestamp::UNIX_EPOCH);
    adapter.create_verification_token(link).await.unwrap();
    let used = adapter.use_verification_token("ada@example.com", &"t".into()).await.unwrap();
    assert_eq!(used.unwrap().expires, Timestamp::UNIX_EPOCH);
    let again = adapter.use_verification_token("ada@example.com", &"t".into()).await.unwrap();
    assert!(again.is_none());
}

async fn links_work_once(adapter: impl Adapter) {
    let hash = "b85e".repeat(16);
    for _ in 0..2 {
        adapter.create_verification_token(link_for("ada@example.com", &hash)).await.unwrap();
        let hash = TokenHash::new(&hash);
        let used = adapter.use_verification_token("ada@example.com", &hash).await.unwrap().unwrap();
        assert_eq!(used.identifier, "ada@example.com");
        assert_eq!(used.token.expose(), hash.expose());
        assert_eq!(used.expires, time());
        let again = adapter.use_verification_token("ada@example.com", &hash).await.unwrap();
        assert!(again.is_none());
    }
}

async fn links_of_one_address_are_independent(adapter: impl Adapter) {
    for token in ["first", "second"] {
        adapter.create_verification_token(link_for("ada@example.com", token)).await.unwrap();
    }
    for token in ["second", "first"] {
        let used = adapter.use_verification_token("ada@example.com", &token.into()).await.unwrap();
        assert_eq!(used.unwrap().token.expose(), token);
    }
}

async fn links_are_unique(adapter: impl Adapter) {
    adapter.create_verification_token(link_for("ada@example.com", "t")).await.unwrap();
    assert_duplicate(adapter.create_verification_token(link_for("ada@example.com", "t")).await);
    adapter.create_verification_token(link_for("grace@example.com", "t")).await.unwrap();
}

async fn a_wrong_identifier_spends_nothing(adapter: impl Adapter) {
    adapter.create_verification_token(link_for("ada@example.com", "t")).await.unwrap();
    for identifier in FOREIGN_TEXTS.into_iter().chain(["ADA@example.com", "ada@example.com "]) {
        let used = adapter.use_verification_token(identifier, &"t".into()).await.unwrap();
        assert!(used.is_none(), "{identifier:?}");
    }
    for token in FOREIGN_TEXTS.into_iter().chain(["T", "t "]) {
        let used = adapter.use_verification_token("ada@example.com", &token.into()).await.unwrap();
        assert!(used.is_none(), "{token:?}");
    }
    let used = adapter.use_verification_token("ada@example.com", &"t".into()).await.unwrap();
    assert!(used.is_some());
}

async fn r077_concurrent_uses_of_a_link_have_one_winner(adapter: impl Adapter) {
    for round in 0..3 {
        adapter.create_verification_token(link_for("ada@example.com", "t")).await.unwrap();
        let uses = concurrently(100, &adapter, |adapter| async move {
            adapter.use_verification_token("ada@example.com", &"t".into()).await
        });
        let winners = uses.await.into_iter().filter(|used| used.as_ref().unwrap().is_some());
        assert_eq!(winners.count(), 1, "round {round}");
    }
}

async fn r078_blank_tokens_match_no_row(adapter: impl Adapter) {
    let ada = adapter.create_user(ada()).await.unwrap();
    for blank in ["", " ", "\t\n"] {
        adapter.create_session(session(blank, &ada.id, time())).await.unwrap();
        adapter.create_verification_token(link_for("ada@example.com", blank)).await.unwrap();
        adapter.create_verification_token(link_for(blank, "t")).await.unwrap();

        assert!(adapter.session_and_user(&blank.into()).await.unwrap().is_none());
        adapter.update_session(&blank.into(), time()).await.unwrap();
        assert!(adapter.delete_session(&blank.into()).await.unwrap().is_none());
        for (identifier, token) in [("ada@example.com", blank), (blank, "t")] {
            let used = adapter.use_verification_token(identifier, &token.into()).await.unwrap();
            assert!(used.is_none(), "{identifier:?} {token:?}");
        }
    }
}

async fn unknown_keys_are_not_found(adapter: impl Adapter) {
    let ada = adapter.create_user_with_account(ada(), account("github", "1")).await.unwrap();
    adapter.create_session(session("s", &ada.id, time())).await.unwrap();

    for key in FOREIGN_TEXTS {
        assert_eq!(adapter.user(key).await.unwrap(), None, "{key:?}");
        assert_eq!(adapter.user_by_email(key).await.unwrap(), None, "{key:?}");
        assert_eq!(adapter.user_by_account("github", key).await.unwrap(), None, "{key:?}");
        assert_eq!(adapter.user_by_account(key, "1").await.unwrap(), None, "{key:?}");
        assert!(adapter.session_and_user(&key.into()).await.unwrap().is_none(), "{key:?}");
        assert!(adapter.delete_session(&key.into()).await.unwrap().is_none(), "{key:?}");
        assert!(adapter.accounts_of(key).await.is_empty(), "{key:?}");
        adapter.delete_user(key).await.unwrap();
        adapter.unlink_account("github", key).await.unwrap();
        adapter.unlink_account(key, "1").await.unwrap();
    }
    assert_eq!(adapter.user_by_account("github", "1").await.unwrap(), Some(ada));
}

async fn keys_are_compared_byte_by_byte(adapter: impl Adapter) {
    let ada = adapter.create_user_with_account(ada(), account("github", "Ab1")).await.unwrap();
    adapter.create_session(session("Token", &ada.id, time())).await.unwrap();

    for token in ["token", "TOKEN", "Token ", " Token", "Token\0", "Toke_", "Tok%"] {
        assert!(adapter.session_and_user(&token.into()).await.unwrap().is_none(), "{token:?}");
        assert!(adapter.delete_session(&token.into()).await.unwrap().is_none(), "{token:?}");
    }
    for id in ["ab1", "AB1", "Ab1 ", "Ab"] {
        assert_eq!(adapter.user_by_account("github", id).await.unwrap(), None, "{id:?}");
    }
    assert_eq!(adapter.user_by_account("GitHub", "Ab1").await.unwrap(), None);
    assert_eq!(adapter.user_by_email("Ada@example.com").await.unwrap(), None);
    let other_case = adapter.create_user(new_user("ADA@example.com")).await.unwrap();
    assert_eq!(adapter.user_by_email("ADA@example.com").await.unwrap(), Some(other_case));
    link(&adapter, &ada, "github", "ab1").await;
    adapter.create_session(session("token", &ada.id, time())).await.unwrap();
}

async fn difficult_texts_come_back_unchanged(adapter: impl Adapter) {
    for text in DIFFICULT_TEXTS {
        let user =
            NewUser { name: Some(text.to_owned()), image: Some(text.to_owned()), ..new_user(text) };
        let user = adapter.create_user_with_account(user, account(text, text)).await.unwrap();
        assert_eq!(user.name.as_deref(), Some(text));
        assert_eq!(adapter.user_by_email(text).await.unwrap().as_ref(), Some(&user), "{text:?}");
        let owner = adapter.user_by_account(text, text).await.unwrap();
        assert_eq!(owner.as_ref(), Some(&user), "{text:?}");

        let update = UserUpdate { name: Some(Some(text.to_owned())), ..UserUpdate::new(&user.id) };
        assert_eq!(adapter.update_user(update).await.unwrap(), user, "{text:?}");

        adapter.create_session(session(text, &user.id, time())).await.unwrap();
        let (_, owner) = adapter.session_and_user(&text.into()).await.unwrap().unwrap();
        assert_eq!(owner, user, "{text:?}");

        adapter.create_verification_token(link_for(text, text)).await.unwrap();
        let used = adapter.use_verification_token(text, &text.into()).await.unwrap().unwrap();
        assert_eq!((&*used.identifier, used.token.expose()), (text, text));
    }
}

async fn long_texts_come_back_unchanged(adapter: impl Adapter) {
    let user = NewUser { image: Some("x".repeat(4000)), ..NewUser::default() };
    let user = adapter.create_user(user).await.unwrap();
    let token = "s".repeat(255);
    adapter.create_session(session(&token, &user.id, time())).await.unwrap();
    let (_, owner) = adapter.session_and_user(&token.into()).await.unwrap().unwrap();
    assert_eq!(owner.image.as_ref().map(String::len), Some(4000));
    assert_eq!(owner, user);
}

async fn times_keep_milliseconds(adapter: impl Adapter) {
    let times = [
        "1970-01-01T00:00:00.001Z",
        "2026-10-25T01:30:00.123Z",
        "2100-12-31T23:59:59.999Z",
        "1969-12-31T23:59:59.999Z",
    ];
    for (index, time) in times.into_iter().enumerate() {
        let time: Timestamp = time.parse().unwrap();
        // What lies below a millisecond is dropped, and the answer says so.
        let finer = time + 456.microseconds();
        let expected = Timestamp::from_millisecond(finer.as_millisecond()).unwrap();

        let user = NewUser { email_verified: Some(finer), ..NewUser::default() };
        let user = adapter.create_user(user).await.unwrap();
        assert_eq!(user.email_verified, Some(expected));
        assert_eq!(adapter.user(&user.id).await.unwrap().as_ref(), Some(&user));
        let update = UserUpdate::new(&user.id).email_verified(finer);
        assert_eq!(adapter.update_user(update).await.unwrap(), user);

        let token = SessionToken::new(index.to_string());
        adapter.create_session(session(token.expose(), &user.id, finer)).await.unwrap();
        let (session, _) = adapter.session_and_user(&token).await.unwrap().unwrap();
        assert_eq!(session.expires, expected);
        adapter.update_session(&token, finer + 1.millisecond()).await.unwrap();
        let ended = adapter.delete_session(&token).await.unwrap().unwrap();
        assert_eq!(ended.expires.as_millisecond(), (finer + 1.millisecond()).as_millisecond());

        let link = VerificationToken::new("ada@example.com", "t".into(), finer);
        adapter.create_verification_token(link).await.unwrap();
        let used = adapter.use_verification_token("ada@example.com", &"t".into()).await.unwrap();
        assert_eq!(used.unwrap().expires, expected);
    }
}

async fn r110_debug_output_has_no_tokens(adapter: impl Adapter + Debug) {
    let mut github = account("github", "1");
    github.tokens.insert("access_token", "canary");
    let ada = adapter.create_user_with_account(ada(), github).await.unwrap();
    adapter.create_session(session("canary", &ada.id, time())).await.unwrap();
    let duplicate = adapter.create_session(session("canary", &ada.id, time())).await.unwrap_err();
    adapter.create_verification_token(link_for("ada@example.com", "canary")).await.unwrap();

    assert!(!format!("{adapter:?}").contains("canary"));
    assert!(!format!("{duplicate:?} {}", crate::error::chain(&duplicate)).contains("canary"));
}

pub(super) fn ada() -> NewUser {
    let mut user = NewUser {
        name: Some("Ada".to_owned()),
        image: Some("https://example.com/ada.png".to_owned()),
        ..new_user("ada@example.com")
    };
    user.extra.insert("role".to_owned(), "engineer".into());
    user
}

fn new_user(email: &str) -> NewUser {
    NewUser { email: Some(email.to_owned()), ..NewUser::default() }
}

pub(super) fn account(provider: &str, id: &str) -> Account {
    Account::new(AccountType::OAuth, provider, id)
}

async fn link(adapter: &impl Adapter, user: &User, provider: &str, id: &str) {
    adapter.link_account(NewAccount::new(&user.id, account(provider, id))).await.unwrap();
}

pub(super) fn session(token: &str, user_id: &str, expires: Timestamp) -> NewSession {
    NewSession::new(token.into(), user_id, expires)
}

pub(super) fn link_for(identifier: &str, token: &str) -> VerificationToken {
    VerificationToken::new(identifier, token.into(), time())
}

pub(super) fn time() -> Timestamp {
    "2026-10-25T01:30:00.123Z".parse().unwrap()
}

fn is_random_uuid(text: &str) -> bool {
    let lengths: Vec<_> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.split('-').nth(2).unwrap().starts_with('4')
}

#[track_caller]
fn assert_duplicate<T: Debug>(answer: Result<T, AdapterError>) {
    assert_eq!(answer.unwrap_err().kind(), AdapterErrorKind::Duplicate);
}

#[track_caller]
pub(super) fn assert_unavailable<T: Debug>(answer: Result<T, AdapterError>) {
    assert_eq!(answer.unwrap_err().kind(), AdapterErrorKind::Unavailable);
}

/// The answers of `count` tasks that start together.
async fn concurrently<A, F, T>(
    count: usize,
    adapter: &A,
    call: impl Fn(A) -> F,
) -> Vec<Result<T, AdapterError>>
where
    A: Adapter,
    F: Future<Output = Result<T, AdapterError>> + Send + 'static,
    T: Send + 'static,
{
    let tasks: Vec<_> = (0..count).map(|_| tokio::spawn(call(adapter.clone()))).collect();
    let mut answers = Vec::with_capacity(count);
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

/// What the only successful attempt returned; all others were told of the duplicate.
#[track_caller]
fn one_winner<T: Debug>(answers: Vec<Result<T, AdapterError>>) -> T {
    let (mut won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    for answer in lost {
        assert_duplicate(answer);
    }
    assert_eq!(won.len(), 1);
    won.remove(0).unwrap()
}
