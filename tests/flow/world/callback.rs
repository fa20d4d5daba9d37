//! Parameters of a callback as nobody should send them: with U+0000, line breaks and other control
//! characters. None of it is passed on, stored or logged.

use serde_json::json;
use typegate::Jwt;
use typegate::adapter::{AccountStore as _, MemoryAdapter};
use typegate::provider::{Adjust as _, Oidc, TokenEndpoint};
use typegate::testing::IdentityProvider as Provider;

use crate::support::{World, error, with_parameter, world};

const ODD: [&str; 5] = ["a\0b", "a\r\nb", "\u{1b}[2J", "a\u{7f}", "a\u{85}b"];

#[tokio::test]
async fn r207_a_code_or_a_state_with_a_control_character_is_refused_before_anybody_is_asked() {
    for (name, why) in
        [("code", "`code` holds a control character"), ("state", "cookie is missing")]
    {
        for odd in ODD {
            let mut world = World::new();
            let back = with_parameter(&world.start("idp").await, name, &[odd]);
            let answer = world.browser.get(&back).await;
            assert_eq!(answer.outline()[0], error("OAuthCallback"), "{name} {odd:?}");
            assert_eq!(world.idp.paths(), [""; 0]);
            for line in world.lines.take() {
                assert!(line.message.contains(why), "{line:?}");
                assert!(!line.message.contains(char::is_control), "{line:?}");
            }
        }
    }
}

#[tokio::test]
async fn r207_a_callback_parameter_with_a_control_character_is_not_passed_on() {
    type Place = fn(TokenEndpoint) -> TokenEndpoint;
    let places: [Place; 2] = [
        |endpoint| endpoint.form("location", "{callback.location}"),
        |endpoint| endpoint.header("x-location", "x-{callback.location}"),
    ];
    for place in places {
        for (text, is_good) in ODD.map(|odd| (odd, false)).into_iter().chain([("eu", true)]) {
            let mut world = World::with_provider(move |oidc: Oidc| {
                oidc.token_endpoint(place(TokenEndpoint::new()))
            });
            let back = with_parameter(&world.start("idp").await, "location", &[text]);
            let answer = world.browser.get(&back).await;
            assert_eq!(answer.location().ends_with("/next"), is_good, "{text:?}");
            assert_eq!(world.idp.paths().contains(&"/token".to_owned()), is_good, "{text:?}");
            if !is_good {
                let said = world.lines.take().pop().unwrap().message;
                let why = "the callback parameter `location` holds a control character";
                assert!(said.contains(why), "{said}");
            }
        }
    }
}

/// What only decorates costs nobody the sign-in, and nothing of it is stored.
#[tokio::test]
async fn r207_a_session_state_with_a_control_character_is_left_out() {
    for (text, kept) in [("a\0b", None), ("a.b", Some(json!("a.b")))] {
        let rows = MemoryAdapter::new();
        let adapter = rows.clone();
        let mut world: World =
            world!(site => site.adapter(adapter).session(Jwt::default()).build().unwrap());
        let back = with_parameter(&world.start("idp").await, "session_state", &[text]);
        let answer = world.browser.get(&back).await;
        assert!(answer.location().ends_with("/next"), "{text:?}");
        let account = rows.account("idp", Provider::SUBJECT).await.unwrap().unwrap();
        assert_eq!(account.tokens.members().get("session_state").cloned(), kept, "{text:?}");
    }
}
