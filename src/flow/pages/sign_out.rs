//! The sign-out page, which asks before signing out.

use maud::html;

use super::layout::{Page, document};
use super::model::PageFrame;
use crate::web::location::SafeLocation;

/// The sign-out page, and the way back for those who think better of it.
///
/// v4's form has no `callbackUrl` field: the cookie carries the address.
pub(crate) fn sign_out(frame: &PageFrame<'_>, csrf_token: &str, back: &SafeLocation) -> String {
    let texts = frame.texts;
    let contents = html! {
        h1 { (texts.sign_out_heading) }
        p { (texts.sign_out_question) }
        form action=(frame.action("signout")) method="POST" {
            input type="hidden" name="csrfToken" value=(csrf_token);
            button id="submitButton" type="submit" { (texts.sign_out) }
        }
        a.site href=(back.text()) { (texts.cancel) }
    };
    document(frame, Page::SignOut, &contents)
}
