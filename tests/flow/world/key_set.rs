//! Key sets, and the algorithm of ID tokens.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use typegate::SignatureAlgorithm;
use typegate::provider::Adjust as _;

use super::site::{refusal, user_of};
use crate::support::{World, decoy_rsa_key, rsa_key, sign_with};

const REFUSED: &str = "the ID token ";

#[tokio::test]
async fn numbers_of_a_key_may_be_in_any_base64() {
    let padded = |text: &str| URL_SAFE.encode(URL_SAFE_NO_PAD.decode(text).unwrap());
    let standard = |text: &str| STANDARD.encode(URL_SAFE_NO_PAD.decode(text).unwrap());
    let broken = |text: &str| standard(text).replacen('A', "A\n", 1);
    let forms: [&dyn Fn(&str) -> String; 3] = [&padded, &standard, &broken];
    for form in forms {
        let mut world = World::new();
        world.idp.change(|idp| {
            for name in ["n", "e"] {
                let number = idp.keys["keys"][0][name].as_str().unwrap();
                idp.keys["keys"][0][name] = form(number).into();
            }
        });
        user_of(&mut world, "idp").await;

        let mut world = es256(World::new());
        world.idp.change(|idp| {
            idp.document["id_token_signing_alg_values_supported"] = json!(["ES256"]);
            for name in ["x", "y"] {
                let number = idp.keys["keys"][0][name].as_str().unwrap();
                idp.keys["keys"][0][name] = form(number).into();
            }
        });
        user_of(&mut world, "idp").await;
    }
}

#[tokio::test]
async fn of_several_keys_with_one_id_each_is_tried() {
    let (right, wrong) = (rsa_key("one"), decoy_rsa_key("one"));
    for keys in [[&wrong, &right], [&right, &wrong]] {
        let mut world = World::new();
        world.idp.change(|idp| idp.keys = json!({ "keys": keys }));
        user_of(&mut world, "idp").await;
    }
    let mut world = World::new();
    world.idp.change(|idp| idp.keys = json!({ "keys": [wrong, wrong] }));
    let said = refusal(&mut world, "idp").await;
    let fetched = "the key set has just been fetched";
    assert_eq!(said, format!("{REFUSED}has a signature that does not verify ({fetched})"));
}

/// A provider that signs by a key of its own, on P-256.
fn es256(world: World) -> World {
    let (random, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
    let point = pair.public_key().as_ref();
    let [x, y] = [&point[1..33], &point[33..]].map(|half| URL_SAFE_NO_PAD.encode(half));
    let key = json!({ "kty": "EC", "crv": "P-256", "kid": "ec", "x": x, "y": y });
    world.idp.change(|idp| {
        idp.keys = json!({ "keys": [key, rsa_key("one")] });
        idp.header = json!({ "alg": "ES256", "kid": "ec" });
        idp.sign = Some(Box::new(move |header, claims| {
            let claims = Value::Object(claims.clone()).to_string();
            sign_with(&header.to_string(), &claims, |message| {
                pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
            })
        }));
    });
    world
}

#[tokio::test]
async fn the_algorithm_is_one_that_the_discovery_document_offers() {
    let offers = "id_token_signing_alg_values_supported";
    for (offered, good) in [
        (json!(["ES256"]), true),
        (json!(["RS256", "ES256"]), true),
        (json!(["none", "HS256", "ES256", "RS1024", 7]), true),
        (json!(["RS256"]), false),
        (json!(null), false),
        (json!("ES256"), false),
        (json!([]), false),
        (json!(["none", "HS256"]), false),
    ] {
        let mut world = es256(World::new());
        world.idp.change(|idp| idp.document[offers] = offered.clone());
        if good {
            user_of(&mut world, "idp").await;
        } else {
            let said = refusal(&mut world, "idp").await;
            assert_eq!(
                said,
                format!(
                    "{REFUSED}is signed with another algorithm than RS256, by ES256: if the provider \
                     is to use it, say so by `id_token_algorithm`"
                ),
                "{offered}"
            );
        }
    }
    // What is configured counts for more than what is offered.
    let change =
        |oidc: typegate::provider::Oidc| oidc.id_token_algorithm(SignatureAlgorithm::Es256);
    user_of(&mut es256(World::with_provider(change)), "idp").await;
    let change =
        |oidc: typegate::provider::Oidc| oidc.id_token_algorithm(SignatureAlgorithm::Rs256);
    let mut world = es256(World::with_provider(change));
    world.idp.change(|idp| idp.document[offers] = json!(["ES256"]));
    assert!(refusal(&mut world, "idp").await.contains("`id_token_algorithm`"));
}

/// Whatever the document offers: nobody signs with nothing, or with what the client knows.
#[tokio::test]
async fn an_offer_of_no_signature_or_of_a_secret_is_none() {
    let offers = "id_token_signing_alg_values_supported";
    for (alg, secret) in [("none", ""), ("HS256", "s:e%c+r é/t"), ("HS256", "")] {
        let mut world = World::new();
        world.idp.change(|idp| {
            idp.document[offers] = json!(["none", "HS256", "RS256"]);
            idp.header = json!({ "alg": alg });
            idp.sign = Some(Box::new(move |header, claims| {
                let claims = Value::Object(claims.clone()).to_string();
                sign_with(&header.to_string(), &claims, |message| match alg {
                    "none" => Vec::new(),
                    _ => {
                        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
                        ring::hmac::sign(&key, message).as_ref().to_vec()
                    }
                })
            }));
        });
        let said = refusal(&mut world, "idp").await;
        assert!(said.starts_with(&format!("{REFUSED}is signed with another algorithm than RS256")));
        assert_eq!(said.contains("id_token_algorithm"), alg == "HS256", "{said}");
    }
}

const FETCHED: &str = " (the key set has just been fetched)";
const KEPT: &str = " (the key set is from before: where a key or a signature does not fit, it is \
                    fetched again once a minute at most)";

#[tokio::test]
async fn r206_a_key_that_is_not_there_says_whether_it_was_looked_for_again() {
    let unknown = |has: &str| {
        format!(
            "{REFUSED}names the key `two`, which is not in the provider's key set (it has {has})"
        )
    };
    let mut world = World::new();
    world.idp.change(|idp| idp.header["kid"] = "two".into());
    let said = refusal(&mut world, "idp").await;
    assert_eq!(said, unknown("`one`") + FETCHED);
    // Nobody asked for it twice.
    assert_eq!(world.idp.paths().iter().filter(|path| *path == "/keys").count(), 1);
    world.idp.change(|idp| idp.keys = json!({ "keys": [rsa_key("three")] }));
    assert_eq!(refusal(&mut world, "idp").await, unknown("`three`") + FETCHED);
    // The provider publishes it, and the minute is not over.
    world.idp.change(|idp| idp.keys = json!({ "keys": [rsa_key("two")] }));
    world.clock.advance(30);
    assert_eq!(refusal(&mut world, "idp").await, unknown("`three`") + KEPT);
    world.clock.advance(31);
    world.idp.break_endpoint("/keys", 503, "{}");
    assert_eq!(
        refusal(&mut world, "idp").await,
        unknown("`three`")
            + " (the key set is from before, and could not be fetched again: GET \
               https://id.example/keys: the provider answered 503)"
    );
    world.clock.advance(61);
    world.idp.change(|idp| idp.broken.clear());
    user_of(&mut world, "idp").await;
}

/// What is wrong with the one key that would do.
#[tokio::test]
async fn r206_a_key_that_cannot_be_used_says_why() {
    let changed = |name: &str, value: Value| {
        let mut key = rsa_key("one");
        key[name] = value;
        json!([key])
    };
    let named = "names the key `one`, which the provider's key set has, and which";
    let short = {
        let mut key = rsa_key("one");
        let number = URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap();
        key["n"] = URL_SAFE_NO_PAD.encode(&number[..128]).into();
        json!([key])
    };
    for (keys, why) in [
        (json!([]), "is signed by a key of the provider, whose key set is empty".to_owned()),
        (changed("use", json!("enc")), format!("{named} cannot be used: it has the `use` `enc`, and not `sig`")),
        (changed("key_ops", json!(["encrypt"])), format!("{named} cannot be used: it has no `verify` among its `key_ops`")),
        (changed("alg", json!("RS384")), format!("{named} does not go with RS256: it is an RSA key with the `alg` `RS384`")),
        (changed("d", json!("AQAB")), format!("{named} cannot be used: it has its private part")),
        (short, format!("{named} cannot be used: it is an RSA key of fewer than 2048 bits")),
        (
            changed("kty", json!("oct")),
            format!("{named} cannot be used: it is of a kind that is not known, or lacks a member: `kty` `oct`, `crv` `none`"),
        ),
        (
            changed("kid", json!("a\u{1}\r\nb")),
            r"names the key `one`, which is not in the provider's key set (it has `a\u{1}\r\nb`)".to_owned(),
        ),
        (
            changed("kid", json!(null)),
            "names the key `one`, which is not in the provider's key set (it has keys without an id)".to_owned(),
        ),
    ] {
        let mut world = World::new();
        world.idp.change(|idp| idp.keys = json!({ "keys": keys }));
        let answer = world.sign_in("idp").await;
        assert_eq!(answer.outline()[0], crate::support::error("OAuthCallback"));
        let said = world.lines.take();
        let said = &said.last().unwrap().message;
        assert_eq!(*said, format!("{REFUSED}{why}{FETCHED}"));
    }
}

/// NextAuth v4 fetches the set at each sign-in, so a provider may do that.
#[tokio::test]
async fn r206_a_key_that_was_changed_under_its_id_is_found() {
    let mut world = World::new();
    world.idp.change(|idp| idp.keys = json!({ "keys": [decoy_rsa_key("one")] }));
    refusal(&mut world, "idp").await;
    world.idp.paths();
    world.idp.change(|idp| idp.keys = json!({ "keys": [rsa_key("one")] }));
    user_of(&mut world, "idp").await;
    assert_eq!(world.idp.paths().iter().filter(|path| *path == "/keys").count(), 1);
}

/// Whoever makes a provider's answers cannot make it be asked more often.
#[tokio::test]
async fn r206_bad_signatures_fetch_keys_once_a_minute_and_are_tried_once_more() {
    let mut world = World::new();
    user_of(&mut world, "idp").await;
    world.idp.change(|idp| {
        idp.sign = Some(Box::new(|header, claims| {
            let claims = Value::Object(claims.clone()).to_string();
            sign_with(&header.to_string(), &claims, |_| vec![7; 256])
        }));
    });
    for minute in 0..3 {
        let mut fetches = 0;
        for second in 0..10 {
            world.browser = world.another_browser();
            let said = refusal(&mut world, "idp").await;
            let age = if second == 0 { FETCHED } else { KEPT };
            assert_eq!(said, format!("{REFUSED}has a signature that does not verify{age}"));
            let paths = world.idp.paths();
            fetches += paths.iter().filter(|path| *path == "/keys").count();
            world.clock.advance(1);
        }
        assert_eq!(fetches, 1, "{minute}");
        world.clock.advance(50);
    }
    // Nor does it cost anybody a good sign-in.
    world.idp.change(|idp| idp.sign = None);
    world.browser = world.another_browser();
    user_of(&mut world, "idp").await;
}

/// The keys of another address are those of somebody else.
#[tokio::test]
async fn r206_keys_belong_to_the_address_that_they_come_from() {
    let mut world = World::new();
    user_of(&mut world, "idp").await;
    // The document is read again, and the keys at hand are not due.
    world.clock.advance(3599);
    world.browser = world.another_browser();
    user_of(&mut world, "idp").await;
    world.clock.advance(2);
    world.idp.change(|idp| {
        idp.document["jwks_uri"] = "https://id.example/keys/new".into();
        idp.keys = json!({ "keys": [decoy_rsa_key("one")] });
    });
    world.browser = world.another_browser();
    let said = refusal(&mut world, "idp").await;
    assert_eq!(said, format!("{REFUSED}has a signature that does not verify{FETCHED}"));
}
