//! The sign-in page, with every way to sign in.

use maud::{Markup, html};

use super::layout::{Page, document};
use super::model::{FormKind, PageFrame, ProviderForm};
use super::provider::{FormState, form};
use crate::error::PageError;
use crate::web::location::SafeLocation;

/// The id of the message about an error.
pub(super) const ERROR_ID: &str = "error";

/// From so many buttons in a row on, they stand in columns and say the names only.
const MANY: usize = 4;
/// So many of them are seen at once. More of them fold, but not a single one.
const SEEN: usize = 8;

/// What the sign-in page shows.
///
/// v4 lets the query replace the csrf token, the providers, the theme and the callback URL too; here
/// only `error` and `email` come from it.
pub(crate) struct SignIn<'a> {
    pub csrf_token: &'a str,
    pub providers: &'a [ProviderForm<'a>],
    /// The address decided on for this request.
    pub callback_url: &'a SafeLocation,
    pub error: Option<&'a str>,
    pub email: Option<&'a str>,
    /// What is known of the error besides its code.
    pub reason: Option<&'a str>,
    /// The provider of the last attempt, and what was typed there.
    pub last_provider: Option<&'a str>,
    pub typed: Option<&'a str>,
}

/// The sign-in page.
pub(crate) fn sign_in(frame: &PageFrame<'_>, page: &SignIn<'_>) -> String {
    let error = page.error.filter(|error| !error.is_empty());
    let known = error.and_then(PageError::on_sign_in_page);
    let text = known.map_or(frame.texts.unable_to_sign_in, |known| known.text_in(frame.texts));
    let providers = page.providers;
    let layout = Layout { failed: failed(page, known), primary: primary(providers) };
    let contents = html! {
        @match frame.site_name() {
            Some(site) => { h1 { (frame.texts.sign_in_to.with(site)) } }
            None => { h1 { (frame.texts.sign_in) } }
        }
        @if error.is_some() {
            // The inner element is v4's to the letter; tests of applications look for it.
            div role="alert" id=(ERROR_ID) { div.error { p { (page.reason.unwrap_or(text)) } } }
        }
        @for row in rows(providers, layout.primary) {
            @let (seen, folded) = folded(&row);
            (buttons(frame, page, &layout, seen, row.len() >= MANY))
            @if !folded.is_empty() {
                // Whoever was just sent back from one of them finds it again.
                details open[error.is_some() && has_last(page, folded)] {
                    summary { (frame.texts.more_providers) }
                    (buttons(frame, page, &layout, folded, true))
                }
            }
        }
    };
    document(frame, Page::SignIn, &contents)
}

/// Where on the page a provider is the one that counts.
struct Layout {
    /// Whose form the error is about.
    failed: Option<usize>,
    /// The way in that the page puts first.
    primary: usize,
}

/// A form before buttons: whoever filled it in once finds it again.
fn primary(providers: &[ProviderForm<'_>]) -> usize {
    providers.iter().position(|provider| provider.kind.has_fields()).unwrap_or(0)
}

fn failed(page: &SignIn<'_>, error: Option<PageError>) -> Option<usize> {
    let has_failed = |provider: &ProviderForm<'_>| match error {
        Some(PageError::EmailSignin) => matches!(provider.kind, FormKind::Email),
        Some(PageError::CredentialsSignin) => matches!(provider.kind, FormKind::Credentials { .. }),
        _ => false,
    };
    let is_last = |provider: &ProviderForm<'_>| Some(provider.id) == page.last_provider;
    let mut providers = page.providers.iter();
    let last = providers.position(|provider| has_failed(provider) && is_last(provider));
    last.or_else(|| page.providers.iter().position(has_failed))
}

/// The positions of all providers in their order; buttons that follow each other are one row,
/// everything else stands by itself.
fn rows(providers: &[ProviderForm<'_>], primary: usize) -> Vec<Vec<usize>> {
    let mut rows: Vec<Vec<usize>> = Vec::new();
    let mut is_open = false;
    for (position, provider) in providers.iter().enumerate() {
        let is_button = !provider.kind.has_fields() && position != primary;
        match rows.last_mut().filter(|_| is_open && is_button) {
            Some(row) => row.push(position),
            None => rows.push(vec![position]),
        }
        is_open = is_button;
    }
    rows
}

/// What is seen of a row at once, and the rest.
fn folded(row: &[usize]) -> (&[usize], &[usize]) {
    let seen = if row.len() > SEEN + 1 { SEEN } else { row.len() };
    row.split_at_checked(seen).unwrap_or((row, &[]))
}

/// Whether the last attempt was with one of these.
fn has_last(page: &SignIn<'_>, positions: &[usize]) -> bool {
    let ids = positions.iter().filter_map(|position| Some(page.providers.get(*position)?.id));
    page.last_provider.is_some_and(|last| ids.into_iter().any(|id| id == last))
}

fn buttons(
    frame: &PageFrame<'_>,
    page: &SignIn<'_>,
    layout: &Layout,
    positions: &[usize],
    in_columns: bool,
) -> Markup {
    let providers = html! {
        @for position in positions { (provider(frame, page, layout, *position)) }
    };
    match in_columns {
        true => html! { div.providers { (providers) } },
        false => providers,
    }
}

fn provider(frame: &PageFrame<'_>, page: &SignIn<'_>, layout: &Layout, position: usize) -> Markup {
    let at = |position: usize| page.providers.get(position);
    let Some(provider) = at(position) else { return html! {} };
    let has_fields = provider.kind.has_fields();
    let before = position.checked_sub(1).and_then(at);
    let follows_button = before.is_some_and(|before| !before.kind.has_fields());
    let has_failed = layout.failed == Some(position);
    let state = FormState {
        is_primary: layout.primary == position,
        has_failed,
        // v4's e-mail field takes the focus, unless something else needs it.
        may_take_focus: has_failed || layout.failed.is_none(),
        typed: page.typed.filter(|_| page.last_provider == Some(provider.id)),
    };
    let class = if state.is_primary { "provider primary" } else { "provider" };
    html! {
        div class=(class) {
            @if has_fields && follows_button { hr data-text=(frame.texts.or); }
            (form(frame, page, provider, &state))
            @if has_fields && position + 1 < page.providers.len() { hr data-text=(frame.texts.or); }
        }
    }
}
