//! Identifiers: the subject of a token, the id of an account.

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;

/// Whether a text can name somebody: there is something to see, and nothing that is not. Control
/// characters, letters without a shape and the odder white space make twins: two texts that look
/// the same, and that some databases compare as equal. So does U+FFFD, which stands for letters that
/// could not be read. A plain space is a letter like any other.
pub(crate) fn names_somebody(text: &str) -> bool {
    let is_unseen = |c: char| {
        c.is_control()
            || c == '\u{fffd}'
            || c.is_whitespace() && c != ' '
            || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
    };
    text.contains(|c| c != ' ') && !text.contains(is_unseen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r201_only_what_can_be_seen_names_somebody() {
        for good in
            ["1", "AbC ", "auth0|Jane Doe", "jane@example.com", "Zoë", "名前", "e\u{301}", "🦀"]
        {
            assert!(names_somebody(good), "{good:?}");
        }
        for blank in [
            "\t",
            "\n",
            "\0",
            "\u{7f}",
            "\u{85}",
            "\u{a0}",
            "\u{ad}",
            "\u{34f}",
            "\u{115f}",
            "\u{180e}",
            "\u{2003}",
            "\u{200b}",
            "\u{200d}",
            "\u{2028}",
            "\u{202e}",
            "\u{2060}",
            "\u{3000}",
            "\u{3164}",
            "\u{feff}",
            "\u{ffa0}",
            "\u{fffd}",
            "\u{e0041}",
        ] {
            for text in [blank.to_owned(), format!("1{blank}"), format!("{blank}1")] {
                assert!(!names_somebody(&text), "{text:?}");
            }
        }
        assert!(!names_somebody("") && !names_somebody(" ") && !names_somebody("   "));
    }
}
