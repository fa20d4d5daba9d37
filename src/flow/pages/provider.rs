//! The form of one provider on the sign-in page.

use maud::{Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::credential_input::CredentialInput;
use super::model::{FormKind, PageFrame, ProviderForm};
use crate::theme::Color;
use crate::theme::{ButtonStyle, CredentialField};
use crate::web::location::SafeLocation;

/// All but the unreserved characters of RFC 3986, section 2.3: an id stays one path segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn form(
    frame: &PageFrame<'_>,
    csrf_token: &str,
    provider: &ProviderForm<'_>,
    callback_url: &SafeLocation,
    email: Option<&str>,
) -> Markup {
    let action = match provider.kind {
        FormKind::Credentials { .. } => "callback",
        FormKind::Email | FormKind::OAuth { .. } => "signin",
    };
    let segment = utf8_percent_encode(provider.id, SEGMENT);
    html! {
        form action={ (frame.base_url) "/" (action) "/" (segment) } method="POST" {
            input type="hidden" name="csrfToken" value=(csrf_token);
            @match provider.kind {
                FormKind::Credentials { fields } => (credentials(provider, fields)),
                FormKind::Email => (email_address(provider, email)),
                FormKind::OAuth { style } => (oauth(provider, callback_url, style)),
            }
        }
    }
}

fn oauth(
    provider: &ProviderForm<'_>,
    callback_url: &SafeLocation,
    style: Option<&ButtonStyle>,
) -> Markup {
    let logo = style.and_then(|style| style.logo.as_ref());
    let logo_dark = style.and_then(|style| style.logo_dark.as_ref()).or(logo);
    html! {
        input type="hidden" name="callbackUrl" value=(callback_url.text());
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
            span { "Sign in with " (provider.name) }
        }
    }
}

/// v4's e-mail form has no `callbackUrl` field: the cookie carries the address.
fn email_address(provider: &ProviderForm<'_>, email: Option<&str>) -> Markup {
    let id = format!("input-email-for-{}-provider", provider.id);
    html! {
        label for=(id) { "Email" }
        input id=(id) autofocus type="email" name="email" value=[email]
            placeholder="email@example.com" required;
        button id="submitButton" type="submit" { "Sign in with " (provider.name) }
    }
}

fn credentials(provider: &ProviderForm<'_>, fields: &[CredentialField]) -> Markup {
    html! {
        @for field in fields {
            @let id = format!("input-{}-for-{}-provider", field.key, provider.id);
            label for=(id) { (field.label.as_deref().unwrap_or(&field.key)) }
            (CredentialInput { id: &id, field })
        }
        button type="submit" { "Sign in with " (provider.name) }
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
        written(text).or_else(|| background.map(|color| color.readable_text().to_owned()))
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
    fn a_style_without_colours_writes_none() {
        assert_eq!(button_variables(&ButtonStyle::new()), None);
    }
}
