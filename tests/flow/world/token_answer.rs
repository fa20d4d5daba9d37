//! Token answers: ID tokens that are none or that nobody asked for, lifetimes of all kinds, other
//! statuses, and errors that say 200; at a sign-in and at a refresh.

use serde_json::{Value, json};
use typegate::adapter::{AccountStore, MemoryAdapter, UserStore as _};
use typegate::provider::catalog::Kakao;
use typegate::testing::IdentityProvider as Provider;
use typegate::{Jwt, TokenSet};

use super::site::{Answers, acme, acme_server, plain, refusal, user_of, warning, warnings};
use crate::support::{IdentityProvider, NOW, Parts, World, client_of, refused, site, world};

const CODE: &str = "TOKEN_RESPONSE_WARNING";
const NO_LIFETIME: &str = "the token response's member `expires_in` is left out: it is no number of \
                           seconds";
const UNASKED: &str = "the token response's member `id_token` is left out: the provider is described \
                       as plain OAuth 2.0, and says who somebody is by its userinfo answer; to use \
                       the ID token, give the provider an `issuer`";

fn stored() -> (World, Answers, MemoryAdapter) {
    let rows = MemoryAdapter::new();
    let adapter = rows.clone();
    let (world, answers) =
        plain!(acme(), site => site.adapter(adapter).session(Jwt::default()).build().unwrap());
    (world, answers, rows)
}

async fn tokens_of(rows: &MemoryAdapter) -> TokenSet {
    rows.account("acme", "7").await.unwrap().unwrap().tokens
}

#[tokio::test]
async fn an_id_token_that_is_null_or_empty_is_none() {
    for id_token in [json!(null), json!("")] {
        let (mut world, _, rows) = stored();
        world.idp.change(|idp| drop(idp.response.insert("id_token", Some(id_token.clone()))));
        assert_eq!(user_of(&mut world, "acme").await["name"], "Ann", "{id_token}");
        assert!(world.lines.take().is_empty());
        assert!(!tokens_of(&rows).await.members().contains_key("id_token"));
        // With OpenID Connect it says who somebody is.
        let mut world = World::new();
        world.idp.change(|idp| drop(idp.response.insert("id_token", Some(id_token.clone()))));
        world.expect_refusal("no ID token").await;
        assert!(world.lines.take()[0].message.ends_with("has no ID token"));
    }
}

#[tokio::test]
async fn an_id_token_of_a_plain_provider_is_left_out_and_said_once() {
    let token = Provider::sign(r#"{"alg":"RS256"}"#, r#"{"sub":"8","email":"eve@example.com"}"#);
    let (mut world, _, rows) = stored();
    world.idp.change(|idp| drop(idp.response.insert("id_token", Some(token.clone().into()))));
    assert_eq!(user_of(&mut world, "acme").await["name"], "Ann");
    assert_eq!(warnings(&world.lines), [warning(CODE, "acme", UNASKED)]);
    // What is stored as an ID token has been verified.
    let tokens = tokens_of(&rows).await;
    assert_eq!(tokens.id_token(), None);
    assert_eq!(tokens.access_token(), Some("at-secret-1"));
    let fresh = world.auth.refresh_tokens("acme", &tokens).await.unwrap();
    assert_eq!((fresh.access_token(), fresh.id_token()), (Some("at-secret-2"), None));
    world.browser = world.another_browser();
    user_of(&mut world, "acme").await;
    assert!(warnings(&world.lines).is_empty());
}

#[tokio::test]
async fn kakao_may_send_an_id_token() {
    let mut parts = Parts::new();
    parts.idp = acme_server(&parts.clock);
    parts.idp.change(|idp| {
        idp.hosts = vec!["kauth.kakao.com".into(), "kapi.kakao.com".into()];
        for (name, url) in [
            ("authorization_endpoint", "https://kauth.kakao.com/oauth/authorize"),
            ("token_endpoint", "https://kauth.kakao.com/oauth/token"),
            ("userinfo_endpoint", "https://kapi.kakao.com/v2/user/me"),
        ] {
            idp.document[name] = url.into();
        }
        idp.user_info = json!({ "id": 7, "kakao_account": { "profile": { "nickname": "앤" } } });
        let token = Provider::sign(r#"{"alg":"RS256"}"#, r#"{"sub":"7"}"#);
        idp.response.insert("id_token", Some(token.into()));
    });
    let auth = site!(parts.clock)
        .provider(Kakao::new(Provider::CLIENT_ID, Provider::CLIENT_SECRET.into()))
        .http_client(client_of(&[&parts.idp]))
        .logger(parts.lines.clone())
        .build()
        .unwrap();
    let mut world = parts.into_world(auth);
    assert_eq!(user_of(&mut world, "kakao").await["name"], "앤");
    assert_eq!(warnings(&world.lines), [warning(CODE, "kakao", UNASKED)]);
}

#[tokio::test]
async fn a_lifetime_is_read_in_whichever_form_it_has() {
    for (lifetime, expected) in [
        (json!(3600), Some(3600)),
        (json!(3600.0), Some(3600)),
        (json!(3599.9), Some(3599)),
        (json!("3600"), Some(3600)),
        (json!("3600.0"), Some(3600)),
        (json!(" 3600 "), Some(3600)),
        (json!(1e9), Some(1_000_000_000)),
        (json!("1e9"), Some(1_000_000_000)),
        (json!(631_138_518), Some(631_138_518)),
        (json!(0), Some(0)),
        (json!(1e300), None),
        (json!(u64::MAX), None),
        (json!("soon"), None),
        (json!("inf"), None),
        (json!("NaN"), None),
        (json!(""), None),
        (json!([3600]), None),
        (json!(true), None),
    ] {
        let (mut world, _, rows) = stored();
        world.idp.change(|idp| drop(idp.response.insert("expires_in", Some(lifetime.clone()))));
        user_of(&mut world, "acme").await;
        let said: Vec<_> =
            expected.is_none().then(|| warning(CODE, "acme", NO_LIFETIME)).into_iter().collect();
        assert_eq!(warnings(&world.lines), said, "{lifetime}");
        let tokens = tokens_of(&rows).await;
        assert_eq!(tokens.expires_at(), expected.map(|seconds: i64| NOW + seconds), "{lifetime}");
        assert!(!tokens.members().contains_key("expires_in"));
        let fresh = world.auth.refresh_tokens("acme", &tokens).await.unwrap();
        assert_eq!(fresh.expires_at(), tokens.expires_at(), "{lifetime}");
        assert_eq!(warnings(&world.lines), said, "{lifetime}");
    }
    // None at all is no reason to speak.
    for response in [None, Some(json!(null))] {
        let (mut world, _, rows) = stored();
        world.idp.change(|idp| drop(idp.response.insert("expires_in", response)));
        user_of(&mut world, "acme").await;
        assert!(world.lines.take().is_empty());
        assert_eq!(tokens_of(&rows).await.expires_at(), None);
    }
}

/// Some say when, and not how long.
#[tokio::test]
async fn an_end_is_read_in_whichever_form_it_has() {
    for end in [json!(NOW + 60), json!((NOW + 60).to_string()), json!((NOW + 60) as f64)] {
        let (mut world, _, rows) = stored();
        world.idp.change(|idp| {
            idp.response.insert("expires_in", None);
            idp.response.insert("expires_at", Some(end.clone()));
        });
        user_of(&mut world, "acme").await;
        assert_eq!(tokens_of(&rows).await.expires_at(), Some(NOW + 60), "{end}");
    }
}

#[tokio::test]
async fn a_refresh_token_that_is_null_or_empty_keeps_the_one_before() {
    let (mut world, _, rows) = stored();
    user_of(&mut world, "acme").await;
    let before = tokens_of(&rows).await;
    for refresh_token in [json!(null), json!(""), json!(false)] {
        world.idp.change(|idp| {
            idp.response.insert("refresh_token", Some(refresh_token.clone()));
            idp.response.insert("id_token", Some(refresh_token.clone()));
        });
        let fresh = world.auth.refresh_tokens("acme", &before).await.unwrap();
        assert_eq!(fresh.access_token(), Some("at-secret-2"));
        assert_eq!(fresh.refresh_token(), before.refresh_token(), "{refresh_token}");
    }
}

#[tokio::test]
async fn any_good_status_of_a_token_answer_will_do() {
    let good = r#"{"access_token":"at","token_type":"bearer"}"#;
    for (status, is_good) in [(200, true), (201, true), (202, true), (203, true), (302, false)] {
        let (mut world, answers) = plain!(acme());
        answers.set("/token", status, good);
        answers.set("/userinfo", 200, r#"{"id":7,"nickname":"ann","roles":[]}"#);
        if is_good {
            assert_eq!(user_of(&mut world, "acme").await["name"], "ann", "{status}");
            let tokens = json!({ "refresh_token": "rt" }).as_object().cloned().unwrap();
            let tokens = TokenSet::from_members(tokens);
            let fresh = world.auth.refresh_tokens("acme", &tokens).await.unwrap();
            assert_eq!(fresh.access_token(), Some("at"));
        } else {
            let said = refusal(&mut world, "acme").await;
            let request = "POST https://acme.example/token";
            let expected =
                format!("the token request failed: {request}: the provider answered {status}");
            assert_eq!(said, expected);
        }
    }
}

/// With the provider's own code and sentence, and without what was sent.
#[tokio::test]
async fn an_error_inside_a_good_token_answer_is_the_providers() {
    let secret = Provider::CLIENT_SECRET;
    for (answer, why) in [
        (
            json!({ "error": "bad_verification_code", "error_description": "The code is old." }),
            "the error `bad_verification_code`: The code is old.",
        ),
        (json!({ "ok": false, "error": "invalid_code" }), "the error `invalid_code`"),
        (
            json!({ "errcode": 40029, "errmsg": "invalid code, rid: 65f0a1b2-3c4d5e6f" }),
            "the error `40029`: invalid code, rid: …",
        ),
        (
            json!({ "error": { "code": 100, "message": format!("{secret} is no secret\r\nof mine") } }),
            "the error `100`: … is no secret of mine",
        ),
        (json!({ "ok": false }), "an error: it does not say which"),
    ] {
        // What is refused and given is not taken.
        for token in [None, Some("at")] {
            let (mut world, answers) = plain!(acme());
            let mut answer: Value = answer.clone();
            if let Some(token) = token {
                answer["access_token"] = token.into();
            }
            answers.set("/token", 200, answer.to_string());
            let said = refusal(&mut world, "acme").await;
            let expected = format!(
                "the token request failed: POST https://acme.example/token: the provider answered \
                 200 with {why}"
            );
            assert!(said.starts_with(&expected), "{said}");
            let tokens = json!({ "refresh_token": "rt" }).as_object().cloned().unwrap();
            let tokens = TokenSet::from_members(tokens);
            let error = world.auth.refresh_tokens("acme", &tokens).await.unwrap_err();
            let causes: Vec<String> =
                std::iter::successors(Some(&error as &dyn std::error::Error), |error| {
                    error.source()
                })
                .map(ToString::to_string)
                .collect();
            assert!(causes.join(": ").contains(&expected), "{causes:?}");
        }
    }
}

#[tokio::test]
async fn an_id_token_that_is_too_long_says_so() {
    let mut world = World::new();
    world.idp.change(|idp| {
        let picture = format!("data:image/png;base64,{}", "A".repeat(60_000));
        idp.claims.insert("picture", Some(picture.into()));
    });
    let answer = world.sign_in("idp").await;
    assert_eq!(answer.outline()[0], refused("OAuthCallback")[0]);
    let said = world.lines.take();
    assert!(
        said.iter().any(|line| line.message == "the ID token is longer than 64 KiB"),
        "{said:?}"
    );
}

/// Whoever signs in with an account that is known is found by it, whatever its tokens are.
#[tokio::test]
async fn a_known_account_signs_in_without_any_of_it() {
    let (mut world, _, rows) = stored();
    user_of(&mut world, "acme").await;
    world.browser = world.another_browser();
    world.idp.change(|idp| {
        for name in ["expires_in", "refresh_token", "id_token", "scope"] {
            idp.response.insert(name, Some(json!({ "odd": [name] })));
        }
    });
    user_of(&mut world, "acme").await;
    let user = rows.user_by_account("acme", "7").await.unwrap().unwrap();
    assert_eq!(rows.accounts(&user.id).len(), 1);
}

/// The same, by OpenID Connect.
#[tokio::test]
async fn a_lifetime_of_an_openid_provider_is_read_as_well() {
    let rows = MemoryAdapter::new();
    let adapter = rows.clone();
    let mut world: World =
        world!(site => site.adapter(adapter).session(Jwt::default()).build().unwrap());
    let _: &IdentityProvider = &world.idp;
    world.idp.change(|idp| drop(idp.response.insert("expires_in", Some(json!("3600.0")))));
    user_of(&mut world, "idp").await;
    let account = rows.account("idp", Provider::SUBJECT).await.unwrap().unwrap();
    assert_eq!(account.tokens.expires_at(), Some(NOW + 3600));
}

/// Members that no standard knows cost nobody the sign-in, and are kept.
#[tokio::test]
async fn further_members_of_a_token_answer_are_kept() {
    let further = [
        ("refresh_token_expires_in", json!(15_811_200)),
        ("not-before-policy", json!(0)),
        ("ext_expires_in", json!("3599")),
        ("athlete", json!({ "id": 7, "firstname": "Ann", "badge": null })),
        ("id_token_expires_in", json!([1, 2])),
        ("Session_State", json!(null)),
    ];
    let (mut world, _, rows) = stored();
    world.idp.change(|idp| {
        for (name, value) in &further {
            idp.response.insert(name, Some(value.clone()));
        }
    });
    assert_eq!(user_of(&mut world, "acme").await["name"], "Ann");
    assert!(world.lines.take().is_empty());
    let tokens = tokens_of(&rows).await;
    for (name, value) in &further {
        assert_eq!(tokens.members().get(*name), Some(value), "{name}");
    }
    let fresh = world.auth.refresh_tokens("acme", &tokens).await.unwrap();
    assert_eq!(fresh.access_token(), Some("at-secret-2"));
}
