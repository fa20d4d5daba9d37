//! The spelling of an address: once in the letters that were given, once as a header carries it.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

/// What no form carries as it is: readers drop it, take it for something else, or end a text at
/// it.
const READ_IN_TWO_WAYS: &AsciiSet = &CONTROLS.add(b'"').add(b'<').add(b'>').add(b'\\');

/// What RFC 3986 sections 3.3 to 3.5 do not allow behind the authority. `%` and `#` are decided
/// where they stand.
const NOT_IN_A_URI: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'/')
    .remove(b'?');

/// The text without what every browser drops before it reads an address (WHATWG URL section 4.4).
pub(super) fn without_dropped(text: &str) -> Cow<'_, str> {
    let text = text.trim_matches(|c: char| c <= ' ');
    if text.contains(['\t', '\r', '\n']) {
        text.chars().filter(|c| !matches!(c, '\t' | '\r' | '\n')).collect()
    } else {
        text.into()
    }
}

/// Where an address goes on behind the authority, or behind nothing if it has none.
pub(super) fn behind_authority(text: &str) -> (&str, &str) {
    let is_delimiter = |c: char| matches!(c, '/' | '?' | '#');
    let start = match text.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(is_delimiter) => {
            let authority = rest.find(is_delimiter).unwrap_or(rest.len());
            scheme.len() + "://".len() + authority
        }
        _ => 0,
    };
    text.split_at_checked(start).unwrap_or((text, ""))
}

/// The letters that were given, save what is read in two ways.
pub(super) fn with_letters(text: &str) -> String {
    let (authority, rest) = behind_authority(text);
    let mut written = String::with_capacity(text.len());
    written.push_str(authority);
    let mut buffer = [0; 4];
    for c in rest.chars() {
        let piece: &str = c.encode_utf8(&mut buffer);
        if c.is_ascii() || !is_shown(c) {
            written.extend(encoded(piece, READ_IN_TWO_WAYS));
        } else {
            written.push(c);
        }
    }
    written
}

/// Whether a letter beyond ASCII is seen where it stands: RFC 3987 section 4.1 forbids those that
/// turn the direction of a text, and a line ends at some.
fn is_shown(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{feff}'
        )
}

/// The form of a header: a URI to the letter. A `%` that encodes nothing is one itself.
pub(super) fn with_uri_letters(text: &str) -> String {
    let (authority, rest) = behind_authority(text);
    let mut written = String::with_capacity(text.len());
    written.push_str(authority);
    let mut has_fragment = false;
    let mut letters = rest.chars();
    while let Some(c) = letters.next() {
        match c {
            '%' if starts_with_digits(letters.as_str()) => written.push(c),
            '#' if !has_fragment => {
                has_fragment = true;
                written.push(c);
            }
            _ => {
                let mut buffer = [0; 4];
                written.extend(encoded(c.encode_utf8(&mut buffer), NOT_IN_A_URI));
            }
        }
    }
    written
}

/// Whether a path, with what stands behind it, is a URI's to the letter already.
pub(super) fn has_uri_letters_only(rest: &str) -> bool {
    const OTHERS: &AsciiSet = &NOT_IN_A_URI.remove(b'%');
    matches!(Cow::from(encoded(rest, OTHERS)), Cow::Borrowed(_))
        && rest.split('%').skip(1).all(starts_with_digits)
}

fn encoded<'a>(text: &'a str, set: &'static AsciiSet) -> PercentEncode<'a> {
    utf8_percent_encode(text, set)
}

/// Whether the text begins with the two digits that a percent sign needs behind it.
fn starts_with_digits(text: &str) -> bool {
    matches!(text.as_bytes(), [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
}
