//! Encrypted tokens, all made by @auth/core 0.34.3 unless a case says otherwise.

use std::collections::HashSet;

use super::*;
use crate::model::JsonObject;

const COOKIE: &str = "authjs.session-token";

fn data() -> Value {
    serde_json::from_str(include_str!("../../../tests/data/jwe_v5.json")).unwrap()
}

fn keys(secrets: &[&str], cookie_name: &str) -> AuthJsKeys {
    let secrets = secrets.iter().map(|text| Secret::dangerously_short(*text).unwrap());
    AuthJsKeys::derive(&secrets.collect::<Vec<_>>(), cookie_name)
}

fn at(second: &Value) -> Timestamp {
    Timestamp::from_second(second.as_i64().unwrap()).unwrap()
}

fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap()
}

/// A token with any header and plaintext, sealed with the right key.
fn forge(keys: &AuthJsKeys, header: &str, buffer: &[u8]) -> String {
    let header = URL_SAFE_NO_PAD.encode(header);
    let iv = [7; BLOCK];
    let tag = tag(&keys.keys[0].authentication, &header, &iv, buffer);
    compact::serialise(&header, &iv, buffer, &tag.as_ref()[..TAG]).text
}

#[test]
fn r092_tokens_are_sealed_byte_for_byte_as_auth_js_seals_them() {
    for case in data()["sealed"].as_array().unwrap() {
        let iv = URL_SAFE_NO_PAD.decode(text(case, "iv")).unwrap();
        let plaintext = text(case, "plaintext").as_bytes().to_vec();
        let keys = keys(&[text(case, "secret")], text(case, "cookie"));
        let sealed = keys.seal_bytes(plaintext, iv.try_into().unwrap()).unwrap();
        assert_eq!(sealed.text, text(case, "token"), "{}", case["name"]);
    }
}

#[test]
fn r093_claims_are_written_in_auth_js_order() {
    for case in data()["sealed"].as_array().unwrap() {
        let keys = keys(&[text(case, "secret")], text(case, "cookie"));
        let mut claims = Claims::from(case["input"].as_object().unwrap().clone());
        let sealed = keys.seal(&mut claims, at(&case["now"]), case["max_age"].as_i64().unwrap());
        let claims = keys.open(&sealed.unwrap().text, at(&case["now"])).unwrap().into_object();
        let expected: JsonObject = serde_json::from_str(text(case, "plaintext")).unwrap();
        assert!(claims.keys().eq(expected.keys()), "{claims:?}");
        for (name, value) in expected.iter().filter(|(name, _)| *name != "jti") {
            assert_eq!(claims[name], *value, "{name}");
        }
    }
}

#[test]
fn r088_r098_tokens_of_auth_js_are_opened_and_refused_alike() {
    let data = data();
    let sealed = data["sealed"].as_array().unwrap();
    for case in data["opened"].as_array().unwrap() {
        let token = match case["of"].as_str() {
            Some(name) => text(sealed.iter().find(|case| case["name"] == name).unwrap(), "token"),
            None => text(case, "token"),
        };
        let secrets: Vec<_> = case["secrets"].as_array().unwrap().iter().collect();
        let secrets: Vec<_> = secrets.into_iter().map(|secret| secret.as_str().unwrap()).collect();
        let opened = keys(&secrets, text(case, "cookie")).open(token, at(&case["at"])).ok();
        let expected = case["claims"].as_object().filter(|_| case.get("ours").is_none());
        assert_eq!(opened.map(Claims::into_object).as_ref(), expected, "{}", case["name"]);
    }
}

#[test]
fn r098_a_token_without_key_id_is_tried_with_every_secret() {
    let sealed_before = keys(&["old"], COOKIE);
    let mut buffer = br#"{"exp":4100000000}"#.to_vec();
    let length = buffer.len();
    buffer.resize(32, 0);
    cbc::Encryptor::inner_iv_init(sealed_before.keys[0].encryption.clone(), &[7; BLOCK].into())
        .encrypt_padded::<Pkcs7>(&mut buffer, length)
        .unwrap();
    let open = |keys: AuthJsKeys, header| {
        keys.open(&forge(&sealed_before, header, &buffer), Timestamp::UNIX_EPOCH)
    };
    let plain = r#"{"alg":"dir","enc":"A256CBC-HS512"}"#;
    assert!(open(keys(&["new", "old"], COOKIE), plain).is_ok());
    assert_eq!(open(keys(&["new"], COOKIE), plain), Err(TokenRefused::Decryption));
    let foreign = r#"{"alg":"dir","enc":"A256CBC-HS512","kid":"x"}"#;
    assert_eq!(open(keys(&["new", "old"], COOKIE), foreign), Err(TokenRefused::Decryption));
}

#[test]
fn a256gcm_tokens_choose_their_key_by_its_own_thumbprint() {
    let keys = keys(&["new", "old"], COOKIE);
    let open = |id: &str, key: usize| {
        let header = format!(r#"{{"alg":"dir","enc":"A256GCM","kid":"{id}"}}"#);
        let header = URL_SAFE_NO_PAD.encode(header);
        let mut buffer = br#"{"exp":4100000000}"#.to_vec();
        let nonce = ring::aead::Nonce::assume_unique_for_key([1; 12]);
        let header_bytes = ring::aead::Aad::from(header.as_bytes());
        let tag = keys.gcm[key].seal_in_place_separate_tag(nonce, header_bytes, &mut buffer);
        let token = compact::serialise(&header, &[1; 12], &buffer, tag.unwrap().as_ref());
        keys.open(&token.text, Timestamp::UNIX_EPOCH)
    };
    assert!(open(&keys.keys[0].gcm_id, 0).is_ok());
    assert!(open(&keys.keys[1].gcm_id, 1).is_ok());
    assert_eq!(open(&keys.keys[0].gcm_id, 1), Err(TokenRefused::Decryption));
    assert_eq!(open(&keys.keys[0].cbc_id, 0), Err(TokenRefused::Decryption));
}

#[test]
fn r088_r089_other_algorithms_are_refused_before_anything_is_decrypted() {
    let keys = keys(&["secret"], COOKIE);
    for header in [
        r#"{"alg":"dir","enc":"A128CBC-HS256"}"#,
        r#"{"alg":"dir","enc":"A192CBC-HS384"}"#,
        r#"{"alg":"PBES2-HS256+A128KW","enc":"A256CBC-HS512","p2c":2000000000,"p2s":"AA"}"#,
        r#"{"alg":"A256KW","enc":"A256CBC-HS512"}"#,
        r#"{"enc":"A256CBC-HS512"}"#,
        r#"{"alg":"dir","enc":"A256CBC-HS512","zip":"DEF"}"#,
        r#"{"alg":"dir","enc":"A256CBC-HS512","crit":["exp"],"exp":1}"#,
    ] {
        let refusal = keys.open(&forge(&keys, header, &[0; 16]), Timestamp::UNIX_EPOCH);
        assert_eq!(refusal, Err(TokenRefused::Algorithm), "{header}");
    }
}

/// Vaudenay's attack asks whether the padding is right: nothing may tell that from a bad tag.
#[test]
fn a_changed_token_and_bad_padding_are_one_refusal() {
    let keys = keys(&["secret"], COOKIE);
    let good = keys.seal(&mut Claims::default(), Timestamp::UNIX_EPOCH, 60).unwrap().text;
    let parts: Vec<_> = good.split('.').collect();
    for part in [2, 3, 4] {
        let bytes = URL_SAFE_NO_PAD.decode(parts[part]).unwrap();
        for index in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[index] ^= 1;
            let changed = URL_SAFE_NO_PAD.encode(bytes);
            let mut parts = parts.clone();
            parts[part] = &changed;
            let refusal = keys.open(&parts.join("."), Timestamp::UNIX_EPOCH);
            assert_eq!(refusal, Err(TokenRefused::Decryption));
        }
    }
    let header = r#"{"alg":"dir","enc":"A256CBC-HS512"}"#;
    for ciphertext in [&[][..], &[1; 15], &[1; 16], &[2; 17], &[3; 32]] {
        let refusal = keys.open(&forge(&keys, header, ciphertext), Timestamp::UNIX_EPOCH);
        assert_eq!(refusal, Err(TokenRefused::Decryption), "{ciphertext:?}");
    }
}

#[test]
fn r090_only_strict_compact_serialisation_is_read() {
    let keys = keys(&["secret"], COOKIE);
    let good = keys.seal(&mut Claims::default(), Timestamp::UNIX_EPOCH, 60).unwrap().text;
    assert!(keys.open(&good, Timestamp::UNIX_EPOCH).is_ok());
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
        with(1, "AAAA"),
        with(2, "AAAAAAAAAAAAAAAA"),
        with(4, ""),
        with(4, parts[4].get(..22).unwrap()),
        with(4, &format!("{}AA", parts[4])),
    ] {
        assert!(keys.open(&bad, Timestamp::UNIX_EPOCH).is_err(), "{bad:?}");
    }
}

#[test]
fn r093_times_are_checked_as_for_v4() {
    let keys = keys(&["secret"], COOKIE);
    let second = |second| Timestamp::from_second(second).unwrap();
    let token = keys.seal(&mut Claims::default(), second(1_700_000_000), 60).unwrap().text;
    assert!(keys.open(&token, second(1_700_000_074)).is_ok());
    assert_eq!(keys.open(&token, second(1_700_000_075)), Err(TokenRefused::Expired));
}

#[test]
fn r091_every_token_has_a_fresh_iv() {
    let keys = keys(&["secret"], COOKIE);
    let ivs: HashSet<_> = (0..10_000)
        .map(|_| {
            let token = keys.seal(&mut Claims::default(), Timestamp::UNIX_EPOCH, 60).unwrap().text;
            token.split('.').nth(2).unwrap().to_owned()
        })
        .collect();
    assert_eq!(ivs.len(), 10_000);
}
