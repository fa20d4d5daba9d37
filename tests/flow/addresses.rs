//! E-mail addresses of every source: one parser reads them, and what is looked up, stored, linked
//! and sent to is what it returned.

use serde_json::{Value, json};
use typegate::adapter::{SqliteAdapter, UserStore};
use typegate::provider::{Adjust as _, EmailVouching, OAuthDefinition, Oidc, Provider as _};
use typegate::{EmailAddress, Jwt, NewUser, User};

use super::support::{Database, Mailbox, Operation, World, world};

const LINK: &str = "/api/auth/signin/email";

/// `idp` vouches for whatever it says, and accounts are linked by it.
fn linking(oidc: Oidc) -> OAuthDefinition {
    oidc.email_vouching(EmailVouching::Always).dangerously_link_by_email().into_definition()
}

/// With the adapter, sessions in cookies.
macro_rules! start {
    ($provider:expr, $adapter:expr, $mailbox:expr) => {
        world!($provider, site => {
            let site = site.adapter($adapter.clone()).provider($mailbox.provider());
            site.session(Jwt::default()).build().unwrap()
        })
    };
}

/// Somebody with that subject and address comes from `idp`.
async fn come(world: &mut World, subject: &str, email: &Value) -> super::support::Answer {
    world.browser = world.another_browser();
    world.idp.change(|idp| {
        idp.claims.insert("sub", Some(subject.into()));
        idp.claims.insert("email", Some(email.clone()));
    });
    world.sign_in("idp").await
}

async fn owner(rows: &impl UserStore, subject: &str) -> User {
    rows.user_by_account("idp", subject).await.unwrap().expect("an account")
}

async fn make_user(rows: &impl UserStore, email: &str) -> User {
    let mut user = NewUser::default();
    user.email = Some(email.into());
    // Whoever this is has proved the address.
    user.email_verified = Some(jiff::Timestamp::UNIX_EPOCH);
    rows.create_user(user).await.unwrap()
}

#[tokio::test]
async fn r191_a_blank_address_is_none() {
    for provider in [linking as fn(Oidc) -> OAuthDefinition, Oidc::into_definition] {
        let (database, mailbox) = (Database::default(), Mailbox::default());
        let mut world = start!(provider, database, mailbox);
        let mut ids = std::collections::HashSet::new();
        for (number, blank) in ["", "", " ", "\t\n", "\u{a0}", "\u{3000}"].into_iter().enumerate() {
            let subject = format!("stranger-{number}");
            let answer = come(&mut world, &subject, &blank.into()).await;
            assert!(answer.cookie("next-auth.session-token").is_some(), "{blank:?}");
            assert!(world.lines.codes().is_empty(), "{blank:?}");
            let user = owner(&database.rows, &subject).await;
            assert_eq!(user.email, None, "{blank:?}");
            assert!(ids.insert(user.id), "two strangers are one user: {blank:?}");
            assert_eq!(world.browser.session().await["user"]["email"], Value::Null);
        }
        assert!(!database.asked().contains(&Operation::UserByEmail));
    }
}

#[tokio::test]
async fn r191_what_is_no_address_is_left_out_with_a_warning() {
    for text in [
        json!("victim@corp%2etest"),
        json!("no address"),
        json!("ann@localhost"),
        json!("a@b.test, c@d.test"),
        json!(["ann@example.com", "ann@example.com"]),
        json!(false),
        json!(7),
    ] {
        let (database, mailbox) = (Database::default(), Mailbox::default());
        let mut world = start!(linking, database, mailbox);
        come(&mut world, "stranger", &text).await;
        let lines = world.lines.take();
        let [line] = &lines[..] else { panic!("{text}: {lines:?}") };
        assert_eq!(line.code, "PROFILE_EMAIL_ERROR");
        assert_eq!(line.provider.as_deref(), Some("idp"));
        assert!(line.message.contains("`email`"), "{}", line.message);
        assert!(!line.message.contains("corp") && !line.message.contains("ann@"));
        assert_eq!(owner(&database.rows, "stranger").await.email, None, "{text}");
        assert_eq!(world.browser.session().await["user"]["name"], "Jane Doe", "{text}");
    }
}

/// The provider may have proved that text, and it is not the victim's address.
#[tokio::test]
async fn r193_a_text_that_only_parsing_makes_the_victims_address_links_nothing() {
    const VICTIM: &str = "victim@example.com";
    for text in [
        "victim@example.com,evil.test",
        "victim@example.com,",
        "\u{ff56}ictim@example.com",
        "vict\u{2170}m@example.com",
        "\u{1d42f}ictim@example.com",
        "victim\u{ff20}example.com",
        "victim@\u{24d4}xample.com",
        "victim@example.com\u{a0}",
    ] {
        for verified in [None, Some(json!(true))] {
            let (database, mailbox) = (Database::default(), Mailbox::default());
            let victim = make_user(&database.rows, VICTIM).await;
            let mut world = start!(linking, database, mailbox);
            world.idp.change(|idp| drop(idp.claims.insert("email_verified", verified.clone())));
            come(&mut world, "eve", &text.into()).await;
            assert_eq!(world.lines.codes(), ["PROFILE_EMAIL_ERROR"], "{text:?}");
            let eve = owner(&database.rows, "eve").await;
            assert_ne!(eve.id, victim.id, "{text:?}");
            assert_eq!(eve.email, None, "{text:?}");
            assert_eq!(world.browser.session().await["user"]["email"], Value::Null, "{text:?}");
            assert!(database.rows.accounts(&victim.id).is_empty(), "{text:?}");
            // Nor does it come before the victim.
            let (database, mailbox) = (Database::default(), Mailbox::default());
            let mut world = start!(linking, database, mailbox);
            come(&mut world, "eve", &text.into()).await;
            assert!(database.rows.user_by_email(VICTIM).await.unwrap().is_none(), "{text:?}");
        }
    }
}

#[tokio::test]
async fn r191_an_address_that_is_none_is_none_without_a_database_too() {
    for (text, shown) in [
        ("", None),
        ("victim@corp%2etest", None),
        (" Ann@B\u{fc}cher.example", Some("ann@xn--bcher-kva.example")),
    ] {
        let mut world = World::new();
        come(&mut world, "stranger", &text.into()).await;
        assert_eq!(world.browser.session().await["user"]["email"], json!(shown), "{text:?}");
    }
}

#[tokio::test]
async fn r191_every_spelling_finds_the_user_whom_the_link_finds() {
    for (text, link) in [
        ("ann@example.com ", "ann@example.com"),
        ("\tANN@example.com\r\n", "ann@example.com"),
        ("a\u{301}nn@example.com", "\u{e1}nn@example.com"),
        ("ann@B\u{fc}cher.example", "ann@b\u{fc}cher.example"),
        ("ann@xn--bcher-kva.example", "ann@b\u{fc}cher.example"),
    ] {
        let (database, mailbox) = (Database::default(), Mailbox::default());
        let mut world = start!(linking, database, mailbox);
        world.browser.post(LINK, &[("email", link)]).await;
        world.browser.get(&mailbox.link()).await;
        let session = world.browser.session().await;
        come(&mut world, "ann", &text.into()).await;
        let user = owner(&database.rows, "ann").await;
        assert_eq!(session["user"]["email"], json!(user.email), "{text:?}");
        assert_eq!(database.rows.accounts(&user.id).len(), 1, "{text:?}");
        // The other way round.
        let (database, mailbox) = (Database::default(), Mailbox::default());
        let mut world = start!(linking, database, mailbox);
        come(&mut world, "ann", &text.into()).await;
        let user = owner(&database.rows, "ann").await;
        world.browser = world.another_browser();
        world.browser.post(LINK, &[("email", link)]).await;
        world.browser.get(&mailbox.link()).await;
        let parsed: EmailAddress = link.parse().unwrap();
        let found = database.rows.user_by_email(parsed.as_str()).await.unwrap().unwrap();
        assert_eq!(found.id, user.id, "{text:?}");
    }
}

#[tokio::test]
async fn r191_rows_that_v4_stored_with_a_unicode_domain_are_found() {
    let stored = "ann@b\u{fc}cher.example";
    for typed in ["Ann@B\u{fc}cher.example", "ann@xn--bcher-kva.example"] {
        let sqlite = SqliteAdapter::connect("sqlite::memory:").await.unwrap();
        sqlite.migrate().await.unwrap();
        let ann = make_user(&sqlite, stored).await;
        let mailbox = Mailbox::default();
        let mut world = start!(linking, sqlite, mailbox);
        world.browser.post(LINK, &[("email", typed)]).await;
        world.browser.get(&mailbox.link()).await;
        assert_eq!(world.browser.session().await["user"]["email"], stored, "{typed}");
        come(&mut world, "ann", &typed.into()).await;
        assert_eq!(owner(&sqlite, "ann").await.id, ann.id, "{typed}");
    }
}

/// A database whose collation takes letters with and without marks for equal, as MySQL's usual
/// ones do.
#[tokio::test]
async fn r191_a_row_that_only_the_collation_takes_for_equal_is_somebody_elses() {
    #[derive(Clone)]
    struct Lenient(Database);

    impl UserStore for Lenient {
        async fn create_user(&self, user: NewUser) -> Result<User, typegate::AdapterError> {
            self.0.create_user(user).await
        }
        async fn user(&self, id: &str) -> Result<Option<User>, typegate::AdapterError> {
            self.0.user(id).await
        }
        async fn user_by_email(&self, email: &str) -> Result<Option<User>, typegate::AdapterError> {
            self.0.user_by_email(&email.replace('\u{e1}', "a")).await
        }
        async fn user_by_account(
            &self,
            provider: &str,
            id: &str,
        ) -> Result<Option<User>, typegate::AdapterError> {
            self.0.user_by_account(provider, id).await
        }
        async fn update_user(
            &self,
            update: typegate::UserUpdate,
        ) -> Result<User, typegate::AdapterError> {
            self.0.update_user(update).await
        }
        async fn delete_user(&self, id: &str) -> Result<(), typegate::AdapterError> {
            self.0.delete_user(id).await
        }
        async fn link_account(
            &self,
            account: typegate::NewAccount,
        ) -> Result<(), typegate::AdapterError> {
            self.0.link_account(account).await
        }
        async fn unlink_account(
            &self,
            provider: &str,
            id: &str,
        ) -> Result<(), typegate::AdapterError> {
            self.0.unlink_account(provider, id).await
        }
    }

    let database = Database::default();
    let ann = make_user(&database.rows, "ann@example.com").await;
    let mut world = world!(linking, site => {
        site.adapter(Lenient(database.clone())).session(Jwt::default()).build().unwrap()
    });
    come(&mut world, "other", &"\u{e1}nn@example.com".into()).await;
    assert_ne!(owner(&database.rows, "other").await.id, ann.id);
}

/// Whatever a provider calls an address, somebody signs in; it is stored in its one form or not at
/// all; and two people are one user only if their addresses are one.
#[tokio::test]
async fn r191_for_any_text_of_a_provider_nobody_is_refused_and_no_two_share_a_user() {
    let (database, mailbox) = (Database::default(), Mailbox::default());
    let mut world = start!(linking, database, mailbox);
    // A fixed sequence (xorshift), so that a failure can be repeated.
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 16) as usize % below
    };
    let pieces = [
        "", " ", "\u{3000}", "a", "A", "\u{e1}", "a\u{301}", "@", "b.co", "B.co", "%2e", "\u{115f}",
    ];
    let mut users = std::collections::HashMap::new();
    for number in 0..250 {
        let text: String = (0..next(4)).map(|_| pieces[next(pieces.len())]).collect();
        let text = if next(3) == 0 { text } else { text + "@" + pieces[8 + next(3)] };
        let subject = format!("stranger-{number}");
        let answer = come(&mut world, &subject, &text.as_str().into()).await;
        assert!(answer.cookie("next-auth.session-token").is_some(), "{text:?}");
        let user = owner(&database.rows, &subject).await;
        // By e-mail an ideographic space is a blank, and a provider's word is taken to the letter.
        let plain = Some(&text).filter(|text| !text.contains('\u{3000}'));
        let parsed = plain.and_then(|text| text.parse::<EmailAddress>().ok()).map(String::from);
        assert_eq!(user.email, parsed, "{text:?}");
        let key = parsed.unwrap_or(subject);
        let before = users.insert(user.id, key.clone());
        assert!(before.as_ref().is_none_or(|before| *before == key), "{text:?}: {before:?}");
    }
}

#[tokio::test]
async fn r191_a_blank_public_address_of_github_is_none_too() {
    let (database, mailbox) = (Database::default(), Mailbox::default());
    let mut world = start!(linking, database, mailbox);
    world.github.change(|idp| idp.user_info["email"] = " ".into());
    world.sign_in("github").await;
    let octo = database.rows.user_by_account("github", "583231").await.unwrap().unwrap();
    assert_eq!(octo.email.as_deref(), Some("octo@example.com"));
}
