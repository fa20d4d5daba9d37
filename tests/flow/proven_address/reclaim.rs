//! Reclaiming an address: nobody who came to the user without a proof stays once the owner has
//! proved it.

use serde_json::{Value, json};
use typegate::adapter::{MemoryAdapter, UserAccountStore, UserStore};
use typegate::provider::{
    Adjust as _, Adjusted, EmailVouching, OAuthDefinition, Oidc, Provider as _,
};

use super::plain_adapter::Plain;
use super::site::{ALL, BOTH, Proof, Site, Strategy, VICTIM, is_signed_in, owner, sqlite, start};
use crate::support::error;

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
    let always: fn(Adjusted<Oidc>) -> OAuthDefinition =
        |oidc| oidc.email_vouching(EmailVouching::Always).into_definition();
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
