//! Errors of event handlers, which no flow fails by.

use typegate::CallbackError;
use typegate::error::Shown;
use typegate::hooks::Events;

use super::super::support::{Database, Mailbox, World, credentials, world};
use super::email::ask;
use super::{Outcome, scenarios};

scenarios! {
    handlers_of_a_sign_up_fail {
        logs: [CreateUserEvent, LinkAccountEvent, SignInEvent],
        shown: Shown::GoesOn,
        provider: None,
        says: "audit.internal",
        drive: async {
            let database = Database::default();
            let mut world =
                world!(site => site.adapter(database).events(failing()).build().unwrap());
            let answer = world.sign_in("idp").await;
            Outcome::answered(world, answer)
        },
    }
    the_handler_of_a_read_fails {
        logs: [SessionEvent],
        shown: Shown::GoesOn,
        provider: None,
        says: "audit.internal",
        drive: async {
            let mut world = signed_in().await;
            let answer = world.browser.get("/api/auth/session").await;
            assert_eq!(answer.json()["user"]["name"], "Ada Lovelace");
            Outcome::answered(world, answer)
        },
    }
    the_handler_of_a_sign_out_fails {
        logs: [SignOutEvent],
        shown: Shown::GoesOn,
        provider: None,
        says: "audit.internal",
        drive: async {
            let mut world = signed_in().await;
            let answer = world.browser.post("/api/auth/signout", &[]).await;
            Outcome::answered(world, answer)
        },
    }
    handlers_of_a_second_link_fail {
        logs: [UpdateUserEvent, SignInEvent],
        shown: Shown::GoesOn,
        provider: None,
        says: "audit.internal",
        drive: async {
            let (mailbox, database) = (Mailbox::default(), Database::default());
            let email = mailbox.provider();
            let mut world = world!(site => {
                site.adapter(database).provider(email).events(failing()).build().unwrap()
            });
            ask(&mut world, "ada@example.com").await;
            world.browser.get(&mailbox.link()).await;
            ask(&mut world, "ada@example.com").await;
            world.lines.take();
            let answer = world.browser.get(&mailbox.link()).await;
            Outcome::answered(world, answer)
        },
    }
}

fn failing() -> Events {
    let fail = || async { Err(CallbackError::new("audit.internal is down")) };
    Events::new()
        .create_user(move |_| fail())
        .link_account(move |_| fail())
        .sign_in(move |_| fail())
        .sign_out(move |_| fail())
        .session(move |_| fail())
        .update_user(move |_| fail())
        .into()
}

async fn signed_in() -> World {
    let mut world = world!(site => {
        site.provider(credentials()).events(failing()).build().unwrap()
    });
    world.browser.sign_in_with_credentials().await;
    world.lines.take();
    world
}
