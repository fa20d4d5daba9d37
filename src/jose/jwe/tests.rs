//! Encrypted tokens, all made by next-auth 4.24.15 unless a case says otherwise.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::*;
use crate::jose::MAXIMUM_TOKEN_LENGTH;
use crate::model::JsonObject;

fn data() -> Value {
    serde_json::from_str(include_str!("../../../tests/data/jwe.json")).unwrap()
}

fn secret(case: &Value) -> Secret {
    let material = match (&case["secret"], &case["secret_hex"]) {
        (Value::String(text), _) => text.clone().into_bytes(),
        (_, Value::String(hexadecimal)) => (0..hexadecimal.len())
            .step_by(2)
            .map(|index| u8::from_str_radix(hexadecimal.get(index..index + 2).unwrap(), 16))
            .collect::<Result<_, _>>()
            .unwrap(),
        _ => panic!("a case without a secret: {case}"),
    };
    Secret::dangerously_short(material).unwrap()
}

fn keys(case: &Value) -> SealingKeys {
    SealingKeys::derive(&[secret(case)], case["salt"].as_str().unwrap())
}

fn at(second: &Value) -> Timestamp {
    Timestamp::from_second(second.as_i64().unwrap()).unwrap()
}

#[test]
fn r092_tokens_are_sealed_byte_for_byte_as_next_auth_seals_them() {
    for case in data()["sealed"].as_array().unwrap() {
        let iv = URL_SAFE_NO_PAD.decode(case["iv"].as_str().unwrap()).unwrap();
        let plaintext = case["plaintext"].as_str().unwrap().as_bytes().to_vec();
        let sealed = keys(case).seal_bytes(plaintext, iv.try_into().unwrap()).unwrap();
        assert_eq!(sealed.text, case["token"].as_str().unwrap(), "{}", case["name"]);
    }
}

#[test]
fn r093_claims_are_written_in_next_auths_order() {
    for case in data()["sealed"].as_array().unwrap() {
        let claims = Claims::from(case["input"].as_object().unwrap().clone());
        let keys = keys(case);
        let age = case["max_age"].as_i64().unwrap();
        let sealed = keys.seal(claims, at(&case["now"]), age).unwrap();
        let claims = keys.open(&sealed.text, at(&case["now"])).unwrap();
        let expected: JsonObject =
            serde_json::from_str(case["plaintext"].as_str().unwrap()).unwrap();
        let names = |claims: &JsonObject| claims.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(claims.as_object()), names(&expected));
        for (name, value) in expected.iter().filter(|(name, _)| *name != "jti") {
            assert_eq!(claims.as_object()[name], *value, "{name}");
        }
    }
}

#[test]
fn r088_r090_tokens_of_next_auth_are_opened_and_refused_alike() {
    for case in data()["opened"].as_array().unwrap() {
        let opened = keys(case).open(case["token"].as_str().unwrap(), at(&case["at"])).ok();
        let expected = case["claims"].as_object().filter(|_| case.get("ours").is_none());
        assert_eq!(opened.map(Claims::into_object).as_ref(), expected, "{}", case["name"]);
    }
}

#[test]
fn r088_other_algorithms_are_refused_before_anything_is_decrypted() {
    let keys = SealingKeys::derive(&[Secret::dangerously_short("secret").unwrap()], "");
    for header in [
        r#"{"alg":"dir","enc":"A128CBC-HS256"}"#,
        r#"{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2c":2000000000,"p2s":"AA"}"#,
        r#"{"alg":"RSA1_5","enc":"A256GCM"}"#,
        r#"{"alg":"ECDH-ES","enc":"A256GCM"}"#,
        r#"{"alg":"A256KW","enc":"A256GCM"}"#,
        r#"{"alg":"DIR","enc":"A256GCM"}"#,
        r#"{"enc":"A256GCM"}"#,
        r#"{"alg":"dir","enc":"A256GCM","zip":"DEF"}"#,
        r#"{"alg":"dir","enc":"A256GCM","crit":["exp"],"exp":1}"#,
    ] {
        let token = format!(
            "{}..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA",
            URL_SAFE_NO_PAD.encode(header)
        );
        let refusal = keys.open(&token, Timestamp::UNIX_EPOCH).unwrap_err();
        assert_eq!(refusal, TokenRefused::Algorithm, "{header}");
    }
}

#[test]
fn r090_only_strict_compact_serialisation_is_read() {
    let keys = SealingKeys::derive(&[Secret::dangerously_short("secret").unwrap()], "");
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    let good = keys.seal(Claims::default(), now, 60).unwrap().text;
    assert!(keys.open(&good, now).is_ok());
    let parts: Vec<_> = good.split('.').collect();
    let with = |index: usize, text: &str| {
        let mut parts = parts.clone();
        parts[index] = text;
        parts.join(".")
    };
    for bad in [
        String::new(),
        "....".into(),
        format!("{good}="),
        format!(" {good}"),
        format!("{good}\n"),
        with(1, "AAAA"),
        with(2, "AAAAAAAAAAAAAAA"),
        with(2, "AAAAAAAAAAAAAAAAAAAA"),
        with(3, ""),
        with(4, ""),
        with(4, parts[4].get(..20).unwrap()),
        "x".repeat(MAXIMUM_TOKEN_LENGTH + 1),
    ] {
        assert!(keys.open(&bad, now).is_err(), "{bad:?}");
    }
}

#[test]
fn r098_previous_secrets_open_and_do_not_seal() {
    let (old, new) =
        (Secret::dangerously_short("old").unwrap(), Secret::dangerously_short("new").unwrap());
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    let sealed_before = SealingKeys::derive(std::slice::from_ref(&old), "");
    let token = sealed_before.seal(Claims::default(), now, 60).unwrap().text;
    let rotated = SealingKeys::derive(&[new.clone(), old], "");
    assert!(rotated.open(&token, now).is_ok());
    let token = rotated.seal(Claims::default(), now, 60).unwrap().text;
    assert!(SealingKeys::derive(&[new], "").open(&token, now).is_ok());
    assert!(sealed_before.open(&token, now).is_err());
}

#[test]
fn r091_every_token_has_a_fresh_iv() {
    let keys = SealingKeys::derive(&[Secret::dangerously_short("secret").unwrap()], "");
    let ivs: std::collections::HashSet<_> = (0..10_000)
        .map(|_| {
            let token = keys.seal(Claims::default(), Timestamp::UNIX_EPOCH, 60).unwrap().text;
            token.split('.').nth(2).unwrap().to_owned()
        })
        .collect();
    assert_eq!(ivs.len(), 10_000);
}

/// Numbers to the last bit, and lone surrogates, in tokens that next-auth 4.24.15 made.
#[test]
fn r202_claims_that_javascript_wrote_are_read_as_javascript_shows_them() {
    let data: Value =
        serde_json::from_str(include_str!("../../../tests/data/javascript_claims.json")).unwrap();
    let keys = SealingKeys::derive(&[secret(&data)], "");
    let now = at(&data["at"]);
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    for case in data["tokens"].as_array().unwrap() {
        let claims = keys.open(case["token"].as_str().unwrap(), now).unwrap();
        // What is read goes out again, and is the same then.
        let sealed = keys.seal(claims.clone(), now, 60).unwrap();
        for claims in [&claims, &keys.open(&sealed.text, now).unwrap()] {
            let claims = claims.as_object();
            assert_eq!(claims["name"], case["name"]);
            assert_eq!(texts(&claims["texts"]), texts(&case["texts"]));
            assert_eq!(claims.keys().cloned().collect::<Vec<_>>(), texts(&case["members"]));
            let numbers = claims["numbers"].as_array().unwrap();
            for (number, text) in numbers.iter().zip(texts(&case["numbers"])) {
                let expected: f64 = text.parse().unwrap();
                assert_eq!(number.as_f64().unwrap().to_bits(), expected.to_bits(), "{text}");
            }
            assert_eq!(numbers.len(), 20);
        }
    }
}
