//! The confirmation page: where a sign-in link leads if the application wants a person to press a
//! button.

use maud::html;

use super::layout::{Page, document};
use super::model::PageFrame;
use crate::web::location::SafeLocation;

/// What the button sends: the link's parameters, and the proof that this page was shown.
pub(crate) struct Confirmation<'a> {
    pub provider: &'a str,
    pub csrf_token: &'a str,
    pub callback_url: &'a SafeLocation,
    pub token: &'a str,
    pub email: &'a str,
}

/// The page that asks before a link is used up. The address is not shown: whoever opens the link
/// may not be the person who asked for it.
pub(crate) fn confirm_sign_in(frame: &PageFrame<'_>, confirmation: &Confirmation<'_>) -> String {
    let phrase = frame.texts.continue_to;
    let contents = html! {
        h1 { (frame.texts.sign_in) }
        p { (phrase.before) strong { (frame.host()) } (phrase.after) }
        @let action = frame.action(&format!("callback/{}", confirmation.provider));
        form action=(action) method="POST" {
            input type="hidden" name="csrfToken" value=(confirmation.csrf_token);
            input type="hidden" name="callbackUrl" value=(confirmation.callback_url.text());
            input type="hidden" name="token" value=(confirmation.token);
            input type="hidden" name="email" value=(confirmation.email);
            button id="submitButton" type="submit" { (frame.texts.sign_in) }
        }
    };
    document(frame, Page::ConfirmSignIn, &contents)
}
