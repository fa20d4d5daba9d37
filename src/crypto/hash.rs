//! Hashes: SHA-256 and its text forms, the PKCE challenge (RFC 7636 section 4.2), and comparison in
//! constant time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{Context, SHA256};

/// Lower-case hexadecimal SHA-256 of the parts, one after the other.
pub(crate) fn sha256_hexadecimal(parts: &[&[u8]]) -> String {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    hexadecimal(context.finish().as_ref())
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
    for byte in bytes {
        push_hexadecimal(&mut text, *byte);
    }
    text
}

pub(crate) fn push_hexadecimal(text: &mut String, byte: u8) {
    for digit in [byte >> 4, byte & 0x0f] {
        // A nibble is below 16.
        text.push(char::from_digit(u32::from(digit), 16).unwrap_or_default());
    }
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

    /// The example of RFC 7636, appendix B.
    #[test]
    fn r004_the_challenge_is_s256() {
        assert_eq!(
            code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
