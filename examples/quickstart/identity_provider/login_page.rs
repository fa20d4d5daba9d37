//! The login page.

use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use ring::digest::{SHA256, digest};

use super::{
    person::{MAX_EMAIL_LENGTH, MAX_NAME_LENGTH, SAMPLES, Sample, sample},
    scope::Scope,
};

const STYLE: &str = include_str!("login_page.css");

/// What stands in the form's fields.
pub(super) struct LoginForm {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) problem: Option<&'static str>,
}

impl LoginForm {
    /// With the account that the client hinted at (OIDC Core section
    /// 3.1.2.1), else the first sample.
    pub(super) fn prefilled(login_hint: Option<&str>) -> Self {
        let [first, ..] = &SAMPLES;
        let email = login_hint.unwrap_or(first.email);
        Self {
            name: sample(email).map(|sample| sample.name).unwrap_or_default().to_owned(),
            email: email.to_owned(),
            problem: None,
        }
    }
}

/// Asks the person who to be.
pub(super) fn login_page(
    status: StatusCode,
    client_id: &str,
    scope: Scope,
    request_id: &str,
    form: &LoginForm,
) -> Response {
    let shared = match (scope.profile, scope.email) {
        (true, true) => "a name, a picture and an e-mail address",
        (true, false) => "a name and a picture",
        (false, true) => "an e-mail address",
        (false, false) => "an account number",
    };
    let [_, buttons @ ..] = &SAMPLES;
    page(
        status,
        &html! {
            p class="lead" {
                strong { (client_id) } " asks for " (shared) ". Be whoever you like: no password "
                "is checked here."
            }
            // Its own form: Enter in a text field presses the first button of its form.
            form method="post" action="/authorize/decide" aria-labelledby="samples" {
                input type="hidden" name="request" value=(request_id);
                h2 id="samples" { "Continue as" }
                @for account in buttons {
                    (sample_button(account))
                }
            }
            form method="post" action="/authorize/decide" aria-labelledby="anybody" {
                input type="hidden" name="request" value=(request_id);
                h2 id="anybody" { "Or as somebody else" }
                @if let Some(problem) = form.problem {
                    p class="problem" id="problem" role="alert" { (problem) }
                }
                label for="name" { "Name" }
                input id="name" name="name" value=(form.name) required maxlength=(MAX_NAME_LENGTH)
                    autocomplete="off" aria-describedby=[form.problem.map(|_| "problem")];
                label for="email" { "E-mail" }
                input id="email" name="email" type="email" value=(form.email) required
                    maxlength=(MAX_EMAIL_LENGTH) autocomplete="off"
                    aria-describedby=[form.problem.map(|_| "problem")];
                div class="actions" {
                    button class="primary" name="decision" value="sign-in" { "Sign in" }
                    button name="decision" value="refuse" formnovalidate { "Refuse" }
                }
            }
        },
    )
}

fn sample_button(account: &Sample) -> Markup {
    html! {
        button class="account" name="account" value=(account.email) {
            img src={ "/picture/" (account.email) } alt="" width="36" height="36";
            span { span class="name" { (account.name) } span class="email" { (account.email) } }
        }
    }
}

/// Tells the person what is wrong where the client must not be told.
pub(super) fn error_page(status: StatusCode, reason: &str) -> Response {
    page(status, &html! { p class="problem" role="alert" { (reason) } })
}

fn page(status: StatusCode, content: &Markup) -> Response {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                link rel="icon" href="data:,";
                title { "Development sign-in" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { "Development sign-in" }
                    (content)
                    footer { "Part of an example, running on your own machine." }
                }
            }
        }
    };
    // Without `form-action`: browsers hold it against every redirect that follows the
    // form, and only the client knows where its last one leads.
    let policy = format!(
        "default-src 'none'; img-src 'self' data:; style-src 'sha256-{}'; base-uri 'none'; \
         frame-ancestors 'none'",
        STANDARD.encode(digest(&SHA256, STYLE.as_bytes()))
    );
    (
        status,
        [
            (header::CACHE_CONTROL, "no-store"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        [(header::CONTENT_SECURITY_POLICY, policy)],
        Html(document.into_string()),
    )
        .into_response()
}
