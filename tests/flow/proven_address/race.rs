//! Sign-ins that are under way while the owner proves the address.

use serde_json::json;
use typegate::adapter::UserStore as _;

use super::site::{BOTH, Strategy, VICTIM, start};
use crate::support::Database;

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
