//! The public test provider: with every rule kept somebody is signed in, with any rule broken
//! nobody is.

use std::collections::HashSet;

use http::Method;
use serde_json::json;
use typegate::provider::Adjust as _;
use typegate::testing::Fault;

use super::support::{ORIGIN, World};

fn world() -> World {
    World::with_provider(|oidc| oidc.fetch_user_info(true))
}

#[tokio::test]
async fn a_provider_that_breaks_any_rule_signs_nobody_in() {
    for fault in Fault::ALL.iter().copied() {
        let mut world = world();
        world.idp.set_fault(fault);
        let started = world.browser.post("/api/auth/signin/idp", &[]).await;
        if fault == Fault::WrongIssuerInDiscovery {
            assert!(started.location().ends_with("error?error=OAuthSignin"), "{fault:?}");
        } else {
            let answer = world.browser.get(&world.idp.authorize(started.location())).await;
            assert!(answer.location().contains("/error?error="), "{fault:?}");
        }
        assert_eq!(world.browser.session().await, json!({}), "{fault:?}");
        let hosts: HashSet<_> =
            world.idp.requests().into_iter().map(|r| r.url.host_str().map(str::to_owned)).collect();
        assert!(hosts.iter().all(|host| host.as_deref() == Some("id.example")), "{fault:?}");

        world.idp.clear_fault();
        // A key that was not known is looked for once a minute.
        world.clock.advance(61);
        assert_eq!(world.sign_in("idp").await.location(), format!("{ORIGIN}/next"), "{fault:?}");
    }
}

#[tokio::test]
async fn the_provider_refuses_what_a_strict_one_refuses() {
    let mut world = world();
    let started = world.browser.post("/api/auth/signin/idp", &[]).await;
    let address = started.location();
    for (from, to) in [
        ("client_id=client", "client_id=other"),
        ("response_type=code", "response_type=token"),
        ("code_challenge_method=S256", "code_challenge_method=plain"),
        ("&state=", "&scope=x&state="),
    ] {
        let spoiled = address.replace(from, to);
        assert_ne!(spoiled, address);
        assert!(world.idp.refuses(&spoiled), "{to}");
    }
    let unknown = http::Request::builder().method(Method::DELETE).uri("https://id.example/token");
    let unknown = unknown.header("accept", "application/json").body(bytes::Bytes::new()).unwrap();
    assert_eq!(world.idp.answer(&unknown).unwrap().status(), 404);
}
