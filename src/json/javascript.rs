//! Lenient JSON: what JavaScript's `JSON.stringify` writes, read the way JavaScript reads it.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

/// Reads JSON, and takes what JavaScript takes besides: a lone surrogate, which
/// `JSON.stringify` writes as an escape such as `\ud800`, is U+FFFD, as a page shows it; a number
/// beyond the greatest is null, which is what `JSON.stringify` makes of infinity. Of repeated members the last counts. Numbers are exact to the last bit of
/// a double; integers of 64 bits are exact.
///
/// For what decorates: claims that were sealed here, data of a page. Two texts that differ may
/// become one, so nothing that decides who somebody is goes through here unless a signature or
/// a seal of this site vouches for it: signed tokens have a reader of their own, which refuses.
///
/// # Errors
///
/// If the text is no JSON, or nests deeper than 127.
pub(crate) fn read_leniently<T: DeserializeOwned>(text: &[u8]) -> Result<T, serde_json::Error> {
    // Nearly every text is good as it is, so the mending costs nothing before it is needed.
    serde_json::from_slice(text).or_else(|error| {
        serde_json::from_slice(&mended(text, Integers::Rounded)).map_err(|_| error)
    })
}

/// What becomes of an integer that 64 bits do not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Integers {
    /// It is the nearest double, as in JavaScript.
    Rounded,
    /// It is the text of its digits: two ids that differ in the last one stay two. What only
    /// rounding makes an integer is the next double, which is none below 2^52.
    Exact,
}

/// The text as UTF-8, by the rules of the Encoding standard: what is none is U+FFFD.
pub(super) fn decoded(text: &[u8]) -> Cow<'_, [u8]> {
    match String::from_utf8_lossy(text) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// Whether a number may be in the text that rounding makes another id.
pub(super) fn may_have_inexact_number(text: &[u8]) -> bool {
    // A decimal of 15 digits is no other one's double, save those that are too small for any.
    const SHORTEST: usize = "7.0000000000000001".len() - 1;
    let is_small = |part: &[u8]| part.windows(2).any(|pair| matches!(pair, b"e-" | b"E-"));
    text.split(|byte| !is_part_of_number(byte)).any(|part| part.len() >= SHORTEST || is_small(part))
}

/// The text with everything replaced that JavaScript takes and `serde_json` does not.
pub(super) fn mended(text: &[u8], integers: Integers) -> Vec<u8> {
    let mut rest = text;
    let mut mended = Vec::with_capacity(rest.len());
    let mut in_string = false;
    while let Some(byte) = rest.first() {
        let length = match byte {
            b'\\' if in_string => escape_length(rest),
            b'-' | b'0'..=b'9' if !in_string => number_length(rest),
            _ => 1,
        };
        in_string ^= *byte == b'"';
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        match token {
            token if length > 1 && is_lone_surrogate(token) => {
                mended.extend_from_slice(br"\ufffd");
            }
            token if !in_string && integers == Integers::Exact && is_long_integer(token) => {
                mended.push(b'"');
                mended.extend_from_slice(token);
                mended.push(b'"');
            }
            token if !in_string && is_beyond_numbers(token) => mended.extend_from_slice(b"null"),
            token => {
                let is_number = !in_string && integers == Integers::Exact;
                match is_number.then(|| rounded_to_integer(token)).flatten() {
                    Some(double) => {
                        mended.extend_from_slice(format!("{:e}", double.next_up()).as_bytes());
                    }
                    None => mended.extend_from_slice(token),
                }
            }
        }
        rest = after;
    }
    mended
}

/// The length of an escape, of both halves if it begins a pair of surrogates.
fn escape_length(text: &[u8]) -> usize {
    let is_pair = code_unit(text).is_some_and(|unit| (0xd800..0xdc00).contains(&unit))
        && text.get(6..).and_then(code_unit).is_some_and(|unit| (0xdc00..0xe000).contains(&unit));
    match code_unit(text) {
        Some(_) if is_pair => 12,
        Some(_) => 6,
        None => 2,
    }
}

/// What `\uXXXX` says.
fn code_unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(br"\u")?.get(..4)?;
    let are_digits = digits.iter().all(u8::is_ascii_hexdigit);
    are_digits.then(|| u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()).flatten()
}

fn is_lone_surrogate(escape: &[u8]) -> bool {
    escape.len() == 6 && code_unit(escape).is_some_and(|unit| (0xd800..0xe000).contains(&unit))
}

fn number_length(text: &[u8]) -> usize {
    text.iter().take_while(|byte| is_part_of_number(byte)).count()
}

fn is_part_of_number(byte: &u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
}

/// The double of a number by JSON's grammar that is an integer although the number is none.
fn rounded_to_integer(token: &[u8]) -> Option<f64> {
    let double: f64 = serde_json::from_slice(token).ok()?;
    (double.fract() == 0.0 && !is_integer(str::from_utf8(token).ok()?)).then_some(double)
}

/// Whether a number is an integer, by its digits.
fn is_integer(number: &str) -> bool {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let mantissa = mantissa.trim_start_matches('-');
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return true;
    }
    // One that is too long for `i64` is no small one.
    let exponent =
        exponent.parse().unwrap_or(if exponent.starts_with('-') { i64::MIN } else { i64::MAX });
    let decimals = i64::try_from(digits.len()).ok().zip(i64::try_from(whole.len()).ok());
    decimals.is_some_and(|(digits, whole)| digits - whole <= exponent)
}

/// Whether it is an integer by JSON's grammar that 64 bits do not hold.
fn is_long_integer(token: &[u8]) -> bool {
    let digits = token.strip_prefix(b"-").unwrap_or(token);
    let text = str::from_utf8(token).unwrap_or_default();
    matches!(digits, [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit))
        && text.parse::<i64>().is_err()
        && text.parse::<u64>().is_err()
}

fn is_beyond_numbers(token: &[u8]) -> bool {
    let text = str::from_utf8(token).ok();
    // `inf` is text to Rust, and no token of ours.
    text.filter(|text| text.contains(|c: char| c.is_ascii_digit()))
        .and_then(|text| text.parse::<f64>().ok())
        .is_some_and(f64::is_infinite)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(text: &str) -> Option<Value> {
        read_leniently(text.as_bytes()).ok()
    }

    #[test]
    fn r202_what_javascript_takes_is_read_as_it_reads_it() {
        for (text, value) in [
            (r#""\ud800""#, json!("\u{fffd}")),
            (r#""a\udc00b""#, json!("a\u{fffd}b")),
            (r#""\ud800\ud801\udc00\udc00""#, json!("\u{fffd}\u{10400}\u{fffd}")),
            (r#""\uD83D\uDE00\uD83d""#, json!("\u{1f600}\u{fffd}")),
            // An escaped backslash begins no escape.
            (r#"["\\ud800","\ud800"]"#, json!([r"\ud800", "\u{fffd}"])),
            (r#"{"\ud800":1}"#, json!({ "\u{fffd}": 1 })),
            ("[1e400,-1e400,1e-400]", json!([null, null, 0.0])),
            (r#"["1e400 \"1e400","\udfff",1e999]"#, json!(["1e400 \"1e400", "\u{fffd}", null])),
            (r#"{"a":1,"b":2,"a":3}"#, json!({ "a": 3, "b": 2 })),
            (r#"{"__proto__":{"a":1}}"#, json!({ "__proto__": { "a": 1 } })),
            (r#""\u0000""#, json!("\0")),
            ("9223372036854775808", json!(9_223_372_036_854_775_808_u64)),
            ("123456789012345680000", json!(123_456_789_012_345_680_000_f64)),
        ] {
            assert_eq!(read(text), Some(value), "{text}");
        }
        let zero: f64 = read_leniently(b"-0").unwrap();
        assert!(zero == 0.0 && zero.is_sign_negative());
    }

    #[test]
    fn r202_what_is_no_json_is_refused() {
        for text in [
            "",
            "{",
            r#""\ud800"#,
            r#""\u12"#,
            r#""\ud80g""#,
            r#"{"a":\ud800}"#,
            "\\",
            "[1e]",
            "[1e400.]",
            "[--1]",
            "inf",
            "NaN",
            "[01]",
            "{'a':1}",
            "\u{feff}{}",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        // As bytes a surrogate is no UTF-8, and nothing writes it so.
        assert!(read_leniently::<Value>(b"\"\xed\xa0\x80\"").is_err());
        assert!(read(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))).is_none());
    }

    #[test]
    fn r202_every_double_comes_back_to_the_last_bit() {
        let mut bits = 0x2545_f491_4f6c_dd1d_u64;
        for _ in 0..20_000 {
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            let number = f64::from_bits(bits);
            if number.is_finite() {
                for text in [format!("{number:e}"), format!("{number:?}")] {
                    let read: f64 = read_leniently(text.as_bytes()).unwrap();
                    assert_eq!(read.to_bits(), number.to_bits(), "{text}");
                }
            }
        }
    }
}
