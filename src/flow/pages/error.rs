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
    let sign_in = html! {
        a class="button" href={ (frame.base_url) "/signin" } { "Sign in" }
    };
    match error {
        Some(error @ PageError::AccessDenied) => html! {
            h1 { "Access Denied" }
            p { (error.text()) }
            p { (sign_in) }
        },
        Some(error @ PageError::Configuration) => html! {
            h1 { "Server error" }
            p { (error.text()) }
            p { "Check the server logs for more information." }
        },
        Some(error @ PageError::Verification) => html! {
            h1 { "Unable to sign in" }
            p { (error.text()) }
            p { "It may have been used already or it may have expired." }
            (sign_in)
        },
        _ => html! {
            h1 { "Error" }
            p { a class="site" href=(frame.origin) { (frame.host()) } }
        },
    }
}
