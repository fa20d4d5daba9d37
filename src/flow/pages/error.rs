//! The page for errors that signing in again does not cure.

use maud::{Markup, html};

use super::layout::{Page, document};
use super::model::{ErrorPage, PageFrame};

/// The error page for a code that is not sent on to the sign-in page.
pub(crate) fn error(frame: &PageFrame<'_>, error: Option<&str>) -> ErrorPage {
    let kind = error.map_or(Kind::Other, Kind::of);
    ErrorPage { status: kind.status(), html: document(frame, Page::Error, &kind.contents(frame)) }
}

#[derive(Clone, Copy)]
enum Kind {
    AccessDenied,
    Configuration,
    Other,
    Verification,
}

impl Kind {
    /// v4 compares these codes in lower case, unlike those of the sign-in page.
    fn of(error: &str) -> Self {
        let is = |code: &str| error.eq_ignore_ascii_case(code);
        match error {
            _ if is("AccessDenied") => Self::AccessDenied,
            _ if is("Configuration") => Self::Configuration,
            _ if is("Verification") => Self::Verification,
            _ => Self::Other,
        }
    }

    fn status(self) -> u16 {
        match self {
            Self::AccessDenied | Self::Verification => 403,
            Self::Configuration => 500,
            Self::Other => 200,
        }
    }

    fn contents(self, frame: &PageFrame<'_>) -> Markup {
        let sign_in = html! {
            a class="button" href={ (frame.base_url) "/signin" } { "Sign in" }
        };
        match self {
            Self::AccessDenied => html! {
                h1 { "Access Denied" }
                p { "You do not have permission to sign in." }
                p { (sign_in) }
            },
            Self::Configuration => html! {
                h1 { "Server error" }
                p { "There is a problem with the server configuration." }
                p { "Check the server logs for more information." }
            },
            Self::Other => html! {
                h1 { "Error" }
                p { a class="site" href=(frame.origin) { (frame.host()) } }
            },
            Self::Verification => html! {
                h1 { "Unable to sign in" }
                p { "The sign in link is no longer valid." }
                p { "It may have been used already or it may have expired." }
                (sign_in)
            },
        }
    }
}
