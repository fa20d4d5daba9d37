//! ID tokens that must not be believed (OpenID Connect Core section 3.1.3.7).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64URL};
use serde_json::{Map, Value, json};
use typegate::provider::{Adjust as _, Check, Provider as _};

use super::support::{
    NOW, ORIGIN, SECRET, World, decoy_rsa_key, error, parameter, rsa_key, seal, sign_rs256,
    sign_with,
};

fn text(claims: &Map<String, Value>) -> String {
    Value::Object(claims.clone()).to_string()
}

/// Signs in with a token that `sign` makes.
async fn accepts(sign: impl Fn(&Value, &Map<String, Value>) -> String + Send + 'static) -> bool {
    let mut world = World::new();
    world.idp.change(|idp| idp.sign = Some(Box::new(sign)));
    is_accepted(&mut world).await
}

async fn accepts_header(header: Value) -> bool {
    let mut world = World::new();
    world.idp.change(|idp| idp.header = header);
    is_accepted(&mut world).await
}

async fn accepts_claim(name: &'static str, value: Option<Value>) -> bool {
    let mut world = World::new();
    world.idp.change(|idp| drop(idp.claims.insert(name, value)));
    is_accepted(&mut world).await
}

/// Whether a sign-in succeeds; if not, it fails as a whole.
async fn is_accepted(world: &mut World) -> bool {
    let answer = world.sign_in("idp").await;
    let accepted = answer.location() == format!("{ORIGIN}/next");
    if !accepted {
        assert_eq!(answer.outline()[0], error("OAuthCallback"));
    }
    assert_eq!(world.browser.session().await != json!({}), accepted);
    accepted
}

#[tokio::test]
async fn r039_the_signature_is_always_checked() {
    // One bit of each part; the last character of a part may hold unused bits.
    for part in 0..3 {
        let flipped = accepts(move |header, claims| {
            let token = sign_rs256(&header.to_string(), &text(claims));
            let mut parts: Vec<String> = token.split('.').map(Into::into).collect();
            let mut bytes = BASE64URL.decode(&parts[part]).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            parts[part] = BASE64URL.encode(bytes);
            parts.join(".")
        });
        assert!(!flipped.await, "part {part}");
    }
    let stripped =
        accepts(|header, claims| sign_with(&header.to_string(), &text(claims), |_| vec![]));
    assert!(!stripped.await);
    let of_another = accepts(|header, claims| {
        let own = sign_rs256(&header.to_string(), &text(claims));
        let other = sign_rs256(&header.to_string(), "{}");
        let (signed, _) = own.rsplit_once('.').unwrap();
        format!("{signed}.{}", other.rsplit_once('.').unwrap().1)
    });
    assert!(!of_another.await);
}

#[tokio::test]
async fn r040_only_the_configured_algorithm_is_accepted() {
    for algorithm in
        ["none", "None", "NONE", "nOnE", "", "RS384", "PS256", "rs256", "HS256", "ES256"]
    {
        assert!(!accepts_header(json!({ "alg": algorithm, "kid": "one" })).await, "{algorithm}");
    }
    for header in
        [json!({ "kid": "one" }), json!({ "alg": null, "kid": "one" }), json!({ "alg": ["RS256"] })]
    {
        assert!(!accepts_header(header).await);
    }
    assert!(accepts_header(json!({ "alg": "RS256", "kid": "one" })).await);
}

#[tokio::test]
async fn r041_a_public_key_is_never_an_hmac_key() {
    let key = rsa_key("one");
    let modulus = BASE64URL.decode(key["n"].as_str().unwrap()).unwrap();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        STANDARD.encode(&modulus)
    );
    let material =
        [modulus.clone(), pem.into_bytes(), key.to_string().into_bytes(), Vec::from(*b"s:e%c+r")];
    for key in material {
        let forged = accepts(move |_, claims| {
            sign_with(r#"{"alg":"HS256","kid":"one"}"#, &text(claims), |message| {
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &key);
                ring::hmac::sign(&key, message).as_ref().to_vec()
            })
        });
        assert!(!forged.await);
    }
}

#[tokio::test]
async fn r042_keys_for_other_purposes_are_skipped() {
    let changed = |name: &str, value: Value| {
        let mut key = rsa_key("one");
        key[name] = value;
        key
    };
    for key in [
        changed("use", json!("enc")),
        changed("alg", json!("RS384")),
        changed("alg", json!("RSA-OAEP")),
        changed("kty", json!("EC")),
        changed("kty", json!("oct")),
        changed("kid", json!("two")),
    ] {
        let mut world = World::new();
        world.idp.change(|idp| idp.keys = json!({ "keys": [key] }));
        assert!(!is_accepted(&mut world).await, "{key}");
        // Beside the right key they are no hindrance.
        world.clock.advance(3601);
        world.idp.change(|idp| idp.keys = json!({ "keys": [key, rsa_key("one")] }));
        assert!(is_accepted(&mut world).await, "{key}");
    }
}

#[tokio::test]
async fn r042_a_key_of_1024_bits_is_refused() {
    let weak: Value = serde_json::from_str(include_str!("../data/weak_key.json")).unwrap();
    let mut world = World::with_provider(|oidc| oidc.checks([Check::State]));
    world.idp.change(|idp| {
        idp.keys = json!({ "keys": [weak["key"]] });
        idp.sign = Some(Box::new(move |_, _| weak["token"].as_str().unwrap().into()));
    });
    assert!(!is_accepted(&mut world).await);
}

#[tokio::test]
async fn r043_r034_an_unknown_key_is_looked_for_once_a_minute() {
    let mut world = World::new();
    assert!(is_accepted(&mut world).await);
    world.idp.paths();
    let odd = ["../../etc/passwd", "' OR 1=1 --", "", "ONE", "one ", "\u{0}"];
    let endless = "k".repeat(30_000);
    for kid in odd.into_iter().chain([&*endless]) {
        world.idp.change(|idp| idp.header = json!({ "alg": "RS256", "kid": kid }));
        let back = world.start("idp").await;
        assert_eq!(world.browser.get(&back).await.outline()[0], error("OAuthCallback"));
        let paths = world.idp.paths();
        let expected: &[&str] = if kid == odd[0] { &["/token", "/keys"] } else { &["/token"] };
        assert_eq!(paths, expected, "{kid:.20}");
    }
    world.idp.change(|idp| idp.header = json!({ "alg": "RS256", "kid": 1 }));
    assert_eq!(world.sign_in("idp").await.outline()[0], error("OAuthCallback"));
}

#[tokio::test]
async fn r044_a_token_does_not_bring_its_own_key() {
    let own = rsa_key("own");
    for (name, value) in [
        ("jwk", own.clone()),
        ("jku", json!("https://id.example/evil")),
        ("x5u", json!("https://id.example/evil")),
        ("x5c", json!(["MIIB"])),
    ] {
        let mut world = World::new();
        world.idp.change(|idp| {
            idp.keys = json!({ "keys": [decoy_rsa_key("one")] });
            idp.header = json!({ "alg": "RS256", "kid": "one", name: value });
        });
        // A request for the key to another address would fail the test.
        assert!(!is_accepted(&mut world).await, "{name}");
    }
    for critical in [json!(["bork"]), json!([]), json!("exp")] {
        assert!(!accepts_header(json!({ "alg": "RS256", "kid": "one", "crit": critical })).await);
    }
}

#[tokio::test]
async fn r045_the_issuer_is_compared_to_the_letter() {
    for issuer in [
        json!("https://id.example/"),
        json!("https://ID.example"),
        json!("https://id.example.evil"),
        json!("http://id.example"),
        json!("id.example"),
        json!(""),
        json!(["https://id.example"]),
        json!(null),
    ] {
        assert!(!accepts_claim("iss", Some(issuer.clone())).await, "{issuer}");
    }
    assert!(!accepts_claim("iss", None).await);
}

#[tokio::test]
async fn r046_r047_the_token_is_for_this_client() {
    for audience in [
        json!("client"),
        json!("client id "),
        json!(""),
        json!([]),
        json!(["other"]),
        json!([["client id"]]),
        json!(["client id", 1]),
        json!({ "client id": true }),
        json!(1),
        // Several audiences and nobody named.
        json!(["client id", "other"]),
    ] {
        assert!(!accepts_claim("aud", Some(audience.clone())).await, "{audience}");
    }
    assert!(accepts_claim("aud", Some(json!(["client id"]))).await);
    for (party, good) in [
        (json!("client id"), true),
        (json!("other"), false),
        (json!(null), false),
        (json!(["client id"]), false),
    ] {
        for audience in [json!("client id"), json!(["client id", "other"])] {
            let mut world = World::new();
            world.idp.change(|idp| {
                idp.claims.insert("aud", Some(audience));
                idp.claims.insert("azp", Some(party.clone()));
            });
            assert_eq!(is_accepted(&mut world).await, good, "{party}");
        }
    }
}

#[tokio::test]
async fn r048_r049_r050_times_are_numbers_and_hold() {
    for (name, value, good) in [
        ("exp", None, false),
        ("exp", Some(json!((NOW + 60).to_string())), false),
        ("exp", Some(json!(-1)), false),
        ("exp", Some(json!(null)), false),
        ("exp", Some(json!(NOW - 9)), true),
        ("exp", Some(json!(NOW - 10)), false),
        ("exp", Some(json!(u64::MAX)), false),
        ("exp", Some(json!(NOW as f64 + 0.5)), true),
        ("iat", None, false),
        ("iat", Some(json!(NOW.to_string())), false),
        ("iat", Some(json!(NOW + 10)), true),
        ("iat", Some(json!(NOW + 11)), false),
        ("iat", Some(json!(NOW + 3600)), false),
        ("nbf", Some(json!(NOW + 10)), true),
        ("nbf", Some(json!(NOW + 11)), false),
        ("nbf", Some(json!("99999999999")), false),
        ("nbf", Some(json!(null)), false),
    ] {
        assert_eq!(accepts_claim(name, value.clone()).await, good, "{name} {value:?}");
    }
    // Larger than a double: no number at all.
    let endless = accepts(|header, claims| {
        let claims = text(claims).replace(&(NOW + 3600).to_string(), "1e400");
        assert!(claims.contains("1e400"));
        sign_rs256(&header.to_string(), &claims)
    });
    assert!(!endless.await);
}

#[tokio::test]
async fn r051_the_nonce_is_repeated_exactly() {
    for nonce in [None, Some(json!("")), Some(json!(null)), Some(json!(["x"])), Some(json!("x"))] {
        assert!(!accepts_claim("nonce", nonce.clone()).await, "{nonce:?}");
    }
    for (nonce, good) in
        [(None, true), (Some(json!("uninvited")), false), (Some(json!(null)), false)]
    {
        let mut world = World::with_provider(|oidc| oidc.checks([Check::Pkce, Check::State]));
        world.idp.change(|idp| drop(idp.claims.insert("nonce", nonce)));
        assert_eq!(is_accepted(&mut world).await, good);
    }
}

#[tokio::test]
async fn r052_the_subject_is_text_and_is_not_made_into_text() {
    for (subject, good) in [
        (json!("s".repeat(255)), true),
        (json!("s".repeat(256)), false),
        (json!(""), false),
        (json!(7), false),
        (json!(null), false),
        (json!(["a"]), false),
        (json!("a\u{0}b"), false),
    ] {
        assert_eq!(accepts_claim("sub", Some(subject.clone())).await, good, "{subject:.40}");
    }
}

#[tokio::test]
async fn r053_the_token_belongs_to_its_access_token() {
    assert!(accepts_claim("at_hash", None).await);
    for hash in [json!(""), json!(null), json!(7), json!("AAAA")] {
        assert!(!accepts_claim("at_hash", Some(hash.clone())).await, "{hash}");
    }
    let mut world = World::new();
    world.idp.change(|idp| drop(idp.response.insert("access_token", Some(json!("swapped")))));
    assert!(!is_accepted(&mut world).await);
}

#[tokio::test]
async fn r055_only_the_strict_form_is_read() {
    let rewritten = async |change: fn(&str) -> String| {
        accepts(move |header, claims| change(&sign_rs256(&header.to_string(), &text(claims)))).await
    };
    assert!(rewritten(|token| token.to_owned()).await);
    assert!(!rewritten(|token| format!("{token}==")).await);
    assert!(!rewritten(|token| format!("{token}\n")).await);
    assert!(!rewritten(|token| format!(" {token}")).await);
    assert!(!rewritten(|token| token.replacen('.', "\n.", 1)).await);
    assert!(!rewritten(|token| format!("{token}..")).await);
    assert!(!rewritten(|token| format!("{token}.{}", "A".repeat(10))).await);
    assert!(!rewritten(|token| token.rsplit_once('.').unwrap().0.to_owned()).await);
    assert!(!rewritten(|token| format!("{token}{}", "A".repeat(10 * 1024 * 1024))).await);
    assert!(!rewritten(|_| String::new()).await);

    let written = async |change: fn(&str) -> String| {
        accepts(move |header, claims| sign_rs256(&header.to_string(), &change(&text(claims)))).await
    };
    assert!(written(|claims| claims.to_owned()).await);
    assert!(!written(|claims| claims.replacen('{', r#"{"sub":"other","#, 1)).await);
    assert!(!written(|claims| format!("\u{feff}{claims}")).await);
    assert!(!written(|claims| format!("[{claims}]")).await);
    assert!(!written(|claims| format!("{claims}x")).await);
    let padded = async |length: usize| {
        accepts(move |header, claims| {
            let mut claims = claims.clone();
            claims.insert("padding".into(), "p".repeat(length).into());
            sign_rs256(&header.to_string(), &text(&claims))
        })
        .await
    };
    assert!(padded(32 * 1024).await);
    assert!(!padded(64 * 1024).await);
    let header = accepts(|_, claims| {
        sign_rs256(r#"{"alg":"none","alg":"RS256","kid":"one"}"#, &text(claims))
    });
    assert!(!header.await);
    // The standard alphabet, where it differs.
    let alphabet = accepts(|header, claims| {
        let token = sign_rs256(&header.to_string(), &text(claims));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        format!("{signed}.{}", signature.replace('-', "+").replace('_', "/"))
    });
    assert!(!alphabet.await);
}

#[tokio::test]
async fn r056_r094_no_token_is_taken_for_one_of_another_kind() {
    let claims = json!({
        "iss": "https://id.example", "sub": "1", "aud": "client id", "iat": NOW,
        "exp": NOW + 3600, "value": "v", "provider": "idp", "name": "Eve",
    });
    let id_token = sign_rs256(r#"{"alg":"RS256","kid":"one"}"#, &claims.to_string());
    let session = seal(&claims, SECRET, "");
    let check = |name: &str| seal(&claims, SECRET, &format!("next-auth.{name}"));
    let checks = ["state", "nonce", "pkce.code_verifier"];

    // In the place of an ID token.
    for token in checks.map(check).into_iter().chain([session.clone()]) {
        assert!(!accepts(move |_, _| token.clone()).await);
    }
    // In the place of a session.
    for token in checks.map(check).into_iter().chain([id_token.clone()]) {
        let mut world = World::new();
        world.browser.jar.plant("next-auth.session-token", &token);
        assert_eq!(world.browser.session().await, json!({}));
    }
    // In the place of a check cookie.
    for place in checks {
        let others = checks.iter().filter(|name| **name != place).map(|name| check(name));
        for token in others.chain([session.clone(), id_token.clone()]) {
            let mut world = World::new();
            let back = world.start("idp").await;
            world.browser.jar.plant(&format!("next-auth.{place}"), &token);
            let answer = world.browser.get(&back).await;
            assert_eq!(answer.outline()[0], error("OAuthCallback"), "{place}");
            assert!(world.idp.requests().is_empty());
        }
    }
    // What these are good for.
    let mut world = World::new();
    world.browser.jar.plant("next-auth.session-token", &session);
    assert_eq!(world.browser.session().await["user"]["name"], "Eve");
}

#[tokio::test]
async fn r054_when_and_how_somebody_proved_themselves_is_checked_if_it_was_asked_for() {
    // Asked for by the page, by the configuration, or by both.
    for (page, configured, allowed) in
        [("?max_age=60", None, 60), ("", Some("60"), 60), ("?max_age=30", Some("60"), 30)]
    {
        for (claim, accepted) in [
            (Some(json!(NOW)), true),
            (Some(json!(NOW - allowed - 10)), true),
            (Some(json!(NOW - allowed - 11)), false),
            (Some(json!(NOW.to_string())), false),
            (None, false),
        ] {
            let mut world = World::with_provider(|oidc| match configured {
                Some(seconds) => oidc.authorization_parameter("max_age", seconds).into_definition(),
                None => oidc.into_definition(),
            });
            world.idp.change(|idp| drop(idp.claims.insert("auth_time", claim.clone())));
            let address = format!("/api/auth/signin/idp{page}");
            let away = world.browser.post(&address, &[]).await;
            assert_eq!(parameter(away.location(), "max_age"), allowed.to_string());
            world.browser.bring(&world.idp.response(away.location())).await;
            let session = world.browser.session().await;
            assert_eq!(session != json!({}), accepted, "{page} {configured:?} {claim:?}");
        }
    }
    // A page cannot ask for less than the configuration does, nor for nonsense.
    for page in ["3600", "-1", "x", ""] {
        let mut world = World::with_provider(|oidc| oidc.authorization_parameter("max_age", "60"));
        let away = world.browser.post(&format!("/api/auth/signin/idp?max_age={page}"), &[]).await;
        assert_eq!(parameter(away.location(), "max_age"), "60");
    }
    for (acr, accepted) in [
        (Some(json!("gold")), true),
        (Some(json!("silver")), true),
        (Some(json!("bronze")), false),
        (Some(json!(["gold"])), false),
        (None, false),
    ] {
        let mut world =
            World::with_provider(|oidc| oidc.authorization_parameter("acr_values", "silver gold"));
        world.idp.change(|idp| drop(idp.claims.insert("acr", acr.clone())));
        world.sign_in("idp").await;
        assert_eq!(world.browser.session().await != json!({}), accepted, "{acr:?}");
    }
}
