//! The sign-in page, with every way to sign in.

use maud::html;

use super::layout::{Page, document};
use super::model::{PageFrame, ProviderForm};
use super::provider::form;
use crate::error::PageError;
use crate::web::location::SafeLocation;

/// The sign-in page.
///
/// `callback_url` is the address decided on for this request, `error` and `email` come from the
/// query. v4 lets the query replace the csrf token, the providers, the theme and the callback URL
/// too; here they are arguments of their own.
pub(crate) fn sign_in(
    frame: &PageFrame<'_>,
    csrf_token: &str,
    providers: &[ProviderForm<'_>],
    callback_url: &SafeLocation,
    error: Option<&str>,
    email: Option<&str>,
) -> String {
    let error = error.filter(|error| !error.is_empty());
    let explained = error.and_then(PageError::on_sign_in_page);
    let text = explained.map_or(PageError::UNKNOWN_TEXT, PageError::text);
    let contents = html! {
        @if error.is_some() {
            // The inner element is v4's to the letter; tests of applications look for it.
            div role="alert" { div.error { p { (text) } } }
        }
        @for (position, provider) in providers.iter().enumerate() {
            @let has_fields = provider.kind.has_fields();
            @let before = position.checked_sub(1).and_then(|before| providers.get(before));
            @let follows_button = before.is_some_and(|before| !before.kind.has_fields());
            div.provider {
                @if has_fields && follows_button { hr; }
                (form(frame, csrf_token, provider, callback_url, email))
                @if has_fields && position + 1 < providers.len() { hr; }
            }
        }
    };
    document(frame, Page::SignIn, &contents)
}
