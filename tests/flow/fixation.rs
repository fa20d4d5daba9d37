//! Session fixation: a cookie that somebody else put into the browser is nobody's session after a
//! sign-in.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::json;
use typegate::adapter::{SessionStore as _, UserStore as _};
use typegate::{NewUser, SessionRecord, SessionToken};

use super::support::{
    Database, Mailbox, NOW, Operation, SECRET, World, credentials, open, seal, world,
};

const NAME: &str = "next-auth.session-token";
/// OpenID Connect, OAuth 2.0, a link.
const PROVIDERS: [&str; 3] = ["idp", "github", "email"];

struct Site {
    world: World,
    database: Database,
    mailbox: Mailbox,
}

impl Site {
    fn new() -> Self {
        let (database, mailbox) = (Database::default(), Mailbox::default());
        let world = world!(site => {
            site.adapter(database.clone()).provider(mailbox.provider()).build().unwrap()
        });
        Self { world, database, mailbox }
    }

    async fn sign_in(&mut self, provider: &str) -> String {
        if provider == "email" {
            let fields = [("email", "ada@example.com")];
            self.world.browser.post("/api/auth/signin/email", &fields).await;
            self.world.browser.get(&self.mailbox.link()).await;
        } else {
            self.world.sign_in(provider).await;
        }
        self.world.browser.jar.value(NAME).unwrap().to_owned()
    }

    /// A session of somebody else.
    async fn session_until(&self, token: &str, expires: i64) {
        let mut mallory = NewUser::default();
        mallory.email = Some("mallory@example.com".into());
        let mallory = self.database.rows.create_user(mallory).await.unwrap();
        let expires = Timestamp::from_second(expires).unwrap();
        let session = SessionRecord::new(SessionToken::new(token), &mallory.id, expires);
        self.database.rows.create_session(session).await.unwrap();
    }
}

#[tokio::test]
async fn r102_a_token_that_was_planted_is_not_the_session() {
    for provider in PROVIDERS {
        for end in [None, Some(NOW - 1)] {
            let mut site = Site::new();
            if let Some(end) = end {
                site.session_until("planted", end).await;
            }
            site.world.browser.jar.plant(NAME, "planted");
            let token = site.sign_in(provider).await;
            assert_ne!(token, "planted", "{provider}");
            assert_ne!(site.world.browser.session().await, json!({}), "{provider}");
            site.world.browser.jar.plant(NAME, "planted");
            assert_eq!(site.world.browser.session().await, json!({}), "{provider}");
        }
    }
}

/// v4 keeps the session of a visitor who comes back from an OAuth provider signed in, and links
/// the account: that is not a new sign-in, and the tests of linking have it.
#[tokio::test]
async fn r102_a_link_ends_the_session_of_somebody_else() {
    let mut site = Site::new();
    site.session_until("planted", NOW + 60).await;
    site.world.browser.jar.plant(NAME, "planted");
    assert_ne!(site.sign_in("email").await, "planted");
    assert_eq!(site.world.browser.session().await["user"]["email"], "ada@example.com");
    site.world.browser.jar.plant(NAME, "planted");
    assert_eq!(site.world.browser.session().await, json!({}));
}

#[tokio::test]
async fn r101_r102_every_sign_in_makes_a_token_of_its_own() {
    let mut site = Site::new();
    let mut tokens = HashSet::new();
    for provider in PROVIDERS {
        for _ in 0..5 {
            site.world.browser = site.world.another_browser();
            assert!(tokens.insert(site.sign_in(provider).await), "{provider}");
        }
    }
    // Signed in already, by another link.
    assert!(tokens.insert(site.sign_in("email").await));
}

#[tokio::test]
async fn r102_credentials_replace_the_token_and_all_that_is_in_it() {
    let mut world = world!(site => site.provider(credentials()).build().unwrap());
    let planted = json!({
        "name": "Mallory", "sub": "2", "role": "admin", "iat": NOW, "exp": NOW + 60,
        "jti": "planted",
    });
    let planted = seal(&planted, SECRET, "");
    world.browser.jar.plant(NAME, &planted);
    assert_eq!(world.browser.session().await["user"]["name"], "Mallory");
    let mut ids = HashSet::new();
    for _ in 0..5 {
        world.browser.jar.plant(NAME, &planted);
        world.browser.sign_in_with_credentials().await;
        let claims = open(world.browser.jar.value(NAME).unwrap(), SECRET, "");
        assert_eq!((&claims["name"], &claims["sub"]), (&json!("Ada Lovelace"), &json!("1")));
        assert!(claims.get("role").is_none(), "{claims}");
        assert!(ids.insert(claims["jti"].as_str().unwrap().to_owned()));
    }
    assert!(!ids.contains("planted"));
}

#[tokio::test]
async fn r080_known_and_unknown_addresses_cost_the_database_the_same() {
    let mut site = Site::new();
    site.sign_in("email").await;
    for address in ["ada@example.com", "unknown@example.com"] {
        site.database.asked();
        site.world.browser = site.world.another_browser();
        site.world.browser.post("/api/auth/signin/email", &[("email", address)]).await;
        let asked = site.database.asked();
        assert_eq!(asked, [Operation::UserByEmail, Operation::CreateVerificationToken]);
    }
}
