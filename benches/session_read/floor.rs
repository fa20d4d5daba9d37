//! The least that a read of a session in a cookie can cost: find it among the cookies of a browser,
//! open it, seal the next one with random bytes of the operating system, send an answer of the same
//! headers and length. Nothing inside is looked at.

use std::hint::black_box;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_TYPE, COOKIE, EXPIRES, PRAGMA, REFERRER_POLICY, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Response};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

/// As long as the claims of Ada Lovelace.
const PLAINTEXT: usize = 160;
const HEADER: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0";
const NAME: &str = "next-auth.session-token=";
const ATTRIBUTES: &str = "; Path=/; Expires=Tue, 29 Dec 2026 12:00:00 GMT; HttpOnly; SameSite=Lax";
const BODY: &str = r#"{"user":{"name":"Ada Lovelace","email":"ada@example.com"},"expires":"2026-12-29T12:00:00.000Z"}"#;

pub(crate) struct Floor {
    key: LessSafeKey,
    random: SystemRandom,
    cookie: String,
}

impl Floor {
    pub(crate) fn new() -> Self {
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).expect("32 bytes"));
        let mut floor = Self { key, random: SystemRandom::new(), cookie: String::new() };
        floor.cookie = floor.seal(vec![b'x'; PLAINTEXT]);
        floor
    }

    /// A browser's `Cookie` header, in which what the floor sealed stands for the browser's own cookie.
    pub(crate) fn cookies(&self, of_browser: &str) -> String {
        let others = of_browser.split("; ").filter(|pair| !pair.starts_with(NAME));
        let own = format!("{NAME}{}", self.cookie);
        others.chain([own.as_str()]).collect::<Vec<_>>().join("; ")
    }

    fn seal(&self, mut buffer: Vec<u8>) -> String {
        // The initialisation vector and the token's id, in one draw.
        let mut random = [0; 28];
        self.random.fill(&mut random).expect("a generator");
        let iv: [u8; 12] = random[..12].try_into().expect("12 bytes");
        let nonce = Nonce::assume_unique_for_key(iv);
        let aad = Aad::from(HEADER.as_bytes());
        let tag = self.key.seal_in_place_separate_tag(nonce, aad, &mut buffer).expect("it seals");
        let mut text = String::with_capacity(HEADER.len() + buffer.len() * 4 / 3 + 64);
        text.push_str(HEADER);
        text.push_str("..");
        URL_SAFE_NO_PAD.encode_string(iv, &mut text);
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(buffer, &mut text);
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(tag, &mut text);
        text
    }

    fn open_and_seal(&self, cookie: &str) -> String {
        let mut parts = cookie.split('.').skip(2);
        let mut part = || URL_SAFE_NO_PAD.decode(parts.next().expect("a part")).expect("base64");
        let (iv, mut sealed, tag) = (part(), part(), part());
        sealed.extend_from_slice(&tag);
        let nonce = Nonce::assume_unique_for_key(iv.try_into().expect("12 bytes"));
        let aad = Aad::from(HEADER.as_bytes());
        let length = self.key.open_in_place(nonce, aad, &mut sealed).expect("it opens").len();
        sealed.truncate(length);
        self.seal(sealed)
    }

    /// The cryptography alone.
    pub(crate) fn call(&self) {
        black_box(self.open_and_seal(black_box(&self.cookie)));
    }

    /// The answer to a request with these headers.
    pub(crate) fn answer(&self, headers: &HeaderMap) -> Response<Bytes> {
        let cookies = headers[COOKIE].to_str().expect("text").split("; ");
        let cookie = cookies.filter_map(|pair| pair.strip_prefix(NAME)).next().expect("a session");
        let mut line = String::with_capacity(NAME.len() + cookie.len() + ATTRIBUTES.len());
        line.push_str(NAME);
        line.push_str(&self.open_and_seal(cookie));
        line.push_str(ATTRIBUTES);
        let mut response = Response::new(Bytes::from_static(BODY.as_bytes()));
        let fixed = [
            (CONTENT_TYPE, "application/json; charset=utf-8"),
            (CACHE_CONTROL, "private, no-cache, no-store"),
            (PRAGMA, "no-cache"),
            (EXPIRES, "0"),
            (REFERRER_POLICY, "no-referrer"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        let headers = response.headers_mut();
        headers.reserve(fixed.len() + 1);
        for (name, value) in fixed {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers.insert(SET_COOKIE, HeaderValue::try_from(line).expect("text"));
        response
    }
}
