//! The icon of a page: the logo, else a letter on the brand colour, which asks nobody for anything.

use super::model::PageFrame;
use crate::theme::LogoUrl;
use crate::web::percent_encode;

pub(super) fn icon(frame: &PageFrame<'_>, logo: Option<&LogoUrl>) -> String {
    if let Some(logo) = logo {
        return logo.as_str().to_owned();
    }
    let (background, text) = frame.theme.button_colours();
    let letter = initial(frame.site_name().unwrap_or(frame.host()));
    let picture = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>\
         <rect width='32' height='32' rx='8' fill='{background}'/>\
         <text x='16' y='23' font-family='sans-serif' font-size='20' font-weight='600' \
         text-anchor='middle' fill='{text}'>{letter}</text></svg>"
    );
    format!("data:image/svg+xml,{}", percent_encode(&picture))
}

/// The first letter or digit of a name, in upper case: never a character of markup.
pub(super) fn initial(name: &str) -> String {
    let first = name.chars().find(|character| character.is_alphanumeric());
    first.into_iter().flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::initial;

    #[test]
    fn an_initial_is_a_letter_or_a_digit() {
        for (name, letter) in [
            ("acme", "A"),
            ("<b>", "B"),
            ("&amp;", "A"),
            ("42", "4"),
            ("ログイン", "ロ"),
            ("…", ""),
        ] {
            assert_eq!(initial(name), letter, "{name:?}");
        }
    }
}
