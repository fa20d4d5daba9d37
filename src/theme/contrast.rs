//! Contrast between two colours (WCAG 2.2, "contrast ratio"); transparency is left out of account.

use super::Color;

/// What text needs (success criterion 1.4.3).
pub(crate) const OF_TEXT: f64 = 4.5;
/// What symbols and the ring around a focused field need (success criteria 1.4.11 and 2.4.13).
pub(crate) const OF_GRAPHICS: f64 = 3.0;

impl Color {
    /// The ratio, from 1 for the same colour to 21 for black and white.
    pub(crate) fn contrast(&self, other: &Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// Black or white, whichever is easier to read on this colour.
    pub(crate) fn readable_text(&self) -> &'static str {
        // Contrast with black and with white is equal at this luminance:
        // (L + 0.05) / 0.05 = 1.05 / (L + 0.05).
        const BALANCE: f64 = 0.179;
        if self.luminance() > BALANCE { "#000" } else { "#fff" }
    }

    /// This colour, as far as it has that contrast to all grounds: else one darker or lighter, as
    /// near as possible.
    pub(crate) fn legible_on(&self, grounds: &[Self], minimum: f64) -> Self {
        const STEPS: u16 = 20;
        let is_legible =
            |color: &Self| grounds.iter().all(|ground| color.contrast(ground) >= minimum);
        let is_light = grounds.iter().all(|ground| ground.readable_text() == "#000");
        let end = if is_light { 0 } else { 255 };
        let mixed = (0..=STEPS).map(|step| self.mixed_with(end, step, STEPS));
        mixed.into_iter().find(is_legible).unwrap_or_else(|| self.mixed_with(end, STEPS, STEPS))
    }

    /// Towards black or white, by that many of all steps.
    fn mixed_with(&self, end: u16, step: u16, steps: u16) -> Self {
        if step == 0 {
            return self.clone();
        }
        let [red, green, blue] = self.rgb().map(|channel| {
            let mixed = (u16::from(channel) * (steps - step) + end * step) / steps;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        });
        Self::opaque([red, green, blue])
    }

    fn luminance(&self) -> f64 {
        let [red, green, blue] = self.rgb().map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

#[cfg(test)]
mod tests {
    use super::{Color, OF_TEXT};

    fn color(text: &str) -> Color {
        text.parse().expect("a hexadecimal colour")
    }

    #[test]
    fn the_ratio_is_that_of_the_guidelines() {
        for (one, other, ratio) in [
            ("#000", "#fff", 21.0),
            ("#fff", "#fff", 1.0),
            ("#777", "#fff", 4.48),
            ("#767676", "#fff", 4.54),
            ("#ff0000", "#00ff00", 2.91),
        ] {
            let found = color(one).contrast(&color(other));
            assert!((found - ratio).abs() < 0.01, "{one} on {other}: {found}");
        }
    }

    #[test]
    fn text_is_the_better_of_black_and_white() {
        for (background, text) in [
            ("#fff", "#000"),
            ("#ffd700", "#000"),
            ("#000", "#fff"),
            ("#5865f2", "#fff"),
            ("#1d4ed8", "#fff"),
        ] {
            assert_eq!(color(background).readable_text(), text, "on {background}");
        }
    }

    #[test]
    fn a_colour_is_kept_where_it_is_legible_and_else_the_nearest_is_taken() {
        let (light, dark) = ([color("#fff"), color("#f3f4f7")], [color("#191c24")]);
        assert_eq!(color("#1d4ed8").legible_on(&light, OF_TEXT), color("#1d4ed8"));
        for text in ["#ffd700", "#346df1", "#ffffff", "#000", "#00ff00", "#777777"] {
            for grounds in [&light[..], &dark[..]] {
                let legible = color(text).legible_on(grounds, OF_TEXT);
                assert!(grounds.iter().all(|ground| legible.contrast(ground) >= OF_TEXT), "{text}");
            }
        }
        // Not simply black: what people know the site by stays.
        assert_ne!(color("#ffd700").legible_on(&light, OF_TEXT), color("#000000"));
    }
}
