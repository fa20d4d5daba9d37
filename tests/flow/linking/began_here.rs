//! An account is linked to whoever is signed in only where the sign-in began in the same browser: a
//! host beside the site can set check cookies, and not the CSRF token's.

use serde_json::{Map, Value, json};
use typegate::adapter::UserStore as _;
use typegate::provider::{Adjust as _, Check, OAuthDefinition, Oidc, Provider as _, ResponseMode};

use super::{BOTH, JANE, SUBJECT, Stored, Strategy, next, start, start_with, welcome};
use crate::support::{NOW, SECRET, error, open, seal, without_attempt};

const CSRF: &str = "next-auth.csrf-token";
const CHECKS: [&str; 3] = ["next-auth.state", "next-auth.pkce.code_verifier", "next-auth.nonce"];

/// A browser in which Ada is signed in, who has no account at any provider.
async fn signed_in(strategy: Strategy, provider: fn(Oidc) -> OAuthDefinition) -> Stored {
    let mut stored = start_with(strategy, provider);
    let ada = stored.make_user("ada@example.com").await;
    stored.session_of(&ada, strategy, NOW + 3600).await;
    stored
}

/// A sign-in that somebody else began in a browser of their own: the address that leads back, and
/// the check cookies as a `Cookie` line has them.
async fn begun_elsewhere(stored: &mut Stored, id: &str) -> (String, Vec<u8>) {
    let another = stored.world.another_browser();
    let own = std::mem::replace(&mut stored.world.browser, another);
    let back = stored.world.start(id).await;
    let there = std::mem::replace(&mut stored.world.browser, own);
    let cookies = there.cookie_header();
    let checks = cookies
        .split("; ")
        .filter(|pair| CHECKS.contains(&without_attempt(pair.split('=').next().unwrap())));
    (back, checks.collect::<Vec<_>>().join("; ").into())
}

/// Comes back, is told why nothing is linked, and is signed in as before.
async fn expect_no_link(stored: &mut Stored, back: &str, why: &str) {
    let ada = stored.user("ada@example.com").await;
    stored.diary();
    stored.world.lines.take();
    let answer = stored.world.browser.get(back).await;
    assert_eq!(answer.outline()[0], error("OAuthCallback"), "{why}");
    assert!(answer.cookie(super::NAME).is_none(), "{why}");
    let lines = stored.world.lines.take();
    let codes: Vec<_> = lines.iter().map(|line| &*line.code).collect();
    assert_eq!(codes, ["OAUTH_CALLBACK_ERROR"], "{why}");
    assert!(lines[0].message.contains("nothing shows that the sign-in began in this browser"));
    assert!(stored.diary().is_empty(), "{why}");
    assert!(stored.database.rows.accounts(&ada.id).is_empty(), "{why}");
    for (provider, id) in [("idp", SUBJECT), ("github", "583231")] {
        assert!(stored.owner(provider, id).await.is_none(), "{why}");
    }
    for email in [JANE, "octo@example.com"] {
        let user = stored.database.rows.user_by_email(email).await.unwrap();
        assert!(user.is_none(), "{why}");
    }
    assert!(stored.world.browser.session().await["user"].is_object(), "{why}");
}

async fn expect_link(stored: &mut Stored, id: &str) {
    let ada = stored.user("ada@example.com").await;
    assert_eq!(stored.world.sign_in(id).await.outline()[0], next());
    assert_eq!(stored.database.rows.accounts(&ada.id).len(), 1);
}

#[tokio::test]
async fn r203_an_account_is_linked_in_the_browser_that_began() {
    let without_state = |oidc: Oidc| oidc.checks([Check::Pkce, Check::Nonce]).into_definition();
    for strategy in BOTH {
        for (id, provider) in [
            ("idp", Oidc::into_definition as fn(Oidc) -> OAuthDefinition),
            ("github", Oidc::into_definition),
            ("idp", without_state),
        ] {
            for is_under_way in [false, true] {
                let mut stored = signed_in(strategy, provider).await;
                stored.world.browser.csrf_token().await;
                if is_under_way {
                    stored.world.start(id).await;
                }
                let (back, planted) = begun_elsewhere(&mut stored, id).await;
                stored.world.browser.foreign = planted;
                expect_no_link(&mut stored, &back, id).await;
                stored.world.browser.foreign.clear();
                expect_link(&mut stored, id).await;
            }
        }
    }
}

#[tokio::test]
async fn r203_a_browser_without_the_csrf_token_of_the_beginning_links_nothing() {
    for strategy in BOTH {
        for (cookie, is_renewed) in
            [(None, false), (Some("bad"), false), (None, true), (Some("bad"), true)]
        {
            let mut stored = signed_in(strategy, Oidc::into_definition).await;
            let back = stored.world.start("idp").await;
            stored.world.browser.jar.remove(CSRF);
            if let Some(value) = cookie {
                stored.world.browser.jar.plant(CSRF, value);
            }
            if is_renewed {
                stored.world.browser.csrf_token().await;
            }
            expect_no_link(&mut stored, &back, "renewed").await;
            expect_link(&mut stored, "idp").await;
        }
    }
}

#[tokio::test]
async fn r203_two_tabs_link_two_accounts() {
    for order in [[0, 1], [1, 0]] {
        let mut stored = signed_in(Strategy::Rows, Oidc::into_definition).await;
        let ada = stored.user("ada@example.com").await;
        let tabs = [stored.world.start("idp").await, stored.world.start("github").await];
        for tab in order {
            assert_eq!(stored.world.browser.get(&tabs[tab]).await.outline()[0], next());
        }
        assert_eq!(stored.database.rows.accounts(&ada.id).len(), 2);
    }
}

/// Changes what is sealed in a check cookie; under v4's name it is of no attempt in particular.
fn reseal(stored: &mut Stored, name: &str, change: impl FnOnce(&mut Map<String, Value>)) {
    let jar = &mut stored.world.browser.jar;
    let mut sealed = open(jar.value(name).unwrap(), SECRET, name);
    let members = sealed.as_object_mut().unwrap();
    change(members);
    if !members.contains_key("attempt") {
        jar.remove(name);
    }
    jar.plant(name, &seal(&sealed, SECRET, name));
}

/// What is said about the browser in one cookie, where it has to be said, counts.
#[tokio::test]
async fn r203_what_says_nothing_of_the_browser_signs_in_and_links_nothing() {
    let plain: fn(Oidc) -> OAuthDefinition = Oidc::into_definition;
    let without_state: fn(Oidc) -> OAuthDefinition =
        |oidc| oidc.checks([Check::Pkce, Check::Nonce]).into_definition();
    for (provider, name) in
        [(plain, CHECKS[0]), (without_state, CHECKS[1]), (without_state, CHECKS[2])]
    {
        for claim in [Value::Null, json!(""), json!(1), json!("0".repeat(32))] {
            for is_signed_in in [true, false] {
                let mut stored = signed_in(Strategy::Tokens, provider).await;
                let back = stored.world.start("idp").await;
                reseal(&mut stored, name, |members| {
                    assert!(members.remove("browser").is_some_and(|key| key.is_string()));
                    if !claim.is_null() {
                        members.insert("browser".into(), claim.clone());
                    }
                });
                expect_sign_in_only(&mut stored, &back, is_signed_in).await;
            }
        }
    }
}

/// A Node server seals under v4's names, and neither attempt nor browser.
#[tokio::test]
async fn r203_a_sign_in_begun_at_a_node_server_links_nothing() {
    for is_signed_in in [true, false] {
        let mut stored = signed_in(Strategy::Rows, Oidc::into_definition).await;
        let back = stored.world.start("idp").await;
        for name in CHECKS {
            reseal(&mut stored, name, |members| {
                members.retain(|member, _| member != "attempt" && member != "browser");
            });
        }
        expect_sign_in_only(&mut stored, &back, is_signed_in).await;
    }
}

async fn expect_sign_in_only(stored: &mut Stored, back: &str, is_signed_in: bool) {
    if is_signed_in {
        return expect_no_link(stored, back, "nothing is said").await;
    }
    stored.world.browser.jar.remove(super::NAME);
    assert_eq!(stored.world.browser.get(back).await.outline()[0], welcome());
    assert_eq!(stored.owner("idp", SUBJECT).await.unwrap().email.unwrap(), JANE);
}

/// A form of another site brings neither the session nor the CSRF token along.
#[tokio::test]
async fn r203_a_form_post_signs_in_as_ever() {
    for strategy in BOTH {
        let mut stored = signed_in(strategy, |oidc| {
            oidc.response_mode(ResponseMode::FormPost).into_definition()
        })
        .await;
        let ada = stored.user("ada@example.com").await;
        let answer = stored.world.sign_in("idp").await;
        // Nor the callback URL.
        assert_eq!(answer.outline()[0], welcome().replace("%2Fnext", ""));
        assert!(stored.database.rows.accounts(&ada.id).is_empty());
        assert_eq!(stored.world.browser.session().await["user"]["email"], JANE);
    }
}

/// Whoever owns the account already is signed in, as by a link to the site.
#[tokio::test]
async fn r203_who_owns_the_account_needs_no_link() {
    let mut stored = start(Strategy::Rows);
    stored.world.sign_in("idp").await;
    let (back, planted) = begun_elsewhere(&mut stored, "idp").await;
    stored.world.browser.foreign = planted;
    assert_eq!(stored.world.browser.get(&back).await.outline()[0], next());
}
