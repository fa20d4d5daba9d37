//! Clocks that differ: by how much, what is said, and where it counts.

use typegate::adapter::MemoryAdapter;
use typegate::provider::{Adjust as _, Oidc, Provider as _};
use typegate::testing::IdentityProvider;
use typegate::{Auth, Secret};

use super::support::{NOW, ORIGIN, World, error, world};

fn world_with(tolerance: u32) -> World {
    World::with_provider(move |oidc| oidc.clock_tolerance(tolerance))
}

/// A time of the ID token that is off, by seconds after now, with and without a tolerance of 60.
const TIMES: [(&str, i64, bool, bool, &str); 10] = [
    ("iat", 10, true, true, ""),
    ("iat", 11, false, true, "was issued in the future, by 11 seconds"),
    ("iat", 60, false, true, "was issued in the future, by 60 seconds"),
    ("iat", 61, false, false, "was issued in the future, by 61 seconds"),
    ("nbf", 11, false, true, "is not valid yet, by 11 seconds"),
    ("nbf", 61, false, false, "is not valid yet, by 61 seconds"),
    ("exp", -9, true, true, ""),
    ("exp", -10, false, true, "has expired, by 10 seconds"),
    ("exp", -59, false, true, "has expired, by 59 seconds"),
    ("exp", -60, false, false, "has expired, by 60 seconds"),
];

#[tokio::test]
async fn times_of_an_id_token_may_differ_by_the_tolerance_and_no_more() {
    for (claim, seconds, by_default, with_60, says) in TIMES {
        for (mut world, accepted, tolerance) in
            [(World::new(), by_default, 10), (world_with(60), with_60, 60)]
        {
            let time = (NOW + seconds).into();
            world.idp.change(|idp| drop(idp.claims.insert(claim, Some(time))));
            let answer = world.sign_in("idp").await;
            let place =
                if accepted { format!("302 {ORIGIN}/next") } else { error("OAuthCallback") };
            assert_eq!(answer.outline()[0], place, "{claim} {seconds} {tolerance}");
            if !accepted {
                let message = world.lines.take().last().unwrap().message.clone();
                let clock = format!("(`clock_tolerance` is {tolerance} seconds)");
                assert!(message.contains(says) && message.contains(&clock), "{message}");
                assert!(message.contains("the clock of this machine"), "{message}");
            }
        }
    }
}

#[tokio::test]
async fn the_time_of_a_proof_may_differ_by_the_tolerance() {
    for (seconds, tolerance, accepted) in
        [(11, 10, false), (11, 60, true), (61, 60, false), (-111, 10, false), (-111, 60, true)]
    {
        let mut world = World::with_provider(move |oidc| {
            oidc.clock_tolerance(tolerance).authorization_parameter("max_age", "100")
        });
        let time = (NOW + seconds).into();
        world.idp.change(|idp| drop(idp.claims.insert("auth_time", Some(time))));
        let answer = world.sign_in("idp").await;
        let place = if accepted { format!("302 {ORIGIN}/next") } else { error("OAuthCallback") };
        assert_eq!(answer.outline()[0], place, "{seconds} {tolerance}");
    }
}

/// A logout token is as old or as young, and is used once however long it is accepted.
#[tokio::test]
async fn times_of_a_logout_token_may_differ_by_the_tolerance() {
    const ADDRESS: &str = "http://localhost:3000/api/auth/backchannel-logout/idp";
    for (tolerance, status) in [(10, 400), (60, 200)] {
        let mut world = world!(
            |oidc: Oidc| oidc.clock_tolerance(tolerance),
            site => site.adapter(MemoryAdapter::new()).back_channel_logout().build().unwrap()
        );
        world.sign_in("idp").await;
        world.lines.take();
        let token = world.idp.logout_token(IdentityProvider::SUBJECT);
        let token = token.claim("iat", Some((NOW + 11).into()));
        let answer = world.auth.handle(token.request(ADDRESS).unwrap()).await;
        assert_eq!(answer.status(), status, "{tolerance}");
        let signed_in = world.browser.session().await != serde_json::json!({});
        assert_eq!(signed_in, status == 400, "{tolerance}");
    }
    let mut world = world!(
        |oidc: Oidc| oidc.clock_tolerance(600),
        site => site.adapter(MemoryAdapter::new()).back_channel_logout().build().unwrap()
    );
    world.sign_in("idp").await;
    let token = world.idp.logout_token(IdentityProvider::SUBJECT);
    let token = token.claim("exp", Some((NOW + 1).into()));
    let request = || token.request(ADDRESS).unwrap();
    assert_eq!(world.auth.handle(request()).await.status(), 200);
    world.clock.advance(599);
    assert_eq!(world.auth.handle(request()).await.status(), 400, "it was used");
    let lines = world.lines.take();
    let message = &lines.last().unwrap().message;
    assert!(!message.contains("expired"), "{message}");
}

#[test]
fn no_more_than_ten_minutes_are_tolerated() {
    let build = |seconds| {
        let idp = IdentityProvider::new();
        let auth = Auth::builder()
            .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
            .url(ORIGIN.parse().unwrap())
            .provider(idp.oidc("idp").clock_tolerance(seconds).into_definition());
        auth.build().map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(build(600), Ok(()));
    assert_eq!(build(0), Ok(()));
    let refused = build(601).unwrap_err();
    assert!(refused.contains("`idp`") && refused.contains("600 is the most"), "{refused}");
}
