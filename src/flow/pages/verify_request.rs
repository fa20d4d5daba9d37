//! The page "check your email", after a request for a sign-in link.

use maud::html;

use super::layout::{Page, document};
use super::model::PageFrame;
use super::provider::segment;

/// A link that this browser has asked for.
pub(crate) struct SentLink<'a> {
    pub csrf_token: &'a str,
    /// The id of the provider.
    pub provider: &'a str,
    pub address: &'a str,
}

/// The verify-request page. Who asked for the link reads where it went, and can have another one or
/// correct the address; the button comes after half a minute, which the style sheet sees to.
pub(crate) fn verify_request(frame: &PageFrame<'_>, sent: Option<&SentLink<'_>>) -> String {
    let texts = frame.texts;
    let contents = html! {
        h1 { (texts.check_your_email) }
        p { (texts.link_sent) }
        @if let Some(sent) = sent {
            @let phrase = texts.link_sent_to;
            p { (phrase.before) strong dir="auto" { (sent.address) } (phrase.after) }
            p.hint { (texts.no_email_yet) }
            @let again = frame.action(&format!("signin/{}", segment(sent.provider)));
            form.again action=(again) method="POST" {
                input type="hidden" name="csrfToken" value=(sent.csrf_token);
                input type="hidden" name="email" value=(sent.address);
                button type="submit" { (texts.send_again) }
            }
            p { a class="site" href=(frame.action("signin")) { (texts.other_email) } }
        }
        p { a class="site" href=(frame.origin) { (frame.host()) } }
    };
    document(frame, Page::VerifyRequest, &contents)
}
