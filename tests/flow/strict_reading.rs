//! Strict reading of what decides who somebody is: ID tokens, key sets, token and userinfo
//! responses, and what is sealed for one purpose.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};
use typegate::provider::{
    Adjust as _, Check, Endpoints, OAuthClient, OAuthDefinition, ProfileMapper,
};
use typegate::testing::IdentityProvider as Provider;
use typegate::{Profile, TokenSet};

use super::support::{
    BASE, NOW, ORIGIN, SECRET, World, error, parameter, rsa_key, seal, sign_rs256, world,
};

/// Who the honest provider says it is.
pub(crate) const SUBJECT: &str = "248289761001";

pub(crate) fn text(claims: &Map<String, Value>) -> String {
    Value::Object(claims.clone()).to_string()
}

/// Whether a sign-in succeeds; if not, it fails as a whole.
async fn is_accepted(world: &mut World, id: &str) -> bool {
    let answer = world.sign_in(id).await;
    let accepted = answer.location() == format!("{ORIGIN}/next");
    if !accepted {
        let refused = [error("OAuthCallback"), format!("302 {BASE}/signin")];
        assert!(refused.contains(&answer.outline()[0]), "{:?}", answer.outline());
    }
    assert_eq!(world.browser.session().await != json!({}), accepted);
    accepted
}

async fn accepts_header(name: &str, value: Value) -> bool {
    let mut world = World::new();
    let name = name.to_owned();
    world.idp.change(|idp| idp.header[name] = value);
    is_accepted(&mut world, "idp").await
}

async fn accepts_claim(name: &'static str, value: Value) -> bool {
    let mut world = World::new();
    world.idp.change(|idp| drop(idp.claims.insert(name, Some(value))));
    is_accepted(&mut world, "idp").await
}

#[tokio::test]
async fn r201_a_token_of_another_kind_is_no_id_token() {
    for kind in [
        "at+jwt",
        "AT+JWT",
        "application/at+jwt",
        "Application/AT+JWT",
        "at+jwt ",
        "at+jwt;v=1",
        "logout+jwt",
        "application/logout+jwt",
        "secevent+jwt",
        "dpop+jwt",
        "userinfo+jwt",
        "oauth-authz-req+jwt",
        "token-introspection+jwt",
        "client-authentication+jwt",
        "vc+sd-jwt",
        "dc+sd-jwt",
        "kb+jwt",
        "new+jwt",
        "passport",
        "jose+json",
        "entity-statement+jwt",
    ] {
        let is_unknown = kind == "passport";
        assert_eq!(accepts_header("typ", json!(kind)).await, is_unknown, "{kind}");
    }
    for kind in ["JWT", "jwt", "application/jwt", "JOSE", "ID", "id_token", "id_token+jwt", ""] {
        assert!(accepts_header("typ", json!(kind)).await, "{kind}");
    }
    for kind in [json!(null), json!(["JWT"]), json!(1), json!({})] {
        assert!(!accepts_header("typ", kind.clone()).await, "{kind}");
    }
}

#[tokio::test]
async fn r201_headers_that_say_the_payload_is_something_else_are_refused() {
    for (name, value) in [
        ("cty", json!("JWT")),
        ("cty", json!("jwt")),
        ("cty", json!("application/jwt")),
        ("cty", json!(1)),
        ("b64", json!(false)),
        ("b64", json!("false")),
        ("b64", json!(null)),
        ("crit", json!(["b64"])),
        ("crit", json!(null)),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("kid", json!(1)),
        ("kid", json!(null)),
        ("kid", json!(["one"])),
        ("alg", json!(null)),
    ] {
        assert!(!accepts_header(name, value.clone()).await, "{name} {value}");
    }
    assert!(accepts_header("cty", json!("json")).await);
    // A repeated member, and a payload that is not encoded.
    let header = r#"{"alg":"RS256","kid":"one","typ":"at+jwt","typ":"JWT"}"#;
    for unencoded in [false, true] {
        let mut world = World::new();
        world.idp.change(|idp| {
            idp.sign = Some(Box::new(move |own, claims| {
                if !unencoded {
                    return sign_rs256(header, &text(claims));
                }
                let token = sign_rs256(&own.to_string(), &text(claims));
                let parts: Vec<&str> = token.split('.').collect();
                format!("{}.{}.{}", parts[0], text(claims), parts[2])
            }));
        });
        assert!(!is_accepted(&mut world, "idp").await);
    }
}

/// Signs in with a claim that is made from the code.
async fn accepts_code_hash(hash: impl Fn(&str) -> Value) -> bool {
    let mut world = World::new();
    let back = world.start("idp").await;
    let hash = hash(&parameter(&back, "code"));
    world.idp.change(|idp| drop(idp.claims.insert("c_hash", Some(hash))));
    world.browser.get(&back).await.location() == format!("{ORIGIN}/next")
}

#[tokio::test]
async fn r201_a_token_that_belongs_to_another_code_is_refused() {
    let half = |text: &str| BASE64URL.encode(&digest(&SHA256, text.as_bytes()).as_ref()[..16]);
    assert!(accepts_code_hash(|code| half(code).into()).await);
    assert!(!accepts_code_hash(|_| half("another code").into()).await);
    assert!(!accepts_code_hash(|code| format!("{}=", half(code)).into()).await);
    assert!(
        !accepts_code_hash(|code| {
            BASE64URL.encode(digest(&SHA256, code.as_bytes()).as_ref()).into()
        })
        .await
    );
    for odd in [json!(""), json!(null), json!(1), json!(["x"])] {
        assert!(!accepts_code_hash(|_| odd.clone()).await, "{odd}");
    }
}

#[tokio::test]
async fn r201_times_that_no_clock_shows_are_refused() {
    let day = 24 * 60 * 60;
    for (name, value) in [
        ("iat", json!(0)),
        ("iat", json!(-1)),
        ("iat", json!(1)),
        ("iat", json!(0.5)),
        ("iat", json!(NOW - 2 * day)),
        ("iat", json!(-1e300)),
        ("iat", json!(NOW * 1000)),
        ("iat", json!(i64::MIN)),
        ("iat", json!(NOW + 11)),
        ("iat", json!("1700000000")),
        ("iat", json!(null)),
        ("iat", json!(true)),
        ("iat", json!([NOW])),
        ("exp", json!(18_446_744_073_709_551_615_u64)),
        ("exp", json!(1e20)),
        ("exp", json!(1e300)),
        ("exp", json!(253_402_300_800_i64)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(NOW * 1000)),
        ("exp", json!(-1)),
        ("exp", json!(0)),
        ("exp", json!(null)),
        ("exp", json!("9999999999")),
        ("nbf", json!(-1)),
        ("nbf", json!(1e300)),
        ("nbf", json!(NOW + 11)),
        ("nbf", json!(null)),
        ("nbf", json!("0")),
    ] {
        assert!(!accepts_claim(name, value.clone()).await, "{name} {value}");
    }
    // 2^64 to the digit, as an integer that no integer type holds.
    let mut world = World::new();
    world.idp.change(|idp| {
        idp.sign = Some(Box::new(|header, claims| {
            let mut claims = claims.clone();
            claims.insert("exp".into(), json!("@"));
            let claims = text(&claims).replace("\"@\"", "18446744073709551616");
            sign_rs256(&header.to_string(), &claims)
        }));
    });
    assert!(!is_accepted(&mut world, "idp").await);
    for (name, value) in [
        ("iat", json!(NOW as f64 - 0.5)),
        ("iat", json!(NOW - day + 60)),
        ("exp", json!(NOW as f64 + 0.5)),
        ("exp", json!(253_402_300_799_i64)),
        ("nbf", json!(0)),
        ("nbf", json!(NOW)),
    ] {
        assert!(accepts_claim(name, value.clone()).await, "{name} {value}");
    }
}

const BLANK: [&str; 12] = [
    "", " ", "\t", "\n", "\u{a0}", "\u{3000}", "\u{200b}", "\u{2060}", "\u{feff}", "\u{115f}",
    "\u{3164}", "\u{0}",
];

#[tokio::test]
async fn r201_a_subject_that_nobody_can_see_is_nobody() {
    for blank in BLANK {
        assert!(!accepts_claim("sub", json!(blank)).await, "{blank:?}");
        // A twin: some databases compare it as equal to the one without.
        for twin in [format!("{SUBJECT}{blank}"), format!("{blank}{SUBJECT}")] {
            if !blank.is_empty() && blank != " " {
                assert!(!accepts_claim("sub", json!(twin)).await, "{twin:?}");
            }
        }
    }
    for odd in [json!(1), json!(null), json!(["1"]), json!({}), json!(true)] {
        assert!(!accepts_claim("sub", odd.clone()).await, "{odd}");
    }
    for good in ["1", "auth0|Jane Doe", "jane@example.com", "Zoë", "名前", "a:b/c+d=", "🦀"] {
        assert!(accepts_claim("sub", json!(good)).await, "{good}");
    }
}

/// A provider whose profile takes its id from another claim than the subject.
fn with_uid() -> OAuthDefinition {
    let map = |raw: Value, _: &TokenSet| match raw["uid"].as_str() {
        Some("panic") => panic!("s3cr3t: for the test"),
        uid => Ok(Profile::new(uid.unwrap_or_default())),
    };
    OAuthDefinition::builder()
        .id("idp")
        .name("IdP")
        .client(OAuthClient::new(Provider::CLIENT_ID, Provider::CLIENT_SECRET.into()))
        .endpoints(Endpoints::discovered("https://id.example"))
        .profile(ProfileMapper::new(map))
        .build()
}

#[tokio::test]
async fn r201_a_profile_id_that_nobody_can_see_is_nobody() {
    for blank in BLANK {
        for id in [blank.to_owned(), format!("7{blank}")] {
            if id == "7" || id == "7 " {
                continue;
            }
            let mut world = world!(|_| with_uid(), site => site.build().unwrap());
            let given = id.clone();
            world.idp.change(|idp| drop(idp.claims.insert("uid", Some(given.into()))));
            assert!(!is_accepted(&mut world, "idp").await, "{id:?}");
        }
    }
}

#[tokio::test]
async fn r201_audiences_and_parties_are_taken_to_the_letter() {
    let client = "client id";
    for (name, value) in [
        ("aud", json!([])),
        ("aud", json!([client, 1])),
        ("aud", json!([client, null])),
        ("aud", json!({ "0": client })),
        ("aud", json!([[client]])),
        ("aud", json!("client id ")),
        ("aud", json!(["client id", "other"])),
        ("aud", json!(null)),
        ("aud", json!("*")),
        ("azp", json!("other")),
        ("azp", json!(null)),
        ("azp", json!("")),
        ("azp", json!([client])),
        ("iss", json!({})),
        ("iss", json!(["https://id.example"])),
        ("iss", json!(true)),
    ] {
        assert!(!accepts_claim(name, value.clone()).await, "{name} {value}");
    }
    assert!(accepts_claim("aud", json!([client])).await);
    assert!(accepts_claim("azp", json!(client)).await);
}

#[tokio::test]
async fn r201_keys_that_must_not_verify_are_left_out() {
    let changed = |members: &[(&str, Value)]| {
        let mut key = rsa_key("one");
        for (name, value) in members {
            key[*name] = value.clone();
        }
        key
    };
    for members in [
        &[("key_ops", json!(["sign"]))][..],
        &[("key_ops", json!(["encrypt", "wrapKey"]))],
        &[("key_ops", json!([]))],
        &[("key_ops", json!("verify"))],
        &[("key_ops", json!(["verify", 1]))],
        &[("key_ops", json!(["Verify"]))],
        &[("key_ops", json!(["verify"])), ("use", json!("enc"))],
        &[("use", json!(["sig"]))],
        &[("use", json!("SIG"))],
        &[("kid", json!(1))],
        &[("kid", json!(["one"]))],
        &[("alg", json!(["RS256"]))],
        &[("d", json!("AQAB"))],
        &[("p", json!("AQAB")), ("q", json!("AQAB"))],
        &[("qi", json!("AQAB"))],
        &[("oth", json!([]))],
        &[("k", json!("c2VjcmV0"))],
    ] {
        let key = changed(members);
        let mut world = World::new();
        world.idp.change(|idp| idp.keys = json!({ "keys": [key] }));
        assert!(!is_accepted(&mut world, "idp").await, "{members:?}");
        // Beside the right key they are no hindrance.
        world.clock.advance(3601);
        world.idp.change(|idp| idp.keys = json!({ "keys": [key, rsa_key("one")] }));
        assert!(is_accepted(&mut world, "idp").await, "{members:?}");
    }
    for members in [
        &[("key_ops", json!(["verify"]))][..],
        &[("key_ops", json!(["sign", "verify"])), ("use", json!("sig"))],
        &[("x5t", json!("x")), ("d", json!(null)), ("key_ops", json!(null)), ("alg", json!(null))],
    ] {
        let mut world = World::new();
        world.idp.change(|idp| idp.keys = json!({ "keys": [changed(members)] }));
        assert!(is_accepted(&mut world, "idp").await, "{members:?}");
    }
}

#[tokio::test]
async fn r201_a_published_private_key_is_told_once() {
    let mut world = World::new();
    let mut key = rsa_key("two");
    key["d"] = "s3cr3t".into();
    world.idp.change(|idp| idp.keys = json!({ "keys": [key, rsa_key("one")] }));
    let back = world.start("idp").await;
    assert_eq!(world.browser.get(&back).await.location(), format!("{ORIGIN}/next"));
    let lines = world.lines.take();
    assert_eq!(
        lines.iter().filter(|line| line.message.contains("private")).count(),
        1,
        "{lines:?}"
    );
    assert!(!format!("{lines:?}").contains("s3cr3t"));
    for _ in 0..3 {
        world.clock.advance(3601);
        let back = world.start("idp").await;
        world.browser.get(&back).await;
        assert!(world.lines.take().is_empty());
    }
}

#[tokio::test]
async fn r201_a_key_set_with_repeated_members_is_none() {
    let key = rsa_key("one");
    let (n, decoy) = (key["n"].to_string(), super::support::decoy_rsa_key("one")["n"].to_string());
    let good = |first: &str, second: &str| {
        format!(r#"{{"keys":[{{"kty":"RSA","kid":"one","e":"AQAB","n":{first},"n":{second}}}]}}"#)
    };
    let one = json!({ "keys": [key] });
    let twice = format!("{},\"keys\":[]}}", one.to_string().strip_suffix('}').unwrap());
    let twice_more = format!("{{\"keys\":[],{}", one.to_string().strip_prefix('{').unwrap());
    for body in [good(&decoy, &n), good(&n, &decoy), twice, twice_more] {
        let mut world = World::new();
        world.idp.break_endpoint("/keys", 200, &body);
        assert!(!is_accepted(&mut world, "idp").await, "{body}");
    }
}

/// The answer of GitHub's endpoint as raw text.
async fn accepts_github(path: &'static str, body: &str) -> (bool, World) {
    let mut world = World::new();
    world.github.break_endpoint(path, 200, body);
    let accepted = is_accepted(&mut world, "github").await;
    (accepted, world)
}

#[tokio::test]
async fn r201_an_id_token_that_says_two_things_anywhere_is_nobodys() {
    for (member, accepted) in [
        (r#""realm":{"role":"guest"}"#, true),
        (r#""realm":{"role":"guest","role":"admin"}"#, false),
        (r#""groups":[{"id":1,"\u0069d":2}]"#, false),
        (r#""given_name":"a","given_name":"b""#, false),
        (r#""sub":"another""#, false),
    ] {
        let mut world = World::new();
        world.idp.change(|idp| {
            idp.sign = Some(Box::new(move |header, claims| {
                let claims = text(claims);
                let claims = claims.strip_suffix('}').unwrap();
                sign_rs256(&header.to_string(), &format!("{claims},{member}}}"))
            }));
        });
        assert_eq!(is_accepted(&mut world, "idp").await, accepted, "{member}");
    }
}

#[tokio::test]
async fn r201_a_userinfo_answer_that_says_two_things_is_nobodys() {
    for body in [
        r#"{"id":1,"id":2,"name":"x","login":"x","email":"a@b.example"}"#,
        r#"{"id":1,"name":"x","login":"x","email":"a@b.example","id":1}"#,
        r#"{"id":1,"login":"x","email":"a@b.example","email":"c@d.example"}"#,
        r#"{"id":1,"sub":"1","sub":"2","login":"x","email":"a@b.example"}"#,
        r#"{"id":1,"login":"x","email":"a@b.example","\u0069d":2}"#,
        r#"{"id":1,"login":"x","email":"a@b.example","data":{"id":1,"id":2}}"#,
        r#"{"id":1,"login":"x","email":"a@b.example","list":[{"id":1,"id":2}]}"#,
        r#"{"id":1,"login":"x","email":"a@b.example","verified":false,"verified":true}"#,
        r#"[{"id":1,"login":"x","email":"a@b.example"}]"#,
        r#"{"id":1,"login":"x","email":"a@b.example"} {"id":2}"#,
    ] {
        assert!(!accepts_github("/user", body).await.0, "{body}");
    }
    // What decorates costs nobody the sign-in; the last one counts, as in v4.
    let body = r#"{"id":1,"name":"First","login":"x","email":"a@b.example","name":"Last","bio":"x","bio":"y"}"#;
    let (accepted, mut world) = accepts_github("/user", body).await;
    assert!(accepted);
    assert_eq!(world.browser.session().await["user"]["name"], "Last");
}

#[tokio::test]
async fn r201_a_token_answer_that_says_two_things_has_no_tokens() {
    let path = "/login/oauth/access_token";
    for body in [
        r#"{"access_token":"a","access_token":"b","token_type":"bearer"}"#,
        r#"{"access_token":"a","token_type":"bearer","access_token":"a"}"#,
        r#"{"access_token":"a","token_type":"mac","token_type":"bearer"}"#,
        r#"{"access_token":"a","token_type":"bearer","refresh_token":"a","refresh_token":"b"}"#,
        r#"{"access_token":"a","token_type":"bearer","error":"bad_verification_code"}"#,
        r#"{"error":null,"access_token":"a","token_type":"bearer","error":"x"}"#,
        r#"{"access_token":"a","token_type":"bearer","expires_in":1,"expires_in":2}"#,
        r#"{"access_token":"a","token_type":"bearer","scope":"a","scope":"b"}"#,
    ] {
        let (accepted, world) = accepts_github(path, body).await;
        assert!(!accepted, "{body}");
        assert_eq!(world.github.paths(), [path], "{body}");
    }
    // OpenID Connect: two ID tokens, of which one is good.
    let token = Arc::new(Mutex::new(String::new()));
    for other in [None, Some([true, false]), Some([false, true]), Some([true, true])] {
        let mut world = World::with_provider(|oidc| oidc.checks([Check::State]));
        let made = Arc::clone(&token);
        world.idp.change(|idp| {
            idp.sign = Some(Box::new(move |header, claims| {
                let mut claims = claims.clone();
                claims.remove("at_hash");
                let token = sign_rs256(&header.to_string(), &text(&claims));
                token.clone_into(&mut made.lock().unwrap());
                token
            }));
        });
        if let Some(other) = other {
            let good = token.lock().unwrap().clone();
            let tokens = other.map(|is_good| if is_good { good.as_str() } else { "a.b.c" });
            let body = format!(
                r#"{{"access_token":"a","token_type":"bearer","id_token":"{}","id_token":"{}"}}"#,
                tokens[0], tokens[1]
            );
            world.idp.break_endpoint("/token", 200, &body);
        }
        assert_eq!(is_accepted(&mut world, "idp").await, other.is_none(), "{other:?}");
    }
}

#[tokio::test]
async fn r201_what_is_sealed_for_a_sign_in_is_no_session_and_the_other_way_round() {
    let check = |more: Value| {
        let mut claims = json!({ "iat": NOW, "exp": NOW + 900, "jti": "j" });
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    };
    // What v4 sealed under the session's key before 4.24.5, and what it and typegate seal now.
    for claims in [
        json!({ "value": "v", "provider": "idp" }),
        json!({ "value": "v" }),
        json!({ "state": "v" }),
        json!({ "nonce": "v" }),
        json!({ "code_verifier": "v" }),
        json!({ "provider": "idp" }),
        json!({ "value": "v", "provider": "idp", "attempt": "0123456789abcdef", "max_age": 1 }),
        json!({ "value": "v", "provider": "idp", "browser": "0".repeat(32) }),
    ] {
        let mut world = World::new();
        world
            .browser
            .jar
            .plant("next-auth.session-token", &seal(&check(claims.clone()), SECRET, ""));
        assert_eq!(world.browser.session().await, json!({}), "{claims}");
    }
    for claims in [
        json!({ "sub": "1" }),
        json!({ "name": "x" }),
        json!({ "role": "admin" }),
        json!({ "sub": "1", "value": "v", "provider": "idp" }),
        json!({ "id": 1, "provider": "idp" }),
    ] {
        let mut world = World::new();
        world
            .browser
            .jar
            .plant("next-auth.session-token", &seal(&check(claims.clone()), SECRET, ""));
        assert_ne!(world.browser.session().await, json!({}), "{claims}");
    }
    for more in
        [json!({ "sub": "1" }), json!({ "name": "x" }), json!({ "email": "x" }), json!({ "x": 1 })]
    {
        let mut world = World::new();
        let back = world.start("idp").await;
        let sealed = world.browser.jar.value("next-auth.state").unwrap();
        let mut claims = super::support::open(sealed, SECRET, "next-auth.state");
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        world.browser.jar.plant("next-auth.state", &seal(&claims, SECRET, "next-auth.state"));
        assert_eq!(world.browser.get(&back).await.outline()[0], error("OAuthCallback"), "{more}");
        let back = world.start("idp").await;
        assert_eq!(world.browser.get(&back).await.location(), format!("{ORIGIN}/next"));
    }
}
