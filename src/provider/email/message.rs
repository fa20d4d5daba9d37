//! The message with a sign-in link.

use std::fmt;

use jiff::Timestamp;
use maud::{DOCTYPE, html};

use crate::model::email_address::EmailAddress;
use crate::theme::{Texts, Theme};
use crate::web::location::SafeLocation;

/// A message with a sign-in link, ready to be sent to exactly one address.
///
/// `Debug` does not show the link: whoever has it is signed in.
#[derive(Clone)]
#[non_exhaustive]
pub struct EmailMessage {
    /// The one recipient, parsed.
    pub to: String,
    /// The subject: `Sign in to <host>` in the visitor's language.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// The link.
    pub url: String,
    /// When the link ends.
    pub expires: Timestamp,
}

impl EmailMessage {
    /// Renders v4's message: the subject's line and the link. The address and what the request
    /// said are not in it, save in the link, and in the choice of the language.
    pub(crate) fn new(
        to: &EmailAddress,
        host: &str,
        link: &SafeLocation,
        expires: Timestamp,
        theme: &Theme,
        texts: &Texts,
    ) -> Self {
        let subject = texts.sign_in_to.with(host);
        let url = link.uri().to_owned();
        let text = format!("{subject}\n{url}\n\n");
        // Mail programs turn bare host names into links; a zero-width space before each dot keeps
        // the only link the real one.
        let shown_host = host.replace('.', "\u{200b}.");
        let (background, colour) = theme.button_colours();
        let button = format!(
            "display:inline-block;padding:12px 24px;border-radius:6px;font-weight:600;\
             text-decoration:none;background:{background};color:{colour}"
        );
        let page = html! {
            (DOCTYPE)
            html lang=(texts.language) dir=(texts.direction.as_str()) {
                head { meta charset="utf-8"; title { (subject) } }
                body style="margin:0;padding:32px 16px;background:#f4f4f5;\
                            font:16px/1.5 system-ui,sans-serif;color:#18181b" {
                    div style="max-width:480px;margin:0 auto;padding:32px;border-radius:12px;\
                               background:#fff;text-align:center" {
                        p style="margin:0 0 24px;font-size:20px" {
                            (texts.sign_in_to.before) strong { (shown_host) } (texts.sign_in_to.after)
                        }
                        p style="margin:0 0 24px" { a href=(url) style=(button) { (texts.sign_in) } }
                        p style="margin:0;font-size:14px;color:#52525b" {
                            (texts.message_not_asked_for)
                        }
                    }
                }
            }
        };
        Self { to: to.as_str().to_owned(), subject, text, html: page.into_string(), url, expires }
    }
}

impl fmt::Debug for EmailMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmailMessage").field("subject", &self.subject).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r072_the_message_is_escaped_and_names_neither_address_nor_request() {
        let url = "https://a.example/cb?callbackUrl=%22%3E&token=t&email=x%40y.zz";
        let link = SafeLocation::of_application(url).unwrap();
        let (to, host) = ("x@y.zz".parse().unwrap(), "a.example\"><script>");
        let theme = Theme::new();
        let message =
            EmailMessage::new(&to, host, &link, Timestamp::UNIX_EPOCH, &theme, &Texts::ENGLISH);
        assert!(!message.html.contains("<script>") && !message.html.contains("x@y.zz"));
        assert!(message.html.contains("&amp;token=t"));
        assert_eq!(message.text, format!("Sign in to {host}\n{url}\n\n"));
        assert!(!format!("{message:?}").contains("token"));
    }
}
