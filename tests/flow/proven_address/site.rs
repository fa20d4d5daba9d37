//! The site of these tests, with three ways to prove an address and two kinds of sessions.

use serde_json::{Value, json};
use typegate::User;
use typegate::adapter::{SqliteAdapter, UserStore};

use crate::support::{Answer, Browser, Mailbox, World};

pub(super) const VICTIM: &str = "victim@example.com";

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Strategy {
    Tokens,
    Rows,
}

pub(super) const BOTH: [Strategy; 2] = [Strategy::Tokens, Strategy::Rows];

/// How the owner proves the address.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Proof {
    Link,
    OpenIdConnect,
    Catalogue,
}

pub(super) const ALL: [Proof; 3] = [Proof::Link, Proof::OpenIdConnect, Proof::Catalogue];

/// The site, its mail and whoever is at the browser.
pub(super) struct Site {
    pub(super) world: World,
    pub(super) mailbox: Mailbox,
}

/// All providers link by address; `idp` vouches when it says so, GitHub by its list.
macro_rules! start {
    ($adapter:expr, $strategy:expr) => {
        $crate::proven_address::site::start!(
            $adapter,
            $strategy,
            typegate::provider::Provider::into_definition
        )
    };
    ($adapter:expr, $strategy:expr, $change:expr) => {{
        use typegate::provider::{Adjust as _, Adjusted, OAuthDefinition, Oidc};
        let (parts, mailbox) = ($crate::support::Parts::new(), $crate::support::Mailbox::default());
        let change: fn(Adjusted<Oidc>) -> OAuthDefinition = $change;
        let site = $crate::support::site!(parts.clock)
            .provider(change(parts.idp.oidc().dangerously_link_by_email()))
            .provider(
                $crate::support::IdentityProvider::github_provider().dangerously_link_by_email(),
            )
            .provider(mailbox.provider())
            .http_client($crate::support::client_of(&[&parts.idp, &parts.github]))
            .logger(parts.lines.clone())
            .adapter($adapter.clone());
        let auth = match $strategy {
            $crate::proven_address::site::Strategy::Tokens => {
                site.session(typegate::Jwt::default()).build().unwrap()
            }
            $crate::proven_address::site::Strategy::Rows => {
                site.session(typegate::Database::default()).build().unwrap()
            }
        };
        $crate::proven_address::site::Site { world: parts.into_world(auth), mailbox }
    }};
}
pub(super) use start;

pub(super) async fn sqlite() -> SqliteAdapter {
    let adapter = SqliteAdapter::connect("sqlite::memory:").await.unwrap();
    adapter.migrate().await.unwrap();
    adapter
}

impl Site {
    pub(super) fn another_visitor(&mut self) {
        self.world.browser = self.world.another_browser();
    }

    pub(super) fn leave(&mut self) -> Browser {
        let next = self.world.another_browser();
        std::mem::replace(&mut self.world.browser, next)
    }

    /// Comes from `idp` with a subject, an address and what is said of it.
    pub(super) async fn by_idp(
        &mut self,
        subject: &str,
        email: &str,
        verified: Option<Value>,
    ) -> Answer {
        self.world.idp.change(|idp| {
            idp.claims.insert("sub", Some(subject.into()));
            idp.claims.insert("email", Some(email.into()));
            idp.claims.insert("email_verified", verified);
        });
        self.world.sign_in("idp").await
    }

    /// Comes from GitHub.
    pub(super) async fn by_github(&mut self, id: u64, email: &str, verified: bool) -> Answer {
        self.world.github.change(|github| {
            github.user_info["id"] = id.into();
            let emails = json!([{ "email": email, "primary": true, "verified": verified }]);
            github.resources.insert("/user/emails", emails);
        });
        self.world.sign_in("github").await
    }

    pub(super) async fn by_link(&mut self, email: &str) -> Answer {
        self.world.browser.post("/api/auth/signin/email", &[("email", email)]).await;
        self.world.browser.get(&self.mailbox.link()).await
    }

    pub(super) async fn prove(&mut self, proof: Proof) -> Answer {
        match proof {
            Proof::Link => self.by_link(VICTIM).await,
            Proof::OpenIdConnect => self.by_idp("the-victim", VICTIM, Some(json!(true))).await,
            Proof::Catalogue => self.by_github(1000, VICTIM, true).await,
        }
    }
}

pub(super) fn is_signed_in(answer: &Answer) -> bool {
    answer.cookie("next-auth.session-token").is_some_and(|cookie| !cookie.value.is_empty())
}

pub(super) async fn owner(rows: &impl UserStore) -> User {
    rows.user_by_email(VICTIM).await.unwrap().expect("a user with the address")
}
