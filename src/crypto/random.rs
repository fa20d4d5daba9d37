//! Random values from the operating system: tokens, nonces and UUIDs that nobody can guess.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};

use super::hash::{digits, hexadecimal};

/// The operating system gave no random bytes. Nothing secure can be made.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the operating system's random generator failed")]
pub(crate) struct RandomError;

#[cfg(feature = "testing")]
thread_local! {
    /// For tests: whether this thread gets no random bytes. Nothing can be made weaker by it.
    pub(crate) static UNAVAILABLE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], RandomError> {
    #[cfg(feature = "testing")]
    if UNAVAILABLE.get() {
        return Err(RandomError);
    }
    let mut buffer = [0; N];
    SystemRandom::new().fill(&mut buffer).map_err(|_| RandomError)?;
    Ok(buffer)
}

/// 256 bits as 64 hexadecimal characters: a CSRF token.
pub(crate) fn hexadecimal_token() -> Result<String, RandomError> {
    Ok(hexadecimal(&bytes::<32>()?))
}

/// 256 bits as 43 characters: a state, a nonce or a code verifier (RFC 7636 section 4.1).
pub(crate) fn url_safe_token() -> Result<String, RandomError> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<32>()?))
}

/// A random UUID (RFC 9562 section 5.4) in its text form.
pub(crate) fn uuid() -> Result<String, RandomError> {
    Ok(uuid_from(bytes::<16>()?))
}

pub(crate) fn uuid_from(mut bytes: [u8; 16]) -> String {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (index, digit) in digits(&bytes).enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(char::from(digit));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn uuids_have_version_and_variant() {
        assert_eq!(uuid_from([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid_from([0; 16]), "00000000-0000-4000-8000-000000000000");
    }

    /// RFC 9562 section 5.4: all bits but six are random.
    #[test]
    fn r101_session_tokens_have_122_random_bits_and_never_repeat() {
        let mut seen = HashSet::new();
        let mut ones = [0_u32; 128];
        for _ in 0..10_000 {
            let token = uuid().unwrap();
            let bits = u128::from_str_radix(&token.replace('-', ""), 16).unwrap();
            for (index, count) in ones.iter_mut().enumerate() {
                *count += u32::from(bits >> index & 1 == 1);
            }
            assert!(seen.insert(token));
        }
        // Ten standard deviations from one half.
        let random = ones.iter().filter(|count| (4_500..5_500).contains(*count)).count();
        assert_eq!(random, 122, "{ones:?}");
    }

    /// RFC 7636 section 4.1: 43 to 128 unreserved characters; section 7.1: 256 bits.
    #[test]
    fn r004_code_verifiers_are_long_unreserved_and_never_repeat() {
        let mut seen = HashSet::new();
        for _ in 0..10_000 {
            let token = url_safe_token().unwrap();
            assert_eq!(token.len(), 43);
            assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
            assert!(seen.insert(token));
        }
    }
}
