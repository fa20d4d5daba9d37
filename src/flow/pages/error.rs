//! The error page, for errors that signing in again does not cure.

use maud::{Markup, html};

use super::layout::{Page, document};
use super::model::{ErrorPage, PageFrame};
use crate::error::PageError;

/// The error page for a value that is not sent on to the sign-in page.
pub(crate) fn error(frame: &PageFrame<'_>, error: Option<&str>) -> ErrorPage {
    let error = error.and_then(PageError::on_error_page);
    let html = document(frame, Page::Error, &contents(frame, error));
    ErrorPage { status: error.map_or(200, PageError::status), html }
}

fn contents(frame: &PageFrame<'_>, error: Option<PageError>) -> Markup {
    let texts = frame.texts;
    let sign_in = html! {
        a class="button" href=(frame.action("signin")) { (texts.sign_in) }
    };
    let site = html! { p { a class="site" href=(frame.origin) { (frame.host()) } } };
    match error {
        Some(error @ PageError::AccessDenied) => html! {
            h1 { (texts.access_denied) }
            p { (error.text_in(texts)) }
            p { (sign_in) }
        },
        Some(error @ PageError::Configuration) => html! {
            h1 { (texts.server_error) }
            p { (error.text_in(texts)) }
            p { (texts.see_server_log) }
            // v4 leaves the visitor here.
            (site)
        },
        Some(error @ PageError::Verification) => html! {
            h1 { (texts.cannot_sign_in) }
            p { (error.text_in(texts)) }
            p { (texts.link_used) }
            (sign_in)
        },
        _ => html! {
            h1 { (texts.error_heading) }
            (site)
        },
    }
}
