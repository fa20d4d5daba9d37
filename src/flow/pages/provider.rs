//! The form of one provider on the sign-in page.

use maud::{Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::credential_input::CredentialInput;
use super::icon::initial;
use super::layout::{dark, light};
use super::model::{FormKind, PageFrame, ProviderForm};
use super::sign_in::{ERROR_ID, SignIn};
use crate::provider::catalog::Mark;
use crate::provider::names_account;
use crate::theme::contrast::{OF_GRAPHICS, OF_TEXT};
use crate::theme::{ButtonStyle, Color, CredentialField, Phrase, Texts};

/// All but the unreserved characters of RFC 3986, section 2.3: an id stays one path segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How a form differs from the others on the page.
pub(super) struct FormState<'a> {
    /// It is the way in that the page puts first.
    pub(super) is_primary: bool,
    /// The error on the page is about it.
    pub(super) has_failed: bool,
    pub(super) may_take_focus: bool,
    /// What was typed before, in the field that names the account.
    pub(super) typed: Option<&'a str>,
}

impl FormState<'_> {
    fn described_by(&self) -> Option<&'static str> {
        self.has_failed.then_some(ERROR_ID)
    }
}

pub(super) fn form(
    frame: &PageFrame<'_>,
    page: &SignIn<'_>,
    provider: &ProviderForm<'_>,
    state: &FormState<'_>,
) -> Markup {
    let action = match provider.kind {
        FormKind::Credentials { .. } => "callback",
        FormKind::Email | FormKind::OAuth { .. } => "signin",
    };
    let texts = frame.texts;
    html! {
        form action=(frame.action(&format!("{action}/{}", segment(provider.id)))) method="POST" {
            input type="hidden" name="csrfToken" value=(page.csrf_token);
            @match &provider.kind {
                FormKind::Credentials { fields } => (credentials(texts, provider, fields, state)),
                FormKind::Email => (email_address(texts, provider, page.email, state)),
                FormKind::OAuth { style, mark } => {
                    input type="hidden" name="callbackUrl" value=(page.callback_url.text());
                    (oauth(texts, provider.name, *style, *mark))
                }
            }
        }
    }
}

/// An id as a segment of a path.
pub(super) fn segment(id: &str) -> String {
    utf8_percent_encode(id, SEGMENT).to_string()
}

fn oauth(texts: &Texts, name: &str, style: Option<&ButtonStyle>, brand: Option<Mark>) -> Markup {
    let logo = style.and_then(|style| style.logo.as_ref());
    let logo_dark = style.and_then(|style| style.logo_dark.as_ref()).or(logo);
    let Phrase { before, after } = texts.sign_in_with;
    html! {
        button type="submit" class="button" style=[style.and_then(button_variables)] {
            // The ids repeat with every provider, as in v4: style sheets select by them.
            @if let Some(logo) = logo {
                img loading="lazy" height="24" width="24" id="provider-logo"
                    src=(logo.as_str()) alt="";
            }
            @if let Some(logo) = logo_dark {
                img loading="lazy" height="24" width="24" id="provider-logo-dark"
                    src=(logo.as_str()) alt="";
            }
            @if logo_dark.is_none() { (mark(name, brand)) }
            // Where many buttons stand together, only the name is seen.
            span.label { span.around { (before) } (name) span.around { (after) } }
        }
    }
}

/// A logo of the catalogue, drawn in its own colour where that is seen; else a letter. Every button
/// has one, so that they make a column.
fn mark(name: &str, brand: Option<Mark>) -> Markup {
    let Some(brand) = brand else {
        return html! { span.mark.letter data-letter=(initial(name)) aria-hidden="true" {} };
    };
    let color: Option<Color> = brand.color.parse().ok();
    let on = |grounds: &[Color]| {
        let is_seen =
            |color: &&Color| grounds.iter().all(|ground| color.contrast(ground) >= OF_GRAPHICS);
        color.as_ref().filter(is_seen).map_or("currentColor", |_| brand.color)
    };
    let colors = format!("--mark: {}; --mark-dark: {}", on(light()), on(dark()));
    html! {
        svg.mark viewBox="0 0 24 24" aria-hidden="true" style=(colors) { path d=(brand.path) {} }
    }
}

/// v4's e-mail form has no `callbackUrl` field: the cookie carries the address.
fn email_address(
    texts: &Texts,
    provider: &ProviderForm<'_>,
    email: Option<&str>,
    state: &FormState<'_>,
) -> Markup {
    let id = format!("input-email-for-{}-provider", provider.id);
    let described_by = state.described_by();
    let name = if provider.name == "Email" { texts.email_name } else { provider.name };
    html! {
        label for=(id) { (texts.email) }
        input id=(id) autofocus[state.may_take_focus] type="email" name="email"
            value=[email.or(state.typed)] placeholder=(texts.email_example) required
            autocomplete="email" aria-describedby=[described_by]
            aria-invalid=[described_by.map(|_| "true")];
        button id="submitButton" type="submit" { (texts.sign_in_with.with(name)) }
    }
}

fn credentials(
    texts: &Texts,
    provider: &ProviderForm<'_>,
    fields: &[CredentialField],
    state: &FormState<'_>,
) -> Markup {
    let typed = state.typed.filter(|_| state.has_failed);
    let account = fields.iter().position(names_account).filter(|_| typed.is_some());
    let is_password = |field: &CredentialField| field.input_type.as_deref() == Some("password");
    // The name stays, so the password is what is to be typed again.
    let focused = account.and_then(|_| fields.iter().position(is_password)).unwrap_or(0);
    html! {
        @for (position, field) in fields.iter().enumerate() {
            @let id = format!("input-{}-for-{}-provider", field.key, provider.id);
            @let label = match field.has_own_label {
                true => Some(texts.password),
                false => field.label.as_deref(),
            };
            label for=(id) { (label.unwrap_or(&field.key)) }
            (CredentialInput {
                id: &id,
                field,
                label,
                value: typed.filter(|_| account == Some(position)),
                has_focus: state.has_failed && position == focused,
                described_by: state.described_by(),
            })
        }
        button type="submit" { (texts.sign_in_with.with(provider.name)) }
    }
}

/// The button's colours as custom properties, named and ordered as in v4.
fn button_variables(style: &ButtonStyle) -> Option<String> {
    let background = style.background.as_ref();
    let background_dark = style.background_dark.as_ref().or(background);
    let text = style.text.as_ref();
    let text_dark = style.text_dark.as_ref().or(text);

    let written = |color: Option<&Color>| color.map(Color::to_string);
    let readable = |text: Option<&Color>, background: Option<&Color>| {
        let is_readable = |text: &&Color| {
            background.is_none_or(|background| text.contrast(background) >= OF_TEXT)
        };
        written(text.filter(is_readable))
            .or_else(|| background.map(|color| color.readable_text().to_owned()))
    };
    let declarations: Vec<String> = [
        ("--provider-bg", written(background)),
        ("--provider-dark-bg", written(background_dark)),
        ("--provider-color", readable(text, background)),
        ("--provider-dark-color", readable(text_dark, background_dark)),
        ("--provider-bg-hover", background.map(Color::faded)),
        ("--provider-dark-bg-hover", background_dark.map(Color::faded)),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.map(|value| format!("{name}: {value};")))
    .collect();
    (!declarations.is_empty()).then(|| declarations.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn color(text: &str) -> Color {
        text.parse().expect("a colour")
    }

    #[test]
    fn text_without_a_colour_is_readable_on_both_backgrounds() {
        let style = ButtonStyle::new().background(color("#fff")).background_dark(color("#000"));
        assert_eq!(
            button_variables(&style).as_deref(),
            Some(
                "--provider-bg: #fff; --provider-dark-bg: #000; --provider-color: #000; \
                 --provider-dark-color: #fff; --provider-bg-hover: rgba(255, 255, 255, 0.8); \
                 --provider-dark-bg-hover: rgba(0, 0, 0, 0.8);"
            ),
        );
    }

    #[test]
    fn text_that_cannot_be_read_on_its_background_is_another_one() {
        // GitLab's, as v4 has it: a contrast of 2.9.
        let style = ButtonStyle::new().background(color("#FC6D26")).text(color("#fff"));
        let variables = button_variables(&style).unwrap();
        assert!(variables.contains("--provider-color: #000;"), "{variables}");
        let style = ButtonStyle::new().background(color("#5865F2")).text(color("#fff"));
        let variables = button_variables(&style).unwrap();
        assert!(variables.contains("--provider-color: #fff;"), "{variables}");
    }

    #[test]
    fn a_mark_has_its_own_colour_only_where_that_is_seen() {
        let drawn = |color| mark("Acme", Some(Mark { color, path: "M0 0" })).into_string();
        assert!(drawn("#181717").contains("--mark: #181717; --mark-dark: currentColor"));
        assert!(drawn("#FFD21E").contains("--mark: currentColor; --mark-dark: #FFD21E"));
        assert!(mark("acme", None).into_string().contains("data-letter=\"A\""));
    }

    #[test]
    fn a_style_without_colours_writes_none() {
        assert_eq!(button_variables(&ButtonStyle::new()), None);
    }
}
