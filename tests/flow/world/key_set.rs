//! Key sets, and the algorithm of ID tokens.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use typegate::SignatureAlgorithm;

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
    assert_eq!(said, format!("{REFUSED}has a signature that does not verify"));
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

#[tokio::test]
async fn a_key_that_is_not_there_says_whether_it_was_looked_for_again() {
    let unknown = format!("{REFUSED}names a key that is not in the provider's key set");
    let mut world = World::new();
    world.idp.change(|idp| idp.header["kid"] = "two".into());
    assert_eq!(
        refusal(&mut world, "idp").await,
        format!("{unknown}, which has just been fetched again")
    );
    // The provider publishes it, and the minute is not over.
    world.idp.change(|idp| idp.keys = json!({ "keys": [rsa_key("two")] }));
    world.clock.advance(30);
    assert_eq!(
        refusal(&mut world, "idp").await,
        format!(
            "{unknown} as it was fetched before: for unknown keys it is fetched again once a minute \
             at most"
        )
    );
    world.clock.advance(31);
    world.idp.break_endpoint("/keys", 503, "{}");
    assert_eq!(
        refusal(&mut world, "idp").await,
        format!(
            "{unknown} as it was fetched before, and it could not be fetched again: the provider \
             answered 503"
        )
    );
    world.clock.advance(61);
    world.idp.change(|idp| idp.broken.clear());
    user_of(&mut world, "idp").await;
}
