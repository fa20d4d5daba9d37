//! Failures while an account is linked, and whom they must not hurt.

use typegate::CallbackError;
use typegate::hooks::Events;

use super::super::support::Operation::{
    CreateSession, CreateUserWithAccount, LinkAccount, SessionAndUser, UserByAccount, UserByEmail,
};
use super::super::support::{Database, ORIGIN, Operation, error, refused, world};
use super::{JANE, NAME, Strategy, start};

#[tokio::test]
async fn a_failing_database_ends_the_sign_in_and_no_session() {
    let handler = "OAUTH_CALLBACK_HANDLER_ERROR";
    for (operation, code, log) in [
        (UserByAccount, "Callback", &["adapter_error_getUserByAccount", handler][..]),
        (UserByEmail, "Callback", &["adapter_error_getUserByEmail", handler]),
        (CreateUserWithAccount, "OAuthCreateAccount", &["adapter_error_createUser"]),
        (CreateSession, "Callback", &["adapter_error_createSession", handler]),
    ] {
        let mut stored = start(Strategy::Rows);
        stored.database.fail_at(&[operation]);
        let answer = stored.world.sign_in("idp").await;
        assert_eq!(answer.outline(), refused(code), "{operation:?}");
        let lines = stored.world.lines.take();
        assert_eq!(lines.iter().map(|line| &*line.code).collect::<Vec<_>>(), log);
        assert!(lines[0].message.contains("db.internal"), "the cause is in the log");
        // Once the database is back, the same person signs in.
        stored.database.fail_at(&[]);
        let answer = stored.world.sign_in("idp").await;
        assert!(answer.cookie(NAME).is_some(), "{operation:?}");
    }
    for operation in [LinkAccount, SessionAndUser] {
        let mut stored = start(Strategy::Rows);
        stored.world.sign_in("idp").await;
        let back = stored.world.start("github").await;
        stored.database.fail_at(&[operation]);
        let answer = stored.world.browser.get(&back).await;
        assert_eq!(answer.outline()[0], error("Callback"), "{operation:?}");
        assert!(stored.owner("github", "583231").await.is_none());
        stored.database.fail_at(&[]);
        assert_eq!(stored.world.browser.session().await["user"]["email"], JANE);
    }
    // v4 would take the visitor for signed out and make a second user.
    let mut stored = start(Strategy::Tokens);
    stored.world.sign_in("idp").await;
    let back = stored.world.start("github").await;
    stored.database.fail_at(&[Operation::User]);
    assert_eq!(stored.world.browser.get(&back).await.outline()[0], error("Callback"));
    assert!(stored.owner("github", "583231").await.is_none());
}

#[tokio::test]
async fn r164_failing_events_do_not_stop_a_sign_up() {
    let no = || async { Err(CallbackError::new("no")) };
    let events =
        Events::new().create_user(move |_| no()).link_account(move |_| no()).sign_in(move |_| no());
    let mut world = world!(site => {
        site.adapter(Database::default()).events(events).build().unwrap()
    });
    assert_eq!(world.sign_in("idp").await.location(), format!("{ORIGIN}/next"));
    let codes = ["CREATE_USER_EVENT_ERROR", "LINK_ACCOUNT_EVENT_ERROR", "SIGN_IN_EVENT_ERROR"];
    assert_eq!(world.lines.codes(), codes);
    assert_eq!(world.browser.session().await["user"]["email"], JANE);
}

#[tokio::test]
async fn r065_first_sign_ins_at_the_same_time_make_one_user() {
    let mut stored = start(Strategy::Rows);
    let mut backs = Vec::new();
    for _ in 0..20 {
        let back = stored.world.start("idp").await;
        let next = stored.world.another_browser();
        backs.push((back, std::mem::replace(&mut stored.world.browser, next)));
    }
    let tasks: Vec<_> = backs
        .into_iter()
        .map(|(back, mut browser)| {
            tokio::spawn(async move {
                browser.get(&back).await;
                browser.session().await["user"]["email"].clone()
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), JANE);
    }
    let jane = stored.user(JANE).await;
    assert_eq!(stored.database.rows.accounts(&jane.id).len(), 1);
}
