//! Quotations: what somebody else said, as a message may repeat it.

use std::fmt::{self, Write as _};

/// Longer ones are cut, in characters.
const MAXIMUM: usize = 120;

/// A text of somebody else's in backticks: cut, and with an escape in the place of each character
/// that is not seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl Quoted<'_> {
    /// The same, or that there is nothing.
    pub(crate) fn or_empty(self) -> String {
        if self.0.is_empty() { "empty".into() } else { self.to_string() }
    }
}

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('`')?;
        let mut characters = self.0.chars();
        for character in characters.by_ref().take(MAXIMUM) {
            match character {
                '"' | '\'' | '\\' => f.write_char(character)?,
                _ => write!(f, "{}", character.escape_debug())?,
            }
        }
        if characters.next().is_some() {
            f.write_char('…')?;
        }
        f.write_char('`')
    }
}

#[cfg(test)]
mod tests {
    use super::Quoted;

    #[test]
    fn what_is_quoted_is_cut_and_seen() {
        assert_eq!(Quoted("https://id.example/'a'").to_string(), "`https://id.example/'a'`");
        assert_eq!([Quoted("").or_empty(), Quoted("a").or_empty()], ["empty", "`a`"]);
        assert_eq!(Quoted("a\0b\r\n\u{202e}").to_string(), r"`a\0b\r\n\u{202e}`");
        assert_eq!(Quoted(&"é".repeat(120)).to_string(), format!("`{}`", "é".repeat(120)));
        assert_eq!(Quoted(&"é".repeat(121)).to_string(), format!("`{}…`", "é".repeat(120)));
    }
}
