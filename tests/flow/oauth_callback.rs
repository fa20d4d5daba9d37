//! The OAuth callback, `callback/<oauth>`: the second half of a sign-in, up to the token request.

use http::Method;
use serde_json::json;
use typegate::provider::{Adjust as _, Check};
use typegate::testing::FrozenClock;

use super::support::{
    BASE, Browser, IdentityProvider, NOW, ORIGIN, SECRET, World, client_of, error, open, parameter,
    refused, seal, site, with_parameter,
};

const STATE: &str = "next-auth.state";
const PKCE: &str = "next-auth.pkce.code_verifier";
const NONCE: &str = "next-auth.nonce";

#[tokio::test]
async fn openid_connect_signs_in() {
    let mut world = World::new();
    let back = world.start("idp").await;
    let answer = world.browser.get(&back).await;
    assert_eq!(
        answer.outline(),
        [&format!("302 {ORIGIN}/next"), "-state", "-pkce.code_verifier", "-nonce", "session-token"]
    );
    assert_eq!(world.idp.paths(), ["/token", "/keys"]);
    let token = &answer.cookie("next-auth.session-token").unwrap().value;
    let mut claims = open(token, SECRET, "");
    assert!(claims["jti"].is_string());
    claims.as_object_mut().unwrap().remove("jti");
    assert_eq!(
        claims,
        json!({
            "name": "Jane Doe",
            "email": "jane@example.com",
            "picture": "https://id.example/jane.png",
            "sub": "248289761001",
            "iat": NOW,
            "exp": NOW + 30 * 86400,
        })
    );
    let user = json!({
        "name": "Jane Doe",
        "email": "jane@example.com",
        "image": "https://id.example/jane.png",
    });
    assert_eq!(world.browser.session().await["user"], user);
}

#[tokio::test]
async fn github_signs_in_and_is_asked_for_the_address() {
    let mut world = World::new();
    let answer = world.sign_in("github").await;
    assert_eq!(
        answer.outline(),
        [&format!("302 {ORIGIN}/next"), "-state", "-pkce.code_verifier", "session-token"]
    );
    let requests = world.github.requests();
    let urls: Vec<&str> = requests.iter().map(|request| request.url.as_str()).collect();
    assert_eq!(
        urls,
        [
            "https://github.com/login/oauth/access_token",
            "https://api.github.com/user",
            "https://api.github.com/user/emails"
        ]
    );
    let user = json!({
        "name": "The Octocat",
        "email": "octo@example.com",
        "image": "https://avatars.example/583231",
    });
    assert_eq!(world.browser.session().await["user"], user);
}

#[tokio::test]
async fn github_is_not_asked_for_a_public_address_and_may_refuse_a_private_one() {
    let mut world = World::new();
    world.github.change(|github| github.user_info["email"] = "public@example.com".into());
    world.sign_in("github").await;
    assert_eq!(world.github.paths(), ["/login/oauth/access_token", "/user"]);
    assert_eq!(world.browser.session().await["user"]["email"], "public@example.com");

    world.github.change(|github| github.user_info["email"] = json!(null));
    world.github.break_endpoint("/user/emails", 404, "{}");
    let answer = world.sign_in("github").await;
    assert_eq!(answer.location(), format!("{ORIGIN}/next"));
    assert_eq!(world.browser.session().await["user"]["email"], json!(null));
}

#[tokio::test]
async fn r003_the_front_channel_carries_nothing_but_a_code() {
    let mut world = World::new();
    let stolen = super::support::sign_rs256(
        r#"{"alg":"RS256","kid":"one"}"#,
        &json!({"iss": "https://id.example", "sub": "1", "aud": "client id", "iat": NOW,
            "exp": NOW + 60})
        .to_string(),
    );
    for (id, tokens) in [
        ("idp", format!("id_token={stolen}")),
        ("idp", "access_token=at&token_type=bearer".to_owned()),
        ("github", "access_token=at&token_type=bearer&expires_in=60".to_owned()),
    ] {
        for form_post in [false, true] {
            let back = world.start(id).await;
            let state = parameter(&back, "state");
            let fields = format!("{tokens}&state={state}");
            let path = format!("/api/auth/callback/{id}");
            let answer = if form_post {
                let kind = Some("application/x-www-form-urlencoded");
                world.browser.request(Method::POST, &path, kind, fields).await
            } else {
                world.browser.get(&format!("{path}?{fields}")).await
            };
            assert_eq!(answer.outline()[0], error("OAuthCallback"));
            assert!(answer.cookie("next-auth.session-token").is_none());
            assert!(world.idp.requests().is_empty() && world.github.requests().is_empty());
        }
    }
}

#[tokio::test]
async fn r006_no_token_request_without_the_code_verifier() {
    let mut world = World::new();
    let other = {
        world.start("idp").await;
        world.browser.jar.value(PKCE).unwrap().to_owned()
    };
    for planted in [None, Some(""), Some("x"), Some("truncated"), Some("state")] {
        let back = world.start("idp").await;
        let own = world.browser.jar.value(PKCE).unwrap().to_owned();
        let state = world.browser.jar.value(STATE).unwrap().to_owned();
        let value = match planted {
            Some("truncated") => own.strip_suffix(|_: char| true),
            Some("state") => Some(&*state),
            value => value,
        };
        match value {
            Some(value) => world.browser.jar.plant(PKCE, value),
            None => world.browser.jar.remove(PKCE),
        }
        let answer = world.browser.get(&back).await;
        assert_eq!(answer.outline()[0], error("OAuthCallback"), "{planted:?}");
        assert!(world.idp.requests().is_empty(), "{planted:?}");
        let codes = ["PKCE_ERROR", "CALLBACK_OAUTH_ERROR", "OAUTH_CALLBACK_ERROR"];
        assert_eq!(world.lines.codes(), codes);
    }
    // The verifier of another attempt is sealed well, and for that attempt.
    let back = world.start("idp").await;
    world.browser.jar.plant(PKCE, &other);
    assert_eq!(world.browser.get(&back).await.outline(), refused("OAuthCallback"));
    assert!(world.idp.requests().is_empty());
}

#[tokio::test]
async fn r008_state_is_compared_exactly() {
    let mut world = World::new();
    for keep_cookie in [true, false] {
        let back = world.start("idp").await;
        let state = parameter(&back, "state");
        let upper = state.to_uppercase();
        let longer = format!("{state}x");
        let wrong: [&[&str]; 6] =
            [&[], &[""], &["wrong"], &[&state, &state], &[&upper], &[&longer]];
        let mut cases: Vec<&[&str]> = wrong.to_vec();
        let right = [state.as_str()];
        if !keep_cookie {
            cases.push(&right);
        }
        for values in cases {
            let back = world.start("idp").await;
            let own = parameter(&back, "state");
            let values: Vec<&str> =
                values.iter().map(|v| if *v == state { own.as_str() } else { v }).collect();
            if !keep_cookie {
                world.browser.jar.remove(STATE);
            }
            let answer = world.browser.get(&with_parameter(&back, "state", &values)).await;
            assert_eq!(answer.outline()[0], error("OAuthCallback"), "{values:?}");
            assert!(world.idp.requests().is_empty(), "{values:?}");
        }
    }
    assert_eq!(world.browser.session().await, json!({}));
}

#[tokio::test]
async fn state_is_refused_where_it_was_not_asked_for() {
    let clock = FrozenClock::at(NOW);
    let idp = IdentityProvider::new(&clock);
    let provider = idp.oidc().checks([Check::Pkce, Check::Nonce]);
    let auth = site!(clock).provider(provider).http_client(client_of(&[&idp])).build().unwrap();
    let mut browser = Browser::new(&auth, &clock);
    let back = idp.authorize(browser.post("/api/auth/signin/idp", &[]).await.location());
    let answer = browser.get(&format!("{back}&state=x")).await;
    assert_eq!(answer.outline()[0], error("OAuthCallback"));
    let back = idp.authorize(browser.post("/api/auth/signin/idp", &[]).await.location());
    assert_eq!(browser.get(&back).await.location(), ORIGIN);
}

#[tokio::test]
async fn r009_check_cookies_are_spent_by_the_first_callback() {
    let mut world = World::new();
    let back = world.start("idp").await;
    let before = world.browser.jar.clone();
    world.browser.get(&back).await;
    assert!(!world.browser.jar.names().iter().any(|name| [STATE, PKCE, NONCE].contains(name)));
    world.browser.jar.remove("next-auth.session-token");
    let replay = world.browser.get(&back).await;
    assert_eq!(replay.outline()[0], error("OAuthCallback"));
    // Somebody who kept the cookies is refused by the provider: the code is used up.
    world.browser.jar = before;
    world.idp.requests();
    assert_eq!(world.browser.get(&back).await.outline(), refused("OAuthCallback"));

    let back = world.start("idp").await;
    world.idp.break_endpoint("/token", 500, "{}");
    assert_eq!(world.browser.get(&back).await.outline(), refused("OAuthCallback"));
    assert!(!world.browser.jar.names().contains(&STATE));
}

#[tokio::test]
async fn r010_check_cookies_belong_to_one_provider() {
    let clock = FrozenClock::at(NOW);
    let (one, two) =
        (IdentityProvider::new(&clock), IdentityProvider::at("https://b.example", &clock));
    for check in [Check::State, Check::Pkce, Check::Nonce] {
        let auth = site!(clock)
            .provider(one.oidc_as("one").checks([check]))
            .provider(two.oidc_as("two").checks([check]))
            .http_client(client_of(&[&one, &two]))
            .build()
            .unwrap();
        let mut browser = Browser::new(&auth, &clock);
        let back = one.authorize(browser.post("/api/auth/signin/one", &[]).await.location());
        let elsewhere = back.replace("/callback/one", "/callback/two");
        assert_eq!(browser.get(&elsewhere).await.outline()[0], error("OAuthCallback"));
        two.requests();
        // The cookie is spent, so that the honest callback fails too.
        assert_eq!(browser.get(&back).await.outline()[0], error("OAuthCallback"));
    }
    assert!(two.paths().is_empty());
}

#[tokio::test]
async fn r010_r094_check_cookies_of_other_making_are_refused() {
    for (name, parameters) in [(STATE, true), (PKCE, false), (NONCE, false)] {
        let good =
            json!({ "value": "v".repeat(43), "provider": "idp", "iat": NOW, "exp": NOW + 900 });
        let without = |member: &str| {
            let mut claims = good.clone();
            claims.as_object_mut().unwrap().remove(member);
            claims
        };
        let with = |member: &str, value: serde_json::Value| {
            let mut claims = good.clone();
            claims[member] = value;
            claims
        };
        for (salt, claims) in [
            (name, without("provider")),
            (name, without("value")),
            (name, without("exp")),
            (name, with("provider", json!("github"))),
            (name, with("provider", json!(["idp"]))),
            (name, with("value", json!(""))),
            (name, with("value", json!(1))),
            // Sealed as a session, and as another check.
            ("", good.clone()),
            ("next-auth.other", good.clone()),
        ] {
            let mut world = World::new();
            let back = world.start("idp").await;
            let own = |name| world.browser.jar.value(name).unwrap().to_owned();
            let other = [STATE, PKCE, NONCE].map(|name| (name, own(name)));
            // In the attempt's own place, and in that of v4's.
            world.browser.jar.plant(name, &seal(&claims, SECRET, salt));
            let answer = world.browser.get(&back).await;
            assert_eq!(answer.outline()[0], error("OAuthCallback"), "{name} {claims}");
            let state = open(&other[0].1, SECRET, STATE)["value"].as_str().unwrap().to_owned();
            for (name, sealed) in other {
                let mut claims = open(&sealed, SECRET, name);
                claims.as_object_mut().unwrap().remove("attempt");
                world.browser.jar.plant(name, &seal(&claims, SECRET, name));
            }
            world.browser.jar.plant(name, &seal(&claims, SECRET, salt));
            let state = if parameters { "v".repeat(43) } else { state };
            let back = with_parameter(&back, "state", &[&state]);
            let answer = world.browser.get(&back).await;
            assert_eq!(answer.outline()[0], error("OAuthCallback"), "{name} {claims}");
            assert!(world.idp.requests().is_empty(), "{name} {claims}");
        }
    }
}

#[tokio::test]
async fn r116_of_several_cookies_of_an_attempt_the_first_that_opens_counts() {
    let mut world = World::new();
    let back = world.start("idp").await;
    let own = world.browser.cookie_header();
    let names = world.browser.jar.whole_names();
    let name = names.into_iter().find(|name| name.starts_with(STATE)).unwrap().to_owned();
    let clock = world.clock.clone();
    for (first, is_good) in [("bad", true), ("", true), ("bad", false)] {
        let rest = if is_good { own.clone() } else { own.replace(&name, "other") };
        let cookies = format!("{name}={first}; {rest}");
        let mut browser = Browser::new(&world.auth, &clock);
        browser.headers.push((http::header::COOKIE, cookies.parse().unwrap()));
        world.idp.requests();
        let answer = browser.get(&back).await;
        // The provider takes the code once.
        let reached = !world.idp.requests().is_empty();
        assert_eq!(reached, is_good, "{first:?} {:?}", answer.outline());
    }
}

#[tokio::test]
async fn r011_check_cookies_end_by_the_time_inside_them() {
    for (age, good) in [(900 + 14, true), (900 + 15, false)] {
        let mut world = World::new();
        let back = world.start("idp").await;
        let kept: Vec<(String, String)> = [STATE, PKCE, NONCE]
            .map(|name| (name.into(), world.browser.jar.value(name).unwrap().into()))
            .into();
        world.clock.advance(age);
        // The browser forgot the cookies at 900 s; whoever stole them has not.
        assert!(!world.browser.cookie_header().contains(STATE));
        for (name, value) in &kept {
            world.browser.jar.plant(name, value);
        }
        let answer = world.browser.get(&back).await;
        assert_eq!(answer.location() == format!("{ORIGIN}/next"), good, "{age}");
        assert_eq!(world.idp.requests().is_empty(), !good);
    }
}

#[tokio::test]
async fn r016_a_repeated_parameter_is_refused() {
    for name in ["code", "state", "iss", "error"] {
        for order in [0, 1] {
            let mut world = World::new();
            let back = world.start("idp").await;
            let good = match name {
                "iss" => "https://id.example".to_owned(),
                "error" => "access_denied".to_owned(),
                name => parameter(&back, name),
            };
            let values = if order == 0 { [&*good, "bad"] } else { ["bad", &*good] };
            let answer = world.browser.get(&with_parameter(&back, name, &values)).await;
            let code = if name == "error" { "Callback" } else { "OAuthCallback" };
            assert_eq!(answer.outline()[0], error(code), "{name}");
            assert!(world.idp.requests().is_empty(), "{name}");
        }
    }
}

#[tokio::test]
async fn r017_long_codes_pass_and_endless_ones_do_not() {
    for (length, passes) in [(2 * 1024, true), (8 * 1024, true), (8 * 1024 + 1, false)] {
        let mut world = World::new();
        let back = world.start("idp").await;
        world.browser.get(&with_parameter(&back, "code", &[&"c".repeat(length)])).await;
        assert_eq!(world.idp.paths() == ["/token"], passes, "{length}");
    }
}

#[tokio::test]
async fn r024_a_form_post_goes_through_the_same_checks() {
    let mut world = World::new();
    let back = world.start("idp").await;
    let (code, state) = (parameter(&back, "code"), parameter(&back, "state"));
    let address = "/api/auth/callback/idp";
    let wrong = world.browser.submit(address, &[("code", &code), ("state", "wrong")]).await;
    assert_eq!(wrong.outline(), refused("OAuthCallback"));

    let back = world.start("idp").await;
    let (code, state2) = (parameter(&back, "code"), parameter(&back, "state"));
    assert_ne!(state, state2);
    let fields = [("code", &*code), ("state", &*state2)];
    let answer = world.browser.submit(address, &fields).await;
    assert_eq!(answer.location(), format!("{ORIGIN}/next"));
    assert_eq!(world.browser.session().await["user"]["name"], "Jane Doe");

    // A POST takes nothing from the query.
    let back = world.start("idp").await;
    let answer = world.browser.submit(&back, &[]).await;
    assert_eq!(answer.outline(), [error("OAuthCallback")]);
    assert_eq!(answer.location(), format!("{BASE}/error?error=OAuthCallback"));
}
