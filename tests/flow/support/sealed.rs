//! NextAuth's sealed tokens, implemented a second time so that the tests need not trust the crate.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use serde_json::Value;

struct KeyLength;

impl ring::hkdf::KeyType for KeyLength {
    fn len(&self) -> usize {
        32
    }
}

fn key(secret: &str, salt: &str) -> LessSafeKey {
    let mut info = "NextAuth.js Generated Encryption Key".to_owned();
    if !salt.is_empty() {
        info.push_str(&format!(" ({salt})"));
    }
    let mut key = [0; 32];
    let parts = [info.as_bytes()];
    let pseudo_random = Salt::new(HKDF_SHA256, salt.as_bytes()).extract(secret.as_bytes());
    pseudo_random.expand(&parts, KeyLength).unwrap().fill(&mut key).unwrap();
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).unwrap())
}

/// Seals claims as they are. `salt` is empty for sessions, else the cookie's name.
pub(crate) fn seal(claims: &Value, secret: &str, salt: &str) -> String {
    let header = BASE64URL.encode(r#"{"alg":"dir","enc":"A256GCM"}"#);
    let mut buffer = claims.to_string().into_bytes();
    let iv = [7; 12];
    let tag = key(secret, salt)
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(iv),
            Aad::from(&header),
            &mut buffer,
        )
        .unwrap();
    let [iv, text, tag] = [&iv[..], &buffer, tag.as_ref()].map(|part| BASE64URL.encode(part));
    format!("{header}..{iv}.{text}.{tag}")
}

/// The claims of a token, whatever their times.
pub(crate) fn open(token: &str, secret: &str, salt: &str) -> Value {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, "", iv, text, tag] = parts[..] else { panic!("no compact JWE") };
    let decode = |part: &str| BASE64URL.decode(part).unwrap();
    let mut buffer = [decode(text), decode(tag)].concat();
    let iv = Nonce::try_assume_unique_for_key(&decode(iv)).unwrap();
    let plain = key(secret, salt).open_in_place(iv, Aad::from(header), &mut buffer).unwrap();
    serde_json::from_slice(plain).unwrap()
}
