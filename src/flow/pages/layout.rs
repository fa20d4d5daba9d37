//! The layout that all pages share.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::explanation::explanation;
use super::model::PageFrame;
use crate::theme::Theme;

const STYLE_SHEET: &str = include_str!("style.css");

/// The pages, as far as their frames differ.
#[derive(Clone, Copy)]
pub(super) enum Page {
    ConfirmSignIn,
    Error,
    SignIn,
    SignOut,
    VerifyRequest,
}

impl Page {
    fn title(self) -> &'static str {
        match self {
            Self::Error => "Error",
            Self::SignIn | Self::ConfirmSignIn => "Sign In",
            Self::SignOut => "Sign Out",
            Self::VerifyRequest => "Verify Request",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::ConfirmSignIn => "confirm",
            Self::Error => "error",
            Self::SignIn => "signin",
            Self::SignOut => "signout",
            Self::VerifyRequest => "verify-request",
        }
    }

    /// v4 hands the text colour of buttons to two pages only; the button-like link of the
    /// error page does without.
    fn takes_button_text(self) -> bool {
        matches!(self, Self::SignIn | Self::SignOut | Self::ConfirmSignIn)
    }

    /// The address of this page holds a token; nothing else is fetched with it.
    fn takes_logo(self) -> bool {
        !matches!(self, Self::ConfirmSignIn)
    }
}

/// Puts the contents of a card into a complete document.
pub(super) fn document(frame: &PageFrame<'_>, page: Page, contents: &Markup) -> String {
    let theme = frame.theme;
    let scheme = theme.color_scheme;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content=(scheme.css_value());
                title { (page.title()) }
                // The style sheet is a constant of this crate.
                style { (PreEscaped(STYLE_SHEET)) }
                @if let Some(rule) = theme_rule(theme, page) {
                    style { (rule) }
                }
            }
            body class={ "__next-auth-theme-" (scheme.as_str()) } {
                div.page {
                    div class=(page.class()) {
                        div.card {
                            @if let Some(logo) = theme.logo.as_ref().filter(|_| page.takes_logo()) {
                                img src=(logo.as_str()) alt="Logo" class="logo";
                            }
                            (contents)
                            (explanation(frame.explained))
                        }
                    }
                }
            }
        }
    }
    .into_string()
}

/// The rule that hands the theme's colours to the style sheet.
fn theme_rule(theme: &Theme, page: Page) -> Option<String> {
    let brand_color = theme
        .brand_color
        .as_ref()
        .map(|color| format!("--brand-color: {color}; --brand-text: {};", color.readable_text()));
    let button_text = theme
        .button_text
        .as_ref()
        .filter(|_| page.takes_button_text())
        .map(|color| format!("--button-text-color: {color};"));
    let declarations: Vec<String> = [brand_color, button_text].into_iter().flatten().collect();
    (!declarations.is_empty()).then(|| format!(":root {{ {} }}", declarations.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::STYLE_SHEET;

    fn declarations(selector: &str) -> Vec<&'static str> {
        let start = STYLE_SHEET.find(selector).expect("the selector is there") + selector.len();
        let block = STYLE_SHEET.get(start..).unwrap().split('}').next().unwrap_or_default();
        block.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
    }

    #[test]
    fn both_dark_sets_are_the_same() {
        let dark = declarations("\n.__next-auth-theme-dark {");
        assert_eq!(dark, declarations("\n  .__next-auth-theme-auto {"));

        let names = |set: &[&'static str]| -> Vec<_> {
            set.iter().filter_map(|line| line.split(':').next()).collect()
        };
        assert_eq!(names(&dark), names(&declarations("body {")));
    }

    #[test]
    fn the_style_sheet_cannot_end_its_element_and_fetches_nothing() {
        for text in ["<", "@import", "url("] {
            assert!(!STYLE_SHEET.contains(text), "{text}");
        }
    }
}
