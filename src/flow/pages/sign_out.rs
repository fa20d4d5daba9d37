//! The sign-out page, which asks before signing out.

use maud::html;

use super::layout::{Page, document};
use super::model::PageFrame;

/// The sign-out page.
///
/// v4's form has no `callbackUrl` field: the cookie carries the address.
pub(crate) fn sign_out(frame: &PageFrame<'_>, csrf_token: &str) -> String {
    let contents = html! {
        h1 { "Signout" }
        p { "Are you sure you want to sign out?" }
        form action={ (frame.base_url) "/signout" } method="POST" {
            input type="hidden" name="csrfToken" value=(csrf_token);
            button id="submitButton" type="submit" { "Sign out" }
        }
    };
    document(frame, Page::SignOut, &contents)
}
