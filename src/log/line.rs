//! Log-safe text: nothing that reaches a log can forge a second line or steer a terminal.

use std::fmt::{self, Write as _};

/// The maximum length of a logged text, in characters.
const MAXIMUM: usize = 2048;

/// A text of bounded length on one line, without invisible characters other than the space. Text
/// from outside reaches a log line in this form only.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct OneLine(String);

impl OneLine {
    /// Anything that can be shown. It is not asked for more than is kept.
    pub(crate) fn of(text: impl fmt::Display) -> Self {
        let mut line = Writer { text: String::new(), left: MAXIMUM };
        // It fails when the line is full, which is all that was wanted.
        let _ = write!(line, "{text}");
        Self(line.text)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for OneLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

struct Writer {
    text: String,
    left: usize,
}

impl fmt::Write for Writer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.text.push(if is_harmless(character) { character } else { ' ' });
        }
        Ok(())
    }
}

/// Whether a character takes its place in a line and does nothing else: no control (C0, C1, DEL),
/// no end of a line or a paragraph, no direction (Unicode UAX #9), and nothing that is not seen.
fn is_harmless(character: char) -> bool {
    !character.is_control()
        && !matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn single_line(text: &str) -> String {
        OneLine::of(text).into_string()
    }

    #[test]
    fn r159_control_and_bidi_characters_do_not_reach_a_log() {
        assert_eq!(single_line("a\r\nERROR b\u{1b}[31m\u{202e}c"), "a  ERROR b [31m c");
        assert_eq!(single_line(&"x".repeat(10_000)).len(), 2048);
    }

    #[test]
    fn r198_no_character_ends_a_line_or_turns_it_round() {
        // Every character: those that `str::lines` and Unicode know as ends of lines, controls, and
        // the marks of UAX #9 among them.
        for character in '\0'..=char::MAX {
            let line = single_line(&format!("a{character}b"));
            let is_bad = character.is_control()
                || matches!(character, '\u{2028}' | '\u{2029}' | '\u{85}')
                || matches!(character, '\u{200e}' | '\u{200f}' | '\u{61c}')
                || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            assert_eq!(line.chars().count(), 3);
            assert!(!is_bad || line == "a b", "{character:?}");
        }
        for kept in ["Zoë", "Ærøskøbing", "日本語", "שלום", "a\u{301}", "e-mail <a@b.example>"]
        {
            assert_eq!(single_line(kept), kept);
        }
    }

    #[test]
    fn r198_an_endless_text_is_not_read_to_its_end() {
        struct Endless;

        impl fmt::Display for Endless {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                loop {
                    f.write_str("x")?;
                }
            }
        }

        assert_eq!(OneLine::of(Endless).as_str().len(), 2048);
    }
}
