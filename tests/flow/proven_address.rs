//! Whoever proves an address gets the user who has it, and nobody else who came to that user
//! without a proof stays: by OpenID Connect, by a provider of the catalogue and by e-mail, with
//! sessions in cookies and in the database, in memory and in SQLite.

use std::fmt::Debug;

use serde_json::{Value, json};
use typegate::adapter::{
    MemoryAdapter, SessionStore, SqliteAdapter, UserAccountStore, UserStore, VerificationTokenStore,
};
use typegate::provider::{Adjust as _, EmailVouching, Oidc};
use typegate::{
    Account, AccountType, AdapterError, Jwt, NewAccount, NewSession, NewUser, SessionRecord,
    SessionToken, TokenHash, TokenSet, User, UserUpdate, VerificationToken,
};

use super::support::{
    Answer, Browser, Database, IdentityProvider, Mailbox, Parts, World, client_of, error, site,
};

const VICTIM: &str = "victim@example.com";

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Strategy {
    Tokens,
    Rows,
}

const BOTH: [Strategy; 2] = [Strategy::Tokens, Strategy::Rows];

/// How the owner proves the address.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Proof {
    Link,
    OpenIdConnect,
    Catalogue,
}

const ALL: [Proof; 3] = [Proof::Link, Proof::OpenIdConnect, Proof::Catalogue];

/// The site, its mail and whoever is at the browser.
struct Site {
    world: World,
    mailbox: Mailbox,
}

/// All providers link by address; `idp` vouches when it says so, GitHub by its list.
macro_rules! start {
    ($adapter:expr, $strategy:expr) => {
        start!($adapter, $strategy, |oidc: Oidc| oidc)
    };
    ($adapter:expr, $strategy:expr, $change:expr) => {{
        let (parts, mailbox) = (Parts::new(), Mailbox::default());
        let change: fn(Oidc) -> Oidc = $change;
        let site = site!(parts.clock)
            .provider(change(parts.idp.oidc().dangerously_link_by_email()))
            .provider(IdentityProvider::github_provider().dangerously_link_by_email())
            .provider(mailbox.provider())
            .http_client(client_of(&[&parts.idp, &parts.github]))
            .logger(parts.lines.clone())
            .adapter($adapter.clone());
        let auth = match $strategy {
            Strategy::Tokens => site.session(Jwt::default()).build().unwrap(),
            Strategy::Rows => site.session(typegate::Database::default()).build().unwrap(),
        };
        Site { world: parts.into_world(auth), mailbox }
    }};
}

async fn sqlite() -> SqliteAdapter {
    let adapter = SqliteAdapter::connect("sqlite::memory:").await.unwrap();
    adapter.migrate().await.unwrap();
    adapter
}

impl Site {
    fn another_visitor(&mut self) {
        self.world.browser = self.world.another_browser();
    }

    fn leave(&mut self) -> Browser {
        let next = self.world.another_browser();
        std::mem::replace(&mut self.world.browser, next)
    }

    /// Comes from `idp` with a subject, an address and what is said of it.
    async fn by_idp(&mut self, subject: &str, email: &str, verified: Option<Value>) -> Answer {
        self.world.idp.change(|idp| {
            idp.claims.insert("sub", Some(subject.into()));
            idp.claims.insert("email", Some(email.into()));
            idp.claims.insert("email_verified", verified);
        });
        self.world.sign_in("idp").await
    }

    /// Comes from GitHub.
    async fn by_github(&mut self, id: u64, email: &str, verified: bool) -> Answer {
        self.world.github.change(|github| {
            github.user_info["id"] = id.into();
            let emails = json!([{ "email": email, "primary": true, "verified": verified }]);
            github.resources.insert("/user/emails", emails);
        });
        self.world.sign_in("github").await
    }

    async fn by_link(&mut self, email: &str) -> Answer {
        self.world.browser.post("/api/auth/signin/email", &[("email", email)]).await;
        self.world.browser.get(&self.mailbox.link()).await
    }

    async fn prove(&mut self, proof: Proof) -> Answer {
        match proof {
            Proof::Link => self.by_link(VICTIM).await,
            Proof::OpenIdConnect => self.by_idp("the-victim", VICTIM, Some(json!(true))).await,
            Proof::Catalogue => self.by_github(1000, VICTIM, true).await,
        }
    }
}

fn is_signed_in(answer: &Answer) -> bool {
    answer.cookie("next-auth.session-token").is_some_and(|cookie| !cookie.value.is_empty())
}

async fn owner(rows: &impl UserStore) -> User {
    rows.user_by_email(VICTIM).await.unwrap().expect("a user with the address")
}

/// The attacker was here first, with the victim's address at a provider that does not vouch for it.
/// Neither the account nor the session of before leads to the victim's user.
async fn attacked<A: UserStore + UserAccountStore>(
    mut site: Site,
    rows: &A,
    at: &str,
    proof: Proof,
    strategy: Strategy,
) {
    let case = format!("{at} {proof:?} {strategy:?}");
    let attack = async |site: &mut Site| match at {
        "idp" => site.by_idp("the-attacker", VICTIM, None).await,
        _ => site.by_github(666, VICTIM, false).await,
    };
    assert!(is_signed_in(&attack(&mut site).await), "{case}");
    let before = owner(rows).await;
    assert_eq!(before.email_verified, None, "{case}");
    let mut attacker = site.leave();

    let answer = site.prove(proof).await;
    assert!(is_signed_in(&answer), "{case}: {answer:?}");
    assert_eq!(site.world.browser.session().await["user"]["email"], VICTIM, "{case}");
    let victim = owner(rows).await;
    assert!(victim.email_verified.is_some(), "{case}");
    assert!(site.world.lines.codes().contains(&"ADDRESS_RECLAIMED".to_owned()), "{case}");

    // The account is nobody's, or that of the user without an address.
    let (provider, id) = if at == "idp" { (at, "the-attacker") } else { (at, "666") };
    let account = rows.user_by_account(provider, id).await.unwrap();
    assert!(account.is_none_or(|user| user.id != victim.id && user.email.is_none()), "{case}");
    // Neither does the session of before lead there.
    match strategy {
        Strategy::Rows => assert_eq!(attacker.session().await, json!({}), "{case}"),
        Strategy::Tokens => assert_ne!(before.id, victim.id, "{case}"),
    }
    // Coming again leads nowhere near.
    site.leave();
    let again = attack(&mut site).await;
    let account = rows.user_by_account(provider, id).await.unwrap();
    assert!(account.as_ref().is_none_or(|user| user.id != victim.id), "{case}");
    match strategy {
        Strategy::Rows => {
            assert_eq!(again.location(), error("OAuthAccountNotLinked").split_off(4), "{case}");
        }
        Strategy::Tokens => {
            assert_ne!(site.world.browser.session().await["user"]["email"], VICTIM, "{case}");
        }
    }
    // Nor does what the attacker's browser still has link anything to the victim.
    site.world.browser = attacker;
    site.by_idp("another-of-the-attacker", "eve@evil.test", Some(json!(true))).await;
    let linked = rows.user_by_account("idp", "another-of-the-attacker").await.unwrap();
    assert_ne!(linked.unwrap().id, victim.id, "{case}");
    let accounts = rows.accounts_of_user(&victim.id).await.unwrap();
    assert_eq!(accounts.len(), usize::from(proof != Proof::Link), "{case}");
    // The victim's own way goes on.
    site.another_visitor();
    site.prove(proof).await;
    assert_eq!(owner(rows).await.id, victim.id, "{case}");
}

#[tokio::test]
async fn r192_an_account_on_an_unproven_address_does_not_survive_the_owners_proof() {
    for strategy in BOTH {
        for at in ["idp", "github"] {
            for proof in ALL {
                let rows = MemoryAdapter::new();
                attacked(start!(rows, strategy), &rows, at, proof, strategy).await;
                let rows = sqlite().await;
                attacked(start!(rows, strategy), &rows, at, proof, strategy).await;
            }
        }
    }
}

/// Somebody who was linked by the attacker while signed in does not stay either, however much that
/// provider vouches for another address.
#[tokio::test]
async fn r192_nor_does_any_other_account_that_came_with_it() {
    let always: fn(Oidc) -> Oidc = |oidc| oidc.email_vouching(EmailVouching::Always);
    for (strategy, proof) in
        BOTH.into_iter().flat_map(|one| [(one, Proof::Link), (one, Proof::Catalogue)])
    {
        let rows = MemoryAdapter::new();
        let mut site = start!(rows, strategy, always);
        site.by_github(666, VICTIM, false).await;
        site.by_idp("of-the-attacker", "eve@evil.test", Some(json!(true))).await;
        let before = owner(&rows).await;
        assert_eq!(rows.accounts(&before.id).len(), 2);
        site.leave();
        site.prove(proof).await;
        let victim = owner(&rows).await;
        for (provider, id) in [("github", "666"), ("idp", "of-the-attacker")] {
            let account = rows.user_by_account(provider, id).await.unwrap();
            assert!(account.is_none_or(|user| user.id != victim.id), "{strategy:?} {provider}");
        }
    }
}

/// A stranger who was first does not lock the owner out, and a second one changes nothing.
#[tokio::test]
async fn r192_no_unproven_sign_in_takes_or_locks_an_address() {
    for strategy in BOTH {
        for proof in ALL {
            let rows = MemoryAdapter::new();
            let mut site = start!(rows, strategy);
            site.by_idp("first", VICTIM, Some(json!(false))).await;
            site.leave();
            let second = site.by_github(7, VICTIM, false).await;
            assert!(second.location().ends_with("/error?error=OAuthAccountNotLinked"));
            let lines = site.world.lines.take();
            assert!(lines[0].message.contains("does not vouch"), "{}", lines[0].message);
            assert!(is_signed_in(&site.prove(proof).await), "{proof:?}");
            let victim = owner(&rows).await;
            // Nor later.
            site.leave();
            site.by_github(8, VICTIM, false).await;
            site.by_idp("third", VICTIM, None).await;
            assert_eq!(owner(&rows).await, victim);
            for (provider, id) in [("github", "7"), ("github", "8"), ("idp", "third")] {
                assert!(rows.user_by_account(provider, id).await.unwrap().is_none());
            }
        }
    }
}

#[tokio::test]
async fn r192_only_an_address_that_the_provider_vouches_for_links() {
    type Change = fn(Oidc) -> Oidc;
    let always: Change = |oidc| oidc.email_vouching(EmailVouching::Always);
    let by_claim: Change = |oidc| oidc;
    for (change, verified, links) in [
        (by_claim, Some(json!(true)), true),
        (by_claim, Some(json!("true")), true),
        (by_claim, Some(json!(false)), false),
        (by_claim, Some(json!("false")), false),
        (by_claim, Some(json!(1)), false),
        (by_claim, None, false),
        (always, None, true),
        (always, Some(json!(true)), true),
        (always, Some(json!(false)), false),
        (always, Some(json!("false")), false),
    ] {
        for strategy in BOTH {
            let rows = MemoryAdapter::new();
            let mut site = start!(rows, strategy, change);
            site.by_link(VICTIM).await;
            let victim = owner(&rows).await;
            site.leave();
            let answer = site.by_idp("somebody", VICTIM, verified.clone()).await;
            assert_eq!(is_signed_in(&answer), links, "{verified:?}");
            let linked = rows.user_by_account("idp", "somebody").await.unwrap();
            assert_eq!(linked.map(|user| user.id), links.then_some(victim.id), "{verified:?}");
        }
    }
}

#[tokio::test]
async fn r192_github_vouches_for_the_addresses_that_its_list_says_are_verified() {
    for (public, verified, links) in
        [(false, true, true), (false, false, false), (true, true, true), (true, false, false)]
    {
        let rows = MemoryAdapter::new();
        let mut site = start!(rows, Strategy::Tokens);
        site.by_link(VICTIM).await;
        site.leave();
        if public {
            site.world.github.change(|github| github.user_info["email"] = VICTIM.into());
        }
        let answer = site.by_github(1, VICTIM, verified).await;
        assert_eq!(is_signed_in(&answer), links, "public {public}, verified {verified}");
    }
}

/// v4 never stored a proof for OAuth, so its databases are full of people without one. They keep
/// their user, their accounts and their sessions.
#[tokio::test]
async fn r192_honest_people_of_a_v4_database_keep_what_is_theirs() {
    let id_token = |email: &str, verified: bool| {
        let claims = json!({ "email": email, "email_verified": verified }).to_string();
        use base64::Engine as _;
        let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims);
        format!("e30.{payload}.c2lnbmF0dXJl")
    };
    let always: fn(Oidc) -> Oidc = |oidc| oidc.email_vouching(EmailVouching::Always);
    let by_claim: fn(Oidc) -> Oidc = |oidc| oidc;
    for (change, token, stays) in [
        (by_claim, Some(id_token("Victim@example.com", true)), true),
        (by_claim, Some(id_token(VICTIM, false)), false),
        (by_claim, Some(id_token("eve@evil.test", true)), false),
        (by_claim, None, false),
        (always, None, true),
    ] {
        for strategy in BOTH {
            let rows = sqlite().await;
            let mut new = NewUser::default();
            new.email = Some(VICTIM.into());
            let mut account = Account::new(AccountType::OAuth, "idp", "the-victim");
            if let Some(token) = &token {
                let members = json!({ "id_token": token }).as_object().cloned().unwrap();
                account.tokens = TokenSet::from_members(members);
            }
            let user = rows.create_user_with_account(new, account).await.unwrap();
            let mut site = start!(rows, strategy, change);
            site.by_link(VICTIM).await;
            let after = owner(&rows).await;
            assert!(after.email_verified.is_some());
            let accounts = rows.accounts_of_user(&after.id).await.unwrap().len();
            assert_eq!(accounts, usize::from(stays), "{token:?} {strategy:?}");
            let is_same = stays || strategy == Strategy::Rows;
            assert_eq!(after.id == user.id, is_same, "{token:?} {strategy:?}");
        }
    }
}

#[tokio::test]
async fn r192_a_vouched_sign_in_with_a_known_account_stores_the_proof() {
    for strategy in BOTH {
        let rows = MemoryAdapter::new();
        let mut site = start!(rows, strategy);
        site.by_idp("the-victim", VICTIM, None).await;
        assert_eq!(owner(&rows).await.email_verified, None);
        // Of another address nothing is stored.
        site.leave();
        site.by_idp("the-victim", "other@example.com", Some(json!(true))).await;
        assert_eq!(owner(&rows).await.email_verified, None);
        site.leave();
        site.by_idp("the-victim", "Victim@Example.com ", Some(json!(true))).await;
        let proved = owner(&rows).await;
        assert!(proved.email_verified.is_some());
        // From then on the link leads to the same user, and the account stays.
        site.leave();
        site.by_link(VICTIM).await;
        assert_eq!(owner(&rows).await.id, proved.id);
        assert_eq!(rows.accounts(&proved.id).len(), 1);
    }
}

/// Users whom the application made itself are its own word.
#[tokio::test]
async fn r192_a_user_without_accounts_is_the_owners() {
    for strategy in BOTH {
        for proof in ALL {
            let rows = MemoryAdapter::new();
            let mut new = NewUser::default();
            new.email = Some(VICTIM.into());
            let user = rows.create_user(new).await.unwrap();
            let mut site = start!(rows, strategy);
            assert!(is_signed_in(&site.prove(proof).await));
            let after = owner(&rows).await;
            assert_eq!(after.id, user.id, "{strategy:?} {proof:?}");
            assert!(after.email_verified.is_some());
        }
    }
}

/// An adapter of the application's own that knows nothing of all this.
#[derive(Clone, Default)]
struct Plain(MemoryAdapter);

impl UserStore for Plain {
    async fn create_user(&self, user: NewUser) -> Result<User, AdapterError> {
        self.0.create_user(user).await
    }
    async fn user(&self, id: &str) -> Result<Option<User>, AdapterError> {
        self.0.user(id).await
    }
    async fn user_by_email(&self, email: &str) -> Result<Option<User>, AdapterError> {
        self.0.user_by_email(email).await
    }
    async fn user_by_account(&self, one: &str, id: &str) -> Result<Option<User>, AdapterError> {
        self.0.user_by_account(one, id).await
    }
    async fn update_user(&self, update: UserUpdate) -> Result<User, AdapterError> {
        self.0.update_user(update).await
    }
    async fn delete_user(&self, id: &str) -> Result<(), AdapterError> {
        self.0.delete_user(id).await
    }
    async fn link_account(&self, account: NewAccount) -> Result<(), AdapterError> {
        self.0.link_account(account).await
    }
    async fn unlink_account(&self, provider: &str, id: &str) -> Result<(), AdapterError> {
        self.0.unlink_account(provider, id).await
    }
}

impl SessionStore for Plain {
    async fn create_session(&self, session: NewSession) -> Result<(), AdapterError> {
        self.0.create_session(session).await
    }
    async fn session_and_user(
        &self,
        token: &SessionToken,
    ) -> Result<Option<(SessionRecord, User)>, AdapterError> {
        self.0.session_and_user(token).await
    }
    async fn update_session(
        &self,
        token: &SessionToken,
        expires: jiff::Timestamp,
    ) -> Result<(), AdapterError> {
        self.0.update_session(token, expires).await
    }
    async fn delete_session(
        &self,
        token: &SessionToken,
    ) -> Result<Option<SessionRecord>, AdapterError> {
        self.0.delete_session(token).await
    }
}

impl VerificationTokenStore for Plain {
    async fn create_verification_token(
        &self,
        token: VerificationToken,
    ) -> Result<(), AdapterError> {
        self.0.create_verification_token(token).await
    }
    async fn use_verification_token(
        &self,
        identifier: &str,
        token: &TokenHash,
    ) -> Result<Option<VerificationToken>, AdapterError> {
        self.0.use_verification_token(identifier, token).await
    }
}

#[tokio::test]
async fn r192_with_an_adapter_that_cannot_unlink_the_address_goes_to_a_new_user() {
    for strategy in BOTH {
        for proof in ALL {
            let adapter = Plain::default();
            let mut site = start!(adapter, strategy);
            site.by_github(666, VICTIM, false).await;
            let before = owner(&adapter.0).await;
            let mut attacker = site.leave();
            assert!(is_signed_in(&site.prove(proof).await), "{strategy:?} {proof:?}");
            let victim = owner(&adapter.0).await;
            assert_ne!(victim.id, before.id);
            let account = adapter.0.user_by_account("github", "666").await.unwrap().unwrap();
            assert_eq!((account.id, account.email), (before.id, None));
            if strategy == Strategy::Rows {
                assert_eq!(attacker.session().await["user"]["email"], Value::Null);
            }
        }
    }
}

/// A sign-in that is under way while the owner comes, at every step of it: what it makes afterwards
/// does not stay.
#[tokio::test]
async fn r192_a_sign_in_under_way_does_not_survive_the_owners_proof() {
    for is_signed_in in [false, true] {
        for delay in -30..30 {
            let rows = Database::default();
            let mut site = start!(rows, Strategy::Rows);
            site.by_github(666, VICTIM, false).await;
            if !is_signed_in {
                site.leave();
            }
            // Comes again, or links a second account.
            let again = if is_signed_in { "idp" } else { "github" };
            site.world.idp.change(|idp| {
                idp.claims.insert("email", Some("eve@evil.test".into()));
                idp.claims.insert("email_verified", None);
            });
            let back = site.world.go_away(again).await;
            let mut owner = site.world.another_browser();
            owner.post("/api/auth/signin/email", &[("email", VICTIM)]).await;
            let link = site.mailbox.link();
            let wait = async |turns: i32| {
                for _ in 0..turns {
                    tokio::task::yield_now().await;
                }
            };
            let attack = async {
                wait(-delay).await;
                site.world.browser.bring(&back).await
            };
            let proof = async {
                wait(delay).await;
                owner.get(&link).await
            };
            tokio::join!(attack, proof);
            let case = format!("signed in {is_signed_in}, delay {delay}");
            assert_eq!(owner.session().await["user"]["email"], VICTIM, "{case}");
            let victim = rows.rows.user_by_email(VICTIM).await.unwrap().unwrap();
            assert!(victim.email_verified.is_some(), "{case}");
            assert!(rows.rows.accounts(&victim.id).is_empty(), "{case}");
            // Whoever comes late with a second account is a user of their own.
            let session = site.world.browser.session().await;
            assert_ne!(session["user"]["email"], VICTIM, "{case}");
        }
    }
}

/// Nor does a first sign-in, which makes the user while the owner's link looks for one.
#[tokio::test]
async fn r192_a_user_who_is_made_while_the_owner_comes_is_no_way_in() {
    for (strategy, delay) in BOTH.into_iter().flat_map(|one| (-30..30).map(move |at| (one, at))) {
        let rows = Database::default();
        let mut site = start!(rows, strategy);
        site.world.github.change(|github| {
            github.user_info["id"] = 666.into();
            let emails = json!([{ "email": VICTIM, "primary": true, "verified": false }]);
            github.resources.insert("/user/emails", emails);
        });
        let back = site.world.go_away("github").await;
        let mut owner = site.world.another_browser();
        owner.post("/api/auth/signin/email", &[("email", VICTIM)]).await;
        let link = site.mailbox.link();
        let wait = async |turns: i32| {
            for _ in 0..turns {
                tokio::task::yield_now().await;
            }
        };
        let attack = async {
            wait(-delay).await;
            site.world.browser.bring(&back).await
        };
        let proof = async {
            wait(delay).await;
            owner.get(&link).await
        };
        tokio::join!(attack, proof);
        let case = format!("{strategy:?}, delay {delay}");
        assert_eq!(owner.session().await["user"]["email"], VICTIM, "{case}");
        let victim = rows.rows.user_by_email(VICTIM).await.unwrap().unwrap();
        assert!(victim.email_verified.is_some(), "{case}");
        let account = rows.rows.user_by_account("github", "666").await.unwrap();
        assert!(account.is_none_or(|user| user.id != victim.id), "{case}");
        if strategy == Strategy::Rows {
            assert_ne!(site.world.browser.session().await["user"]["email"], VICTIM, "{case}");
        }
    }
}

/// What the ID token and the userinfo answer say of an address is about their own.
#[tokio::test]
async fn r192_a_word_about_one_address_is_none_about_another() {
    let (mine, verified) = (json!("eve@evil.test"), json!(true));
    let victims = json!(VICTIM);
    let spelled = json!("Victim@Example.com");
    for (token, info, links) in [
        ([Some(&victims), None], [Some(&mine), Some(&verified)], false),
        ([Some(&victims), None], [None, Some(&verified)], false),
        ([None, Some(&verified)], [Some(&victims), None], false),
        ([Some(&mine), Some(&verified)], [Some(&victims), None], false),
        ([Some(&victims), None], [Some(&victims), Some(&verified)], true),
        ([Some(&victims), None], [Some(&spelled), Some(&verified)], true),
        ([None, None], [Some(&victims), Some(&verified)], true),
        ([Some(&victims), Some(&verified)], [None, None], true),
        ([Some(&victims), Some(&verified)], [Some(&mine), None], true),
    ] {
        let rows = MemoryAdapter::new();
        let mut site = start!(rows, Strategy::Tokens, |oidc: Oidc| oidc.fetch_user_info(true));
        site.by_link(VICTIM).await;
        let victim = owner(&rows).await;
        site.leave();
        site.world.idp.change(|idp| {
            for (name, (said, informed)) in
                ["email", "email_verified"].into_iter().zip(token.into_iter().zip(info))
            {
                idp.claims.insert(name, said.cloned());
                if let Some(value) = informed {
                    idp.user_info[name] = value.clone();
                }
            }
        });
        site.world.sign_in("idp").await;
        let accounts = rows.accounts(&victim.id);
        assert_eq!(!accounts.is_empty(), links, "{token:?} {info:?}");
    }
}

/// What an ID token says of an address counts for more than what is said of the provider, also of
/// an account that was there before.
#[tokio::test]
async fn r192_a_provider_that_vouches_for_all_vouches_for_none_that_it_denies() {
    let always: fn(Oidc) -> Oidc = |oidc| oidc.email_vouching(EmailVouching::Always);
    for (strategy, proof) in
        BOTH.into_iter().flat_map(|one| [(one, Proof::Link), (one, Proof::Catalogue)])
    {
        let rows = MemoryAdapter::new();
        let mut site = start!(rows, strategy, always);
        site.by_idp("of-the-attacker", VICTIM, Some(json!(false))).await;
        assert_eq!(owner(&rows).await.email_verified, None);
        let mut attacker = site.leave();
        assert!(is_signed_in(&site.prove(proof).await));
        let victim = owner(&rows).await;
        let account = rows.user_by_account("idp", "of-the-attacker").await.unwrap();
        assert!(account.is_none_or(|user| user.id != victim.id), "{strategy:?} {proof:?}");
        if strategy == Strategy::Rows {
            assert_eq!(attacker.session().await, json!({}), "{proof:?}");
        }

        // Nor is it the owner's for an address that its token does not name, once the account that
        // brought the address is gone.
        let rows = MemoryAdapter::new();
        let mut site = start!(rows, strategy, always);
        site.by_github(666, VICTIM, false).await;
        site.by_idp("of-the-attacker", "eve@evil.test", Some(json!(true))).await;
        UserStore::unlink_account(&rows, "github", "666").await.unwrap();
        site.leave();
        assert!(is_signed_in(&site.prove(proof).await));
        let victim = owner(&rows).await;
        let account = rows.user_by_account("idp", "of-the-attacker").await.unwrap();
        assert!(account.is_none_or(|user| user.id != victim.id), "{strategy:?} {proof:?}");
    }
}

/// A session that only says that it has an address is no owner's: it neither uses up what the owner
/// has nor gets more messages than strangers do.
#[tokio::test]
async fn r189_a_session_with_an_unproven_address_is_a_strangers() {
    let stranger = |number: u16| Some([0x2001, 0xdb8, number, 0, 0, 0, 0, 7].into());
    for strategy in BOTH {
        let rows = MemoryAdapter::new();
        let mut site = start!(rows, strategy);
        site.by_github(666, VICTIM, false).await;
        let mut attacker = site.leave();
        if strategy == Strategy::Tokens {
            site.by_link(VICTIM).await;
        }
        let fields = [("email", VICTIM)];
        let mut sent = 0;
        for number in 1..40 {
            attacker.peer = stranger(number);
            let answer = attacker.post("/api/auth/signin/email", &fields).await;
            sent += usize::from(!answer.location().contains("error"));
        }
        // The owner's own request was a stranger's, too.
        assert_eq!(sent, if strategy == Strategy::Tokens { 9 } else { 10 }, "{strategy:?}");
        if strategy == Strategy::Tokens {
            let owner = &mut site.world.browser;
            owner.peer = stranger(1000);
            let answer = owner.post("/api/auth/signin/email", &fields).await;
            assert!(!answer.location().contains("error"), "{}", answer.location());
        }
    }
}

/// Any order of sign-ins of two people with one address: once it is proved, only accounts that
/// proved it lead to its user.
#[tokio::test]
async fn r192_in_any_order_only_accounts_that_proved_an_address_lead_to_its_user() {
    // A fixed sequence (xorshift), so that a failure can be repeated.
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 16) % below
    };
    for round in 0..60 {
        let rows = MemoryAdapter::new();
        let strategy = BOTH[round % 2];
        let mut site = start!(rows, strategy);
        let mut proved = std::collections::HashSet::new();
        let mut steps = Vec::new();
        for _ in 0..8 {
            site.leave();
            let (number, verified) = (next(3), next(2) == 0);
            let account = match next(5) {
                0 => {
                    steps.push("link".to_owned());
                    site.by_link(VICTIM).await;
                    continue;
                }
                1 | 2 => {
                    let subject = format!("subject-{number}");
                    site.by_idp(&subject, VICTIM, Some(json!(verified))).await;
                    ("idp", subject)
                }
                _ => {
                    site.by_github(number, VICTIM, verified).await;
                    ("github", number.to_string())
                }
            };
            steps.push(format!("{account:?} {verified}"));
            if verified {
                proved.insert(account);
            }
            let Some(user) = rows.user_by_email(VICTIM).await.unwrap() else { continue };
            if user.email_verified.is_none() {
                continue;
            }
            for account in rows.accounts(&user.id) {
                let ids = [("idp", &account), ("github", &account)];
                let is_proved = ids.iter().any(|(provider, account)| {
                    account.provider == *provider
                        && proved.contains(&(*provider, account.provider_account_id.clone()))
                });
                let name = format!("{} {}", account.provider, account.provider_account_id);
                assert!(is_proved, "{strategy:?}: {name} after {steps:?}");
            }
        }
    }
}
