//! E-mail addresses of providers: one form, one user, and no link without a proof.

use serde_json::json;
use typegate::adapter::{MemoryAdapter, UserAccountStore as _, UserStore as _};
use typegate::provider::{Adjust as _, EmailVouching, Oidc, VouchesForEmail};
use typegate::{Jwt, NewUser};

use super::site::user_of;
use crate::support::{World, error, world};

fn linking<P: VouchesForEmail>(rows: &MemoryAdapter, change: impl FnOnce(Oidc) -> P) -> World {
    let rows = rows.clone();
    world!(|oidc: Oidc| change(oidc).dangerously_link_by_email(),
        site => site.adapter(rows).session(Jwt::default()).build().unwrap())
}

/// Trimmed, composed, in lower case, the domain in ASCII.
#[tokio::test]
async fn spellings_of_one_address_are_one_user() {
    let always = |oidc: Oidc| oidc.email_vouching(EmailVouching::Always);
    for (first, then) in [
        ("ann@example.com ", "ann@example.com"),
        ("ann@example.com", "\tAnn@Example.COM\n"),
        ("a\u{301}nn@example.com", "\u{e1}nn@example.com"),
        ("ann@b\u{fc}cher.example", "ann@xn--bcher-kva.example"),
        ("ann@bu\u{308}cher.example", "ANN@B\u{dc}CHER.example"),
    ] {
        let rows = MemoryAdapter::new();
        let mut world = linking(&rows, always);
        let mut emails = Vec::new();
        for (subject, email) in [("1", first), ("2", then)] {
            world.browser = world.another_browser();
            world.idp.change(|idp| {
                idp.claims.insert("sub", Some(subject.into()));
                idp.claims.insert("email", Some(email.into()));
            });
            emails.push(user_of(&mut world, "idp").await["email"].clone());
        }
        assert_eq!(emails[0], emails[1]);
        let user = rows.user_by_account("idp", "1").await.unwrap().unwrap();
        assert_eq!(rows.accounts_of_user(&user.id).await.unwrap().len(), 2, "{first:?} {then:?}");
    }
}

/// Without a link by address the second one is refused, and is no second user.
#[tokio::test]
async fn spellings_of_one_address_are_not_two_users() {
    let rows = MemoryAdapter::new();
    let adapter = rows.clone();
    let mut world: World =
        world!(site => site.adapter(adapter).session(Jwt::default()).build().unwrap());
    for (subject, email, refused) in
        [("1", "ann@example.com ", false), ("2", "Ann@EXAMPLE.com", true)]
    {
        world.browser = world.another_browser();
        world.idp.change(|idp| {
            idp.claims.insert("sub", Some(subject.into()));
            idp.claims.insert("email", Some(email.into()));
        });
        let answer = world.sign_in("idp").await;
        let is_refused = answer.outline()[0] == error("OAuthAccountNotLinked");
        assert_eq!(is_refused, refused, "{email:?}");
    }
    assert!(rows.user_by_account("idp", "2").await.unwrap().is_none());
}

/// The flag means "by an address", and not "by an unproved one".
#[tokio::test]
async fn an_address_that_the_provider_calls_unproved_links_nothing() {
    for vouching in [EmailVouching::WhenVerified, EmailVouching::Always] {
        for word in [json!(false), json!("false"), json!(0), json!([]), json!("no")] {
            let rows = MemoryAdapter::new();
            let mut new = NewUser::default();
            new.email = Some("jane@example.com".into());
            rows.create_user(new).await.unwrap();
            let mut world = linking(&rows, |oidc| oidc.email_vouching(vouching));
            world.idp.change(|idp| drop(idp.claims.insert("email_verified", Some(word.clone()))));
            let answer = world.sign_in("idp").await;
            assert_eq!(answer.outline()[0], error("OAuthAccountNotLinked"), "{word}");
            assert_eq!(world.browser.session().await, json!({}), "{word}");
            let line = world.lines.take().pop().unwrap();
            assert_eq!(line.code, "OAUTH_ACCOUNT_NOT_LINKED");
            assert!(line.message.contains("does not vouch"), "{}", line.message);
            world.browser = world.another_browser();
            world.idp.change(|idp| drop(idp.claims.insert("email_verified", Some(true.into()))));
            user_of(&mut world, "idp").await;
        }
    }
}
