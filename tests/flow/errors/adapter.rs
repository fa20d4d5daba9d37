//! Errors of the adapter: every method fails, in the flow that calls it.

use typegate::error::{PageError, Shown};
use typegate::{Database as Rows, Jwt, NewUser};

use super::super::support::Operation::{
    self, CreateSession, CreateUser, CreateUserWithAccount, CreateVerificationToken, DeleteSession,
    DeleteUser, LinkAccount, SessionAndUser, UpdateSession, UpdateUser, UseVerificationToken,
    UserByAccount, UserByEmail,
};
use super::super::support::{Database, WithoutTransactions, World, world};
use super::email::{ask, site};
use super::{Outcome, scenarios};

const CALLBACK: Shown = Shown::Error(PageError::Callback);
const NOT_SENT: Shown = Shown::Error(PageError::EmailSignin);
const NOT_CREATED: Shown = Shown::Error(PageError::OAuthCreateAccount);

scenarios! {
    get_user_by_account_fails {
        logs: [AdapterGetUserByAccount, OAuthCallbackHandler],
        shown: CALLBACK,
        provider: Some("idp"),
        says: "db.internal",
        drive: first_sign_in(UserByAccount),
    }
    get_user_by_email_fails {
        logs: [AdapterGetUserByEmail, OAuthCallbackHandler],
        shown: CALLBACK,
        provider: Some("idp"),
        says: "db.internal",
        drive: first_sign_in(UserByEmail),
    }
    create_user_fails {
        logs: [AdapterCreateUser],
        shown: NOT_CREATED,
        provider: Some("idp"),
        says: "db.internal",
        drive: first_sign_in(CreateUserWithAccount),
    }
    create_session_fails {
        logs: [AdapterCreateSession, OAuthCallbackHandler],
        shown: CALLBACK,
        provider: Some("idp"),
        says: "db.internal",
        drive: first_sign_in(CreateSession),
    }
    link_account_fails {
        logs: [AdapterLinkAccount, OAuthCallbackHandler],
        shown: CALLBACK,
        provider: Some("github"),
        says: "db.internal",
        drive: second_account(Place::Rows, LinkAccount),
    }
    get_session_and_user_fails_at_linking {
        logs: [AdapterGetSessionAndUser, OAuthCallbackHandler],
        shown: CALLBACK,
        provider: Some("github"),
        says: "db.internal",
        drive: second_account(Place::Rows, SessionAndUser),
    }
    get_user_fails_at_linking {
        logs: [AdapterGetUser, OAuthCallbackHandler],
        shown: CALLBACK,
        provider: Some("github"),
        says: "db.internal",
        drive: second_account(Place::Tokens, Operation::User),
    }
    link_account_fails_without_transactions {
        logs: [AdapterLinkAccount],
        shown: NOT_CREATED,
        provider: Some("idp"),
        says: "db.internal",
        drive: without_transactions(&[LinkAccount]),
    }
    create_user_fails_without_transactions {
        logs: [AdapterCreateUser],
        shown: NOT_CREATED,
        provider: Some("idp"),
        says: "db.internal",
        drive: without_transactions(&[CreateUser]),
    }
    delete_user_fails_without_transactions {
        logs: [AdapterDeleteUser],
        shown: NOT_CREATED,
        provider: Some("idp"),
        says: "db.internal",
        drive: without_transactions(&[LinkAccount, DeleteUser]),
    }
    get_session_and_user_fails_at_a_read {
        logs: [AdapterGetSessionAndUser, Session],
        shown: Shown::EmptySession,
        provider: None,
        says: "db.internal",
        drive: read(SessionAndUser, 0),
    }
    update_session_fails {
        logs: [AdapterUpdateSession],
        shown: Shown::GoesOn,
        provider: None,
        says: "db.internal",
        drive: read(UpdateSession, 0),
    }
    delete_session_fails_for_an_expired_row {
        logs: [AdapterDeleteSession, Session],
        shown: Shown::EmptySession,
        provider: None,
        says: "db.internal",
        drive: read(DeleteSession, 31 * 24 * 3600),
    }
    delete_session_fails_at_sign_out {
        logs: [AdapterDeleteSession, SignOut],
        shown: Shown::GoesOn,
        provider: None,
        says: "db.internal",
        drive: async {
            let (mut world, database) = signed_in(Rows::default()).await;
            database.fail_at(&[DeleteSession]);
            let answer = world.browser.post("/api/auth/signout", &[]).await;
            assert!(answer.cookie(NAME).unwrap().is_deletion());
            Outcome::answered(world, answer)
        },
    }
    get_user_by_email_fails_when_a_link_is_asked_for {
        logs: [AdapterGetUserByEmail, SignInEmail],
        shown: NOT_SENT,
        provider: Some("email"),
        says: "db.internal",
        drive: link_asked_for(UserByEmail),
    }
    create_verification_token_fails {
        logs: [SendVerificationEmail, AdapterCreateVerificationToken, SignInEmail],
        shown: NOT_SENT,
        provider: Some("email"),
        says: "db.internal",
        drive: link_asked_for(CreateVerificationToken),
    }
    use_verification_token_fails {
        logs: [AdapterUseVerificationToken, CallbackEmail],
        shown: CALLBACK,
        provider: Some("email"),
        says: "db.internal",
        drive: link_used(false, UseVerificationToken),
    }
    get_user_by_email_fails_when_a_link_is_used {
        logs: [AdapterGetUserByEmail, CallbackEmail],
        shown: CALLBACK,
        provider: Some("email"),
        says: "db.internal",
        drive: link_used(false, UserByEmail),
    }
    create_user_fails_when_a_link_is_used {
        logs: [AdapterCreateUser],
        shown: Shown::Error(PageError::EmailCreateAccount),
        provider: Some("email"),
        says: "db.internal",
        drive: link_used(false, CreateUser),
    }
    update_user_fails {
        logs: [AdapterUpdateUser, CallbackEmail],
        shown: CALLBACK,
        provider: Some("email"),
        says: "db.internal",
        drive: link_used(true, UpdateUser),
    }
    create_session_fails_when_a_link_is_used {
        logs: [AdapterCreateSession, CallbackEmail],
        shown: CALLBACK,
        provider: Some("email"),
        says: "db.internal",
        drive: link_used(false, CreateSession),
    }
    delete_session_fails_when_a_link_is_used {
        logs: [AdapterDeleteSession, CallbackEmail],
        shown: CALLBACK,
        provider: Some("email"),
        says: "db.internal",
        drive: async {
            let (mut world, mailbox, database) = site();
            ask(&mut world, "ada@example.com").await;
            world.browser.jar.plant(NAME, "of-somebody-else");
            database.fail_at(&[DeleteSession]);
            let answer = world.browser.get(&mailbox.link()).await;
            Outcome::answered(world, answer)
        },
    }
}

const NAME: &str = "next-auth.session-token";

/// Where sessions live.
#[derive(Clone, Copy)]
enum Place {
    Rows,
    Tokens,
}

async fn first_sign_in(fails: Operation) -> Outcome {
    let database = Database::default();
    let mut world = world!(site => site.adapter(database.clone()).build().unwrap());
    database.fail_at(&[fails]);
    let answer = world.sign_in("idp").await;
    Outcome::answered(world, answer)
}

/// Somebody who is signed in comes back from another provider.
async fn second_account(place: Place, fails: Operation) -> Outcome {
    let database = Database::default();
    let mut world = world!(site => {
        let site = site.adapter(database.clone());
        match place {
            Place::Rows => site.build().unwrap(),
            Place::Tokens => site.session(Jwt::default()).build().unwrap(),
        }
    });
    world.sign_in("idp").await;
    let back = world.start("github").await;
    database.fail_at(&[fails]);
    let answer = world.browser.get(&back).await;
    Outcome::answered(world, answer)
}

async fn without_transactions(fail: &[Operation]) -> Outcome {
    let database = Database::default();
    let adapter = WithoutTransactions(database.clone());
    let mut world = world!(site => site.adapter(adapter).session(Jwt::default()).build().unwrap());
    database.fail_at(fail);
    let answer = world.sign_in("idp").await;
    Outcome::answered(world, answer)
}

async fn signed_in(strategy: impl Into<Rows>) -> (World, Database) {
    let database = Database::default();
    let mut world =
        world!(site => site.adapter(database.clone()).session(strategy.into()).build().unwrap());
    world.sign_in("idp").await;
    (world, database)
}

/// The session is read so many seconds later; a read that is due writes.
async fn read(fails: Operation, later: i64) -> Outcome {
    let (mut world, database) = signed_in(Rows::default().update_age(0)).await;
    let token = world.browser.jar.value(NAME).unwrap().to_owned();
    world.clock.advance(later);
    world.browser.jar.plant(NAME, &token);
    database.fail_at(&[fails]);
    let answer = world.browser.get("/api/auth/session").await;
    Outcome::answered(world, answer)
}

async fn link_asked_for(fails: Operation) -> Outcome {
    let (mut world, _, database) = site();
    database.fail_at(&[fails]);
    let answer = ask(&mut world, "ada@example.com").await;
    Outcome::answered(world, answer)
}

async fn link_used(is_known: bool, fails: Operation) -> Outcome {
    use typegate::adapter::UserStore as _;

    let (mut world, mailbox, database) = site();
    if is_known {
        let mut user = NewUser::default();
        user.email = Some("ada@example.com".into());
        database.rows.create_user(user).await.unwrap();
    }
    ask(&mut world, "ada@example.com").await;
    database.fail_at(&[fails]);
    let answer = world.browser.get(&mailbox.link()).await;
    Outcome::answered(world, answer)
}
