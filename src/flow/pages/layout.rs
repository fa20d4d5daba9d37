//! The layout that all pages share.

use std::sync::LazyLock;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::explanation::explanation;
use super::icon::icon;
use super::model::PageFrame;
use crate::theme::contrast::OF_TEXT;
use crate::theme::{Color, ColorScheme, LogoUrl, Texts, Theme};

const STYLE_SHEET: &str = include_str!("style.css");

/// What text stands on, as the style sheet has it: card and page.
static LIGHT: LazyLock<Vec<Color>> = LazyLock::new(|| colors(["#fff", "#f3f4f7"]));
static DARK: LazyLock<Vec<Color>> = LazyLock::new(|| colors(["#191c24", "#101218"]));

fn colors(texts: [&str; 2]) -> Vec<Color> {
    texts.into_iter().filter_map(|text| text.parse().ok()).collect()
}

/// The grounds of light pages.
pub(super) fn light() -> &'static [Color] {
    &LIGHT
}

/// The grounds of dark pages.
pub(super) fn dark() -> &'static [Color] {
    &DARK
}

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
    /// The name of the site is at the end, where v4 has none.
    fn title(self, texts: &Texts, site: Option<&str>) -> String {
        let title = match (self, site) {
            (Self::SignIn | Self::ConfirmSignIn, Some(site)) => return texts.sign_in_to.with(site),
            (Self::SignIn | Self::ConfirmSignIn, None) => texts.sign_in_title,
            (Self::Error, _) => texts.error_title,
            (Self::SignOut, _) => texts.sign_out_title,
            (Self::VerifyRequest, _) => texts.verify_request_title,
        };
        site.map_or_else(|| title.to_owned(), |site| format!("{title} · {site}"))
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
    let (theme, texts) = (frame.theme, frame.texts);
    let scheme = theme.color_scheme;
    let logos = Some(Logos::of(theme)).filter(|_| page.takes_logo()).unwrap_or_default();
    html! {
        (DOCTYPE)
        html lang=(texts.language) dir=(texts.direction.as_str()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content=(scheme.css_value());
                title { (page.title(texts, frame.site_name())) }
                link rel="icon" href=(icon(frame, logos.shown));
                // The style sheet is a constant of this crate.
                style { (PreEscaped(STYLE_SHEET)) }
                @if let Some(rule) = theme_rule(theme, page) {
                    style { (rule) }
                }
            }
            body class={ "__next-auth-theme-" (scheme.as_str()) } {
                main {
                    div.page {
                        div class=(page.class()) {
                            div.card {
                                (logo(&logos, frame.site_name()))
                                (contents)
                                (explanation(frame.explained))
                            }
                        }
                    }
                }
            }
        }
    }
    .into_string()
}

/// The logo, and another one where the visitor's system decides that the page is dark.
#[derive(Default)]
struct Logos<'a> {
    shown: Option<&'a LogoUrl>,
    where_dark: Option<&'a LogoUrl>,
}

impl<'a> Logos<'a> {
    fn of(theme: &'a Theme) -> Self {
        let (light, dark) = (theme.logo.as_ref(), theme.logo_dark.as_ref());
        match theme.color_scheme {
            ColorScheme::Light => Self { shown: light.or(dark), where_dark: None },
            ColorScheme::Dark => Self { shown: dark.or(light), where_dark: None },
            ColorScheme::Auto => Self { shown: light.or(dark), where_dark: light.and(dark) },
        }
    }
}

fn logo(logos: &Logos<'_>, site: Option<&str>) -> Markup {
    let picture = |logo: &LogoUrl| html! { img src=(logo.as_str()) alt=(site.unwrap_or("Logo")) class="logo"; };
    html! {
        @match (logos.shown, logos.where_dark) {
            (Some(logo), Some(dark)) => {
                picture {
                    source media="(prefers-color-scheme: dark)" srcset=(dark.as_str());
                    (picture(logo))
                }
            }
            (Some(logo), None) => (picture(logo)),
            (None, _) => {}
        }
    }
}

/// The rule that hands the theme's colours to the style sheet.
fn theme_rule(theme: &Theme, page: Page) -> Option<String> {
    let brand_color = theme.brand_color.as_ref().map(|color| {
        let link = color.legible_on(light(), OF_TEXT);
        let link_dark = color.legible_on(dark(), OF_TEXT);
        format!(
            "--brand-color: {color}; --brand-text: {}; --brand-link: {link}; \
             --brand-link-dark: {link_dark};",
            color.readable_text()
        )
    });
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
    use super::{STYLE_SHEET, dark, light};

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
    fn colours_are_computed_for_the_grounds_that_the_style_sheet_has() {
        for (selector, grounds) in [("\nbody {", light()), ("\n.__next-auth-theme-dark {", dark())]
        {
            let [card, page] = grounds else { panic!("two grounds") };
            let declared = declarations(selector);
            assert!(declared.contains(&&*format!("--card: {card};")), "{selector}");
            assert!(declared.contains(&&*format!("--page: {page};")), "{selector}");
        }
    }

    #[test]
    fn the_style_sheet_cannot_end_its_element_and_fetches_nothing() {
        for text in ["<", "@import", "url("] {
            assert!(!STYLE_SHEET.contains(text), "{text}");
        }
    }
}
