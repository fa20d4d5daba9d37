//! Colours that a configuration may put into a page.
//!
//! Only hexadecimal ones: they end up inside a `<style>` element, where HTML escaping does not
//! help, so the type has to rule out everything that could end a declaration or the element.

use std::fmt;
use std::str::FromStr;

/// A CSS colour in hexadecimal notation, checked when it is parsed.
///
/// The accepted forms are `#rgb`, `#rgba`, `#rrggbb` and `#rrggbbaa`
/// ([CSS Color 4, section 5.2](https://www.w3.org/TR/css-color-4/#hex-notation)). The text is kept
/// as it was written, upper and lower case included.
///
/// # Errors
///
/// Parsing any other text fails with a [`ColorError`] that shows the text and the accepted forms.
///
/// # Examples
///
/// ```
/// use typegate::Color;
///
/// let brand: Color = "#346df1".parse()?;
/// assert_eq!(brand.to_string(), "#346df1");
///
/// assert!("cornflowerblue".parse::<Color>().is_err());
/// assert!("#fff}</style>".parse::<Color>().is_err());
/// # Ok::<(), typegate::ColorError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Color {
    text: String,
    channels: [u8; 4],
}

impl Color {
    /// The text to write into CSS.
    #[cfg(test)]
    fn as_str(&self) -> &str {
        &self.text
    }

    /// The same colour at four fifths of its opacity, in the spelling v4 uses for hovered buttons.
    pub(crate) fn faded(&self) -> String {
        let [red, green, blue, alpha] = self.channels;
        let opacity = (f64::from(alpha) / 255.0 * 800.0).round() / 1000.0;
        format!("rgba({red}, {green}, {blue}, {opacity})")
    }

    pub(super) fn rgb(&self) -> [u8; 3] {
        let [red, green, blue, _] = self.channels;
        [red, green, blue]
    }

    pub(super) fn opaque([red, green, blue]: [u8; 3]) -> Self {
        let text = format!("#{red:02x}{green:02x}{blue:02x}");
        Self { text, channels: [red, green, blue, 255] }
    }
}

impl FromStr for Color {
    type Err = ColorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: Option<Vec<u8>> = text.strip_prefix('#').and_then(|digits| {
            digits
                .chars()
                .map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok()))
                .collect()
        });
        let channels = match digits.as_deref() {
            Some(&[r, g, b]) => [r * 17, g * 17, b * 17, 255],
            Some(&[r, g, b, a]) => [r * 17, g * 17, b * 17, a * 17],
            Some(&[r, r2, g, g2, b, b2]) => [r * 16 + r2, g * 16 + g2, b * 16 + b2, 255],
            Some(&[r, r2, g, g2, b, b2, a, a2]) => {
                [r * 16 + r2, g * 16 + g2, b * 16 + b2, a * 16 + a2]
            }
            _ => {
                return Err(ColorError { value: text.to_owned() });
            }
        };
        Ok(Self { text: text.to_owned(), channels })
    }
}

impl fmt::Display for Color {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// A text that is not a hexadecimal CSS colour.
///
/// # Examples
///
/// ```
/// use typegate::Color;
///
/// let error = "red".parse::<Color>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     r#""red" is not a hexadecimal colour: write #rgb, #rgba, #rrggbb or #rrggbbaa"#,
/// );
/// ```
#[derive(Clone, Eq, PartialEq, thiserror::Error)]
#[error("{value:?} is not a hexadecimal colour: write #rgb, #rgba, #rrggbb or #rrggbbaa")]
pub struct ColorError {
    value: String,
}

/// As it is read by people: a `main` that returns errors prints them so, and so does `unwrap`.
impl fmt::Debug for ColorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn color(text: &str) -> Color {
        text.parse().expect("a hexadecimal colour")
    }

    #[test]
    fn the_four_forms_are_read() {
        for (text, channels) in [
            ("#12f", [0x11, 0x22, 0xff, 0xff]),
            ("#12F8", [0x11, 0x22, 0xff, 0x88]),
            ("#346df1", [0x34, 0x6d, 0xf1, 0xff]),
            ("#346DF180", [0x34, 0x6d, 0xf1, 0x80]),
        ] {
            assert_eq!(color(text).channels, channels);
            assert_eq!(color(text).as_str(), text);
        }
    }

    #[test]
    fn r143_a_color_cannot_end_its_style_or_fetch_anything() {
        for text in [
            "",
            "#",
            "fff",
            "#ff",
            "#fffff",
            "#fffffff",
            "#fffffffff",
            "#ggg",
            "#+12",
            " #fff",
            "#fff ",
            "#fff\n",
            "##ff",
            "#ＦＦＦ",
            "red",
            "rgb(0,0,0)",
            "#fff;}",
            "}</style>",
            "#fff}</style><script>",
            "var(--x)",
            "url(https://evil.example)",
            "expression(alert(1))",
        ] {
            assert!(text.parse::<Color>().is_err(), "{text:?} was accepted");
        }
    }

    #[test]
    fn fading_multiplies_the_opacity() {
        assert_eq!(color("#12f").faded(), "rgba(17, 34, 255, 0.8)");
        assert_eq!(color("#0000").faded(), "rgba(0, 0, 0, 0)");
        assert_eq!(color("#00000080").faded(), "rgba(0, 0, 0, 0.402)");
    }
}
