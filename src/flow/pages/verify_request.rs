//! The page "check your email", after a request for a sign-in link.

use maud::html;

use super::layout::{Page, document};
use super::model::PageFrame;

/// The verify-request page.
pub(crate) fn verify_request(frame: &PageFrame<'_>) -> String {
    let contents = html! {
        h1 { "Check your email" }
        p { "A sign in link has been sent to your email address." }
        p { a class="site" href=(frame.origin) { (frame.host()) } }
    };
    document(frame, Page::VerifyRequest, &contents)
}
