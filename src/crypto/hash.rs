//! Hashes: SHA-256 and its text forms, the PKCE challenge (RFC 7636 section 4.2), and comparison in
//! constant time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{Context, Digest, SHA256, SHA256_OUTPUT_LEN};

/// Lower-case hexadecimal SHA-256 of the parts, one after the other.
pub(crate) fn sha256_hexadecimal(parts: &[&[u8]]) -> String {
    hexadecimal(sha256(parts).as_ref())
}

/// Whether a text is the lower-case hexadecimal SHA-256 of the parts, compared in constant time.
pub(crate) fn is_sha256_hexadecimal(text: &[u8], parts: &[&[u8]]) -> bool {
    let mut expected = [0; 2 * SHA256_OUTPUT_LEN];
    let hash = sha256(parts);
    for (target, digit) in expected.iter_mut().zip(digits(hash.as_ref())) {
        *target = digit;
    }
    equal(&expected, text)
}

fn sha256(parts: &[&[u8]]) -> Digest {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    context.finish()
}

/// The PKCE challenge of a verifier (RFC 7636 section 4.2, S256).
pub(crate) fn code_challenge(code_verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(ring::digest::digest(&SHA256, code_verifier.as_bytes()))
}

/// Whether two texts are equal, in a time that depends on their lengths only: every byte is looked
/// at, wherever the first difference is.
pub(crate) fn equal(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len()
        && left
            .iter()
            .zip(right)
            .fold(0, |difference, (a, b)| std::hint::black_box(difference | (a ^ b)))
            == 0
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    text.extend(digits(bytes).map(char::from));
    text
}

/// Two lower-case hexadecimal digits for each byte.
pub(crate) fn digits(bytes: &[u8]) -> impl Iterator<Item = u8> {
    let digit = |nibble| if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
    bytes.iter().flat_map(move |byte| [digit(byte >> 4), digit(byte & 0x0f)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r122_texts_are_compared_to_their_ends() {
        assert!(equal(b"", b""));
        assert!(equal(b"abc", b"abc"));
        assert!(!equal(b"abc", b"abd"));
        assert!(!equal(b"abc", b"abcd"));
    }

    /// FIPS 180-2, appendix B.1.
    #[test]
    fn the_hash_of_parts_is_that_of_the_whole() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hexadecimal(&[b"a", b"", b"bc"]), expected);
        assert!(is_sha256_hexadecimal(expected.as_bytes(), &[b"ab", b"c"]));
        for other in ["", "ba7816bf", &expected.to_uppercase(), &expected.replace('b', "c")] {
            assert!(!is_sha256_hexadecimal(other.as_bytes(), &[b"abc"]), "{other}");
        }
    }

    /// The example of RFC 7636, appendix B.
    #[test]
    fn r004_the_challenge_is_s256() {
        assert_eq!(
            code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
