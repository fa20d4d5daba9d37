//! Errors of a sign-in by a link.

use typegate::error::{PageError, Shown};
use typegate::hooks::Callbacks;
use typegate::{CallbackError, Jwt};

use super::super::support::{Database, Mailbox, World, with_parameter, world};
use super::{Outcome, scenarios};

const NOT_SENT: Shown = Shown::Error(PageError::EmailSignin);
const NO_GOOD: Shown = Shown::Error(PageError::Verification);

scenarios! {
    the_mail_server_refuses {
        logs: [SendVerificationEmail, SignInEmail],
        shown: NOT_SENT,
        provider: Some("email"),
        says: "mail.internal",
        drive: async {
            let (mut world, mailbox, _) = site();
            mailbox.refuse();
            let answer = ask(&mut world, "ada@example.com").await;
            Outcome::answered(world, answer)
        },
    }
    the_address_is_none {
        logs: [SignInEmail],
        shown: NOT_SENT,
        provider: Some("email"),
        says: "address",
        drive: asked_for("ada at example"),
    }
    there_is_no_address {
        logs: [EmailAddress],
        shown: NOT_SENT,
        provider: Some("email"),
        says: "the form has no address",
        drive: asked_for(""),
    }
    the_link_is_not_known {
        logs: [VerificationLink],
        shown: NO_GOOD,
        provider: Some("email"),
        says: "is not known, or was used",
        drive: used(|link| with_parameter(&link, "token", &["another"])),
    }
    the_link_names_no_address {
        logs: [VerificationLink],
        shown: NO_GOOD,
        provider: Some("email"),
        says: "names no address",
        drive: used(|link| with_parameter(&link, "email", &[])),
    }
    the_link_has_no_token {
        logs: [VerificationLink],
        shown: Shown::Error(PageError::Configuration),
        provider: Some("email"),
        says: "has no token",
        drive: used(|link| with_parameter(&link, "token", &[])),
    }
    the_link_has_expired {
        logs: [VerificationLink],
        shown: NO_GOOD,
        provider: Some("email"),
        says: "has expired",
        drive: async {
            let (mut world, mailbox, _) = site();
            ask(&mut world, "ada@example.com").await;
            world.clock.advance(25 * 3600);
            let answer = world.browser.get(&mailbox.link()).await;
            Outcome::answered(world, answer)
        },
    }
    somebody_was_there_before_the_owner {
        logs: [AddressReclaimed],
        shown: Shown::GoesOn,
        provider: Some("idp"),
        says: "does not vouch",
        drive: async {
            let (mut world, mailbox, _) = site();
            world.sign_in("idp").await;
            world.browser = world.another_browser();
            ask(&mut world, "jane@example.com").await;
            world.lines.take();
            let answer = world.browser.get(&mailbox.link()).await;
            Outcome::answered(world, answer)
        },
    }
    the_jwt_callback_fails {
        logs: [CallbackEmail],
        shown: Shown::Error(PageError::Callback),
        provider: Some("email"),
        says: "claims.internal",
        drive: async {
            let mailbox = Mailbox::default();
            let callbacks = Callbacks::new()
                .jwt(|_| async { Err(CallbackError::new("claims.internal is down")) });
            let mut world = world!(site => site
                .adapter(Database::default())
                .provider(mailbox.provider())
                .callbacks(callbacks)
                .session(Jwt::default())
                .build()
                .unwrap());
            ask(&mut world, "ada@example.com").await;
            let answer = world.browser.get(&mailbox.link()).await;
            Outcome::answered(world, answer)
        },
    }
}

/// A site with sessions and links in a database.
pub(super) fn site() -> (World, Mailbox, Database) {
    let (mailbox, database) = (Mailbox::default(), Database::default());
    let email = mailbox.provider();
    let world = world!(site => site.adapter(database.clone()).provider(email).build().unwrap());
    (world, mailbox, database)
}

/// Asks for a link.
pub(super) async fn ask(world: &mut World, address: &str) -> super::Answer {
    world.browser.post("/api/auth/signin/email", &[("email", address)]).await
}

async fn asked_for(address: &str) -> Outcome {
    let (mut world, ..) = site();
    let answer = ask(&mut world, address).await;
    Outcome::answered(world, answer)
}

async fn used(change: fn(String) -> String) -> Outcome {
    let (mut world, mailbox, _) = site();
    ask(&mut world, "ada@example.com").await;
    let answer = world.browser.get(&change(mailbox.link())).await;
    Outcome::answered(world, answer)
}
