//! Account linking: every row of its table, with sessions in tokens and in the database.

mod began_here;
mod failure;

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde_json::json;
use typegate::adapter::{SessionStore as _, UserStore as _};
use typegate::hooks::{Callbacks, Events, TokenRequest};
use typegate::provider::{Adjust as _, OAuthDefinition, Oidc, Provider as _};
use typegate::{Jwt, NewUser, Pages, SessionRecord, SessionToken, User};

use super::support::{BASE, Database, NOW, ORIGIN, Operation, SECRET, World, refused, seal, world};

const NAME: &str = "next-auth.session-token";

/// Where sessions live.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Strategy {
    Tokens,
    Rows,
}

const BOTH: [Strategy; 2] = [Strategy::Tokens, Strategy::Rows];

type Diary = Arc<Mutex<Vec<String>>>;

struct Stored {
    world: World,
    database: Database,
    diary: Diary,
}

fn start(strategy: Strategy) -> Stored {
    start_with(strategy, Oidc::into_definition)
}

fn start_with(strategy: Strategy, provider: fn(Oidc) -> OAuthDefinition) -> Stored {
    let (database, diary) = (Database::default(), Diary::default());
    let note = |diary: &Diary, text: String| diary.lock().unwrap().push(text);
    let (created, linked, signed_in) = (Arc::clone(&diary), Arc::clone(&diary), Arc::clone(&diary));
    let events = Events::new()
        .create_user(move |user: User| {
            note(&created, format!("created {}", user.email.unwrap_or_default()));
            async { Ok(()) }
        })
        .link_account(move |event| {
            let account = &event.account;
            assert_eq!(event.profile.id, account.provider_account_id);
            note(&linked, format!("linked {} {}", account.provider, account.provider_account_id));
            async { Ok(()) }
        })
        .sign_in(move |event| {
            note(&signed_in, format!("signed in {:?}", event.is_new_user));
            async { Ok(()) }
        });
    let pages = Pages::new().new_user("/welcome?first=1");
    let world = world!(provider, site => {
        let site = site.adapter(database.clone()).events(events).pages(pages);
        match strategy {
            Strategy::Tokens => site.session(Jwt::default()).build().unwrap(),
            Strategy::Rows => site.session(typegate::Database::default()).build().unwrap(),
        }
    });
    Stored { world, database, diary }
}

impl Stored {
    fn diary(&self) -> Vec<String> {
        std::mem::take(&mut self.diary.lock().unwrap())
    }

    async fn user(&self, email: &str) -> User {
        self.database.rows.user_by_email(email).await.unwrap().unwrap()
    }

    async fn owner(&self, provider: &str, id: &str) -> Option<User> {
        self.database.rows.user_by_account(provider, id).await.unwrap()
    }

    async fn make_user(&self, email: &str) -> User {
        let mut user = NewUser::default();
        user.name = Some("Somebody".into());
        user.email = Some(email.into());
        self.database.rows.create_user(user).await.unwrap()
    }

    /// Signs the browser in as that user, until `expires`.
    async fn session_of(&mut self, user: &User, strategy: Strategy, expires: i64) {
        let token = match strategy {
            Strategy::Tokens => {
                seal(&json!({ "sub": user.id, "iat": NOW, "exp": expires }), SECRET, "")
            }
            Strategy::Rows => {
                let token = SessionToken::new("a-session-token");
                let expires = Timestamp::from_second(expires).unwrap();
                let session = SessionRecord::new(token, &user.id, expires);
                self.database.rows.create_session(session).await.unwrap();
                "a-session-token".to_owned()
            }
        };
        self.world.browser.jar.plant(NAME, &token);
    }
}

fn welcome() -> String {
    "302 /welcome?first=1&callbackUrl=http%3A%2F%2Flocalhost%3A3000%2Fnext".to_owned()
}

fn next() -> String {
    format!("302 {ORIGIN}/next")
}

const JANE: &str = "jane@example.com";
const SUBJECT: &str = "248289761001";

#[tokio::test]
async fn a_stranger_becomes_a_new_user() {
    for strategy in BOTH {
        let mut stored = start(strategy);
        let answer = stored.world.sign_in("idp").await;
        assert_eq!(answer.outline()[0], welcome());
        assert_eq!(answer.outline()[4..], ["session-token"]);
        let user = stored.user(JANE).await;
        // An address that nobody proved is not marked as proved.
        assert_eq!((user.name.as_deref(), user.email_verified), (Some("Jane Doe"), None));
        assert_eq!(stored.owner("idp", SUBJECT).await.unwrap().id, user.id);
        assert_ne!(user.id, SUBJECT);
        let accounts = stored.database.rows.accounts(&user.id);
        assert_eq!(accounts.len(), 1);
        assert_eq!(accounts[0].tokens.access_token(), Some("at-secret-1"));
        assert_eq!(accounts[0].tokens.expires_at(), Some(NOW + 3600));
        let linked = format!("linked idp {SUBJECT}");
        assert_eq!(stored.diary(), ["created jane@example.com", &linked, "signed in Some(true)"]);
        assert_eq!(stored.world.browser.session().await["user"]["email"], JANE);
        let mut operations = stored.database.asked();
        operations.retain(|operation| *operation == Operation::CreateSession);
        assert_eq!(operations.len(), usize::from(strategy == Strategy::Rows));
    }
}

#[tokio::test]
async fn a_known_account_signs_its_owner_in_again() {
    for strategy in BOTH {
        let mut stored = start(strategy);
        stored.world.sign_in("idp").await;
        let user = stored.user(JANE).await;
        stored.diary();
        stored.world.browser = stored.world.another_browser();
        // What the provider says now changes no row.
        stored.world.idp.change(|idp| drop(idp.claims.insert("name", Some(json!("Changed")))));
        let answer = stored.world.sign_in("idp").await;
        assert_eq!(answer.outline()[0], next());
        assert_eq!(stored.diary(), ["signed in Some(false)"]);
        assert_eq!(stored.user(JANE).await, user);
        assert_eq!(stored.world.browser.session().await["user"]["name"], "Jane Doe");
    }
}

#[tokio::test]
async fn who_is_signed_in_links_another_account_whatever_its_address() {
    for strategy in BOTH {
        let mut stored = start(strategy);
        stored.world.sign_in("idp").await;
        let jane = stored.user(JANE).await;
        stored.diary();
        let before = stored.world.browser.jar.value(NAME).unwrap().to_owned();
        let answer = stored.world.sign_in("github").await;
        assert_eq!(answer.outline()[0], next());
        assert_eq!(stored.owner("github", "583231").await.unwrap().id, jane.id);
        assert_eq!(stored.diary(), ["linked github 583231", "signed in Some(false)"]);
        assert_eq!(stored.database.rows.accounts(&jane.id).len(), 2);
        let octo = stored.database.rows.user_by_email("octo@example.com").await.unwrap();
        assert!(octo.is_none());
        // A stored session goes on; a token is issued anew.
        let after = stored.world.browser.jar.value(NAME).unwrap();
        assert_eq!(after == before, strategy == Strategy::Rows);
        assert_eq!(stored.world.browser.session().await["user"]["email"], JANE);
    }
}

#[tokio::test]
async fn who_is_signed_in_signs_in_again_and_the_session_goes_on() {
    for strategy in BOTH {
        let mut stored = start(strategy);
        stored.world.sign_in("idp").await;
        let before = stored.world.browser.jar.value(NAME).unwrap().to_owned();
        stored.diary();
        stored.world.clock.advance(600);
        let answer = stored.world.sign_in("idp").await;
        assert_eq!(answer.outline()[0], next());
        assert_eq!(stored.diary(), ["signed in Some(false)"]);
        let cookie = answer.cookie(NAME).unwrap();
        assert_eq!(cookie.value == before, strategy == Strategy::Rows);
        let moved = if strategy == Strategy::Rows { 0 } else { 600 };
        assert_eq!(cookie.expires, Some(NOW + moved + 30 * 86400));
    }
}

#[tokio::test]
async fn r063_an_account_of_somebody_else_is_refused_and_changes_nothing() {
    for strategy in BOTH {
        let mut stored = start(strategy);
        stored.world.sign_in("idp").await;
        let jane = stored.user(JANE).await;
        stored.world.browser = stored.world.another_browser();
        let ada = stored.make_user("ada@example.com").await;
        stored.session_of(&ada, strategy, NOW + 3600).await;
        stored.diary();
        let answer = stored.world.sign_in("idp").await;
        assert_eq!(answer.outline(), refused("OAuthAccountNotLinked"));
        assert_eq!(stored.world.lines.codes(), ["OAUTH_ACCOUNT_NOT_LINKED"]);
        assert!(stored.diary().is_empty());
        assert_eq!(stored.owner("idp", SUBJECT).await.unwrap().id, jane.id);
        assert!(stored.database.rows.accounts(&ada.id).is_empty());
        assert!(stored.world.browser.session().await["user"].is_object());
        let one = stored.world.browser.get(answer.location()).await;
        assert_eq!(one.location(), format!("{BASE}/signin?error=OAuthAccountNotLinked"));
    }
}

#[tokio::test]
async fn r063_an_expired_or_forged_session_is_nobodys() {
    for strategy in BOTH {
        let mut stored = start(strategy);
        let ada = stored.make_user("ada@example.com").await;
        stored.session_of(&ada, strategy, NOW - 60).await;
        let answer = stored.world.sign_in("idp").await;
        assert_eq!(answer.outline()[0], welcome(), "{strategy:?}");
        assert!(stored.database.rows.accounts(&ada.id).is_empty());
        assert_ne!(stored.owner("idp", SUBJECT).await.unwrap().id, ada.id);

        let mut stored = start(strategy);
        let ada = stored.make_user("ada@example.com").await;
        let claims = json!({ "sub": ada.id, "iat": NOW, "exp": NOW + 3600 });
        let forged = seal(&claims, "another secret that is long enough too", "");
        stored.world.browser.jar.plant(NAME, &forged);
        stored.world.sign_in("idp").await;
        assert!(stored.database.rows.accounts(&ada.id).is_empty());
    }
}

#[tokio::test]
async fn a_session_of_a_deleted_user_is_nobodys() {
    for strategy in BOTH {
        let mut stored = start(strategy);
        let ada = stored.make_user("ada@example.com").await;
        stored.session_of(&ada, strategy, NOW + 3600).await;
        stored.database.rows.delete_user(&ada.id).await.unwrap();
        assert_eq!(stored.world.sign_in("idp").await.outline()[0], welcome());
        assert!(stored.owner("idp", SUBJECT).await.is_some());
    }
}

#[tokio::test]
async fn r062_an_equal_address_links_nothing_by_itself() {
    for strategy in BOTH {
        let mut stored = start(strategy);
        let jane = stored.make_user(JANE).await;
        // The provider writes the address in another case.
        let answer = stored.world.sign_in("idp").await;
        assert_eq!(answer.outline(), refused("OAuthAccountNotLinked"));
        assert!(stored.database.rows.accounts(&jane.id).is_empty());
        assert!(stored.owner("idp", SUBJECT).await.is_none());
        assert!(stored.diary().is_empty());
        assert_eq!(stored.world.browser.session().await, json!({}));
    }
}

#[tokio::test]
async fn r062_unless_the_provider_opted_in() {
    for strategy in BOTH {
        let mut stored =
            start_with(strategy, |oidc| oidc.dangerously_link_by_email().into_definition());
        stored.world.idp.change(|idp| drop(idp.claims.insert("email_verified", Some(true.into()))));
        let jane = stored.make_user(JANE).await;
        let answer = stored.world.sign_in("idp").await;
        // v4 does: the user counts as new.
        assert_eq!(answer.outline()[0], welcome());
        assert_eq!(stored.owner("idp", SUBJECT).await.unwrap().id, jane.id);
        let linked = format!("linked idp {SUBJECT}");
        assert_eq!(stored.diary(), ["created jane@example.com", &linked, "signed in Some(true)"]);
        assert_eq!(stored.world.browser.session().await["user"]["name"], "Somebody");
    }
}

#[tokio::test]
async fn people_without_an_address_do_not_collide() {
    let mut stored = start(Strategy::Tokens);
    stored.world.idp.change(|idp| drop(idp.claims.insert("email", None)));
    for subject in ["a", "A", "a ", "\u{e4}", "a\u{308}"] {
        stored.world.idp.change(|idp| drop(idp.claims.insert("sub", Some(json!(subject)))));
        stored.world.browser = stored.world.another_browser();
        assert_eq!(stored.world.sign_in("idp").await.outline()[0], welcome(), "{subject}");
    }
    assert!(!stored.database.asked().contains(&Operation::UserByEmail));
}

#[tokio::test]
async fn the_sign_in_callback_sees_the_stored_user_and_runs_before_anything_is_stored() {
    let seen: Diary = Arc::default();
    let note = Arc::clone(&seen);
    let callbacks = Callbacks::new().sign_in(move |attempt| {
        note.lock().unwrap().push(attempt.user.id);
        let is_known = attempt.user.name.as_deref() == Some("Known");
        async move { Ok(is_known) }
    });
    let database = Database::default();
    let mut world =
        world!(site => site.adapter(database.clone()).callbacks(callbacks).build().unwrap());
    assert_eq!(world.sign_in("idp").await.outline(), refused("AccessDenied"));
    assert_eq!(*seen.lock().unwrap(), [SUBJECT]);
    assert_eq!(database.asked(), [Operation::UserByAccount]);

    let mut user = NewUser::default();
    user.name = Some("Known".into());
    let account = typegate::Account::new(typegate::AccountType::OAuth, "idp", SUBJECT);
    let user = database.rows.create_user_with_account(user, account).await.unwrap();
    assert_eq!(world.sign_in("idp").await.location(), format!("{ORIGIN}/next"));
    assert_eq!(seen.lock().unwrap().last(), Some(&user.id));
}

#[tokio::test]
async fn the_jwt_callback_is_told_who_is_new() {
    let seen: Diary = Arc::default();
    let note = Arc::clone(&seen);
    let callbacks = Callbacks::new().jwt(move |request: TokenRequest| {
        let line = format!("{:?} {:?}", request.trigger, request.is_new_user);
        note.lock().unwrap().push(line);
        async { Ok(request.token) }
    });
    let mut world = world!(site => {
        let site = site.adapter(Database::default()).session(Jwt::default());
        site.callbacks(callbacks).build().unwrap()
    });
    world.sign_in("idp").await;
    world.browser = world.another_browser();
    world.sign_in("idp").await;
    assert_eq!(*seen.lock().unwrap(), ["SignUp Some(true)", "SignIn Some(false)"]);
}

#[tokio::test]
async fn r061_subjects_are_compared_byte_by_byte() {
    for strategy in BOTH {
        let mut stored = start(strategy);
        let subjects = ["AbC", "aBc", "AbC ", "Ab\u{43}\u{301}", "Ab\u{106}"];
        for (number, subject) in subjects.into_iter().enumerate() {
            stored.world.browser = stored.world.another_browser();
            stored.world.idp.change(|idp| {
                idp.claims.insert("sub", Some(subject.into()));
                idp.claims.insert("email", Some(format!("{number}@example.com").into()));
            });
            stored.world.sign_in("idp").await;
        }
        let mut ids = std::collections::HashSet::new();
        for (number, subject) in subjects.into_iter().enumerate() {
            let owner = stored.owner("idp", subject).await.unwrap();
            assert_eq!(owner.email.as_deref(), Some(&*format!("{number}@example.com")));
            assert!(ids.insert(owner.id), "{subject}");
        }
    }
}

#[tokio::test]
async fn r064_an_address_that_a_provider_does_not_vouch_for_is_not_proven() {
    for strategy in BOTH {
        for verified in [None, Some(json!(false)), Some(json!(null)), Some(json!("yes"))] {
            let mut stored = start(strategy);
            stored
                .world
                .idp
                .change(|idp| drop(idp.claims.insert("email_verified", verified.clone())));
            stored.world.sign_in("idp").await;
            assert_eq!(stored.user(JANE).await.email_verified, None, "{verified:?}");
        }
        let mut stored = start(strategy);
        stored.world.idp.change(|idp| drop(idp.claims.insert("email_verified", Some(true.into()))));
        stored.world.sign_in("idp").await;
        assert_eq!(stored.user(JANE).await.email_verified.unwrap().as_second(), NOW);
        // An account that is linked to a user who was there proves nothing about them.
        stored.world.browser = stored.world.another_browser();
        let user = stored.make_user("ada@example.com").await;
        stored.session_of(&user, strategy, NOW + 60).await;
        stored.world.sign_in("github").await;
        assert_eq!(stored.user("ada@example.com").await.email_verified, None);
    }
}

#[tokio::test]
async fn r066_a_user_who_is_deleted_is_signed_out() {
    let mut stored = start(Strategy::Rows);
    stored.world.sign_in("idp").await;
    let user = stored.user("jane@example.com").await;
    assert_ne!(stored.world.browser.session().await, json!({}));
    stored.database.rows.delete_user(&user.id).await.unwrap();
    let mut old = stored.world.browser.jar.clone();
    assert_eq!(stored.world.browser.session().await, json!({}));
    // Whoever registers again is somebody else, also to a cookie that was kept.
    stored.world.browser = stored.world.another_browser();
    stored.world.sign_in("idp").await;
    assert_ne!(stored.user("jane@example.com").await.id, user.id);
    std::mem::swap(&mut stored.world.browser.jar, &mut old);
    assert_eq!(stored.world.browser.session().await, json!({}));
}
