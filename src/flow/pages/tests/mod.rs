//! Tests of whole pages.

mod arrangement;
mod document;
mod injection;
mod outline;
mod v4;

use super::{FormKind, PageFrame, ProviderForm, SignIn, error, verify_request};
use crate::theme::{ButtonStyle, ColorScheme, CredentialField, Texts, Theme};
use crate::web::location::SafeLocation;

const BASE_URL: &str = "http://localhost:3000/api/auth";
const ORIGIN: &str = "http://localhost:3000";

fn origin() -> SafeLocation {
    SafeLocation::of_page(ORIGIN).unwrap()
}

fn frame(theme: &Theme) -> PageFrame<'_> {
    let texts = &Texts::ENGLISH;
    PageFrame {
        theme,
        texts,
        is_language_asked_for: false,
        base_url: BASE_URL,
        origin: ORIGIN,
        explained: &[],
    }
}

/// The page of a visitor without a last attempt.
fn sign_in(
    frame: &PageFrame<'_>,
    csrf_token: &str,
    providers: &[ProviderForm<'_>],
    callback_url: &SafeLocation,
    error: Option<&str>,
    email: Option<&str>,
) -> String {
    let (reason, last_provider, typed) = (None, None, None);
    let page =
        SignIn { csrf_token, providers, callback_url, error, email, reason, last_provider, typed };
    super::sign_in(frame, &page)
}

fn sign_out(frame: &PageFrame<'_>, csrf_token: &str) -> String {
    super::sign_out(frame, csrf_token, &origin())
}

fn full_theme() -> Theme {
    Theme::new()
        .color_scheme(ColorScheme::Dark)
        .brand_color("#ff0000".parse().unwrap())
        .button_text("#00ff00".parse().unwrap())
        .logo("https://example.com/l.png".parse().unwrap())
}

/// The providers of the recorded pages. The one without a form is left out, as callers do.
struct Providers {
    fields: Vec<CredentialField>,
    github: ButtonStyle,
    absolute: ButtonStyle,
}

impl Providers {
    fn new() -> Self {
        Self {
            fields: vec![
                CredentialField::new("username")
                    .label("Username")
                    .input_type("text")
                    .placeholder("jsmith"),
                CredentialField::new("password").label("Password").input_type("password"),
                CredentialField::new("code"),
            ],
            github: ButtonStyle::new()
                .logo("/github.svg".parse().unwrap())
                .logo_dark("/github-dark.svg".parse().unwrap())
                .background("#fff".parse().unwrap())
                .background_dark("#000".parse().unwrap())
                .text("#000".parse().unwrap())
                .text_dark("#fff".parse().unwrap()),
            absolute: ButtonStyle::new()
                .logo("https://cdn.example/l.svg".parse().unwrap())
                .background("#12f".parse().unwrap())
                .text("#fff".parse().unwrap()),
        }
    }

    fn form<'a>(&'a self, id: &'a str) -> Option<ProviderForm<'a>> {
        let (name, kind) = match id {
            "abs" => ("Abs", FormKind::OAuth { style: Some(&self.absolute), mark: None }),
            "credentials" => ("Credentials", FormKind::Credentials { fields: &self.fields }),
            "email" => ("Email", FormKind::Email),
            "github" => ("GitHub", FormKind::OAuth { style: Some(&self.github), mark: None }),
            "plain" => ("Plain & Co", FormKind::OAuth { style: None, mark: None }),
            _ => return None,
        };
        Some(ProviderForm { id, name, kind })
    }

    fn forms<'a>(&'a self, ids: impl IntoIterator<Item = &'a str>) -> Vec<ProviderForm<'a>> {
        ids.into_iter().filter_map(|id| self.form(id)).collect()
    }
}
