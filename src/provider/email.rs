//! Sign in by a link that is sent to an address.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jiff::Timestamp;
use maud::{DOCTYPE, html};

use super::{EmailKind, Provider};
use crate::error::CallbackError;
use crate::secret::Secret;
use crate::theme::Theme;

/// A day, in seconds; v4's value.
const MAXIMUM_AGE: i64 = 24 * 60 * 60;

type Sending = Pin<Box<dyn Future<Output = Result<(), CallbackError>> + Send>>;
type SendMessage = dyn Fn(EmailMessage) -> Sending + Send + Sync;
type Normalise = dyn Fn(&str) -> Option<String> + Send + Sync;

/// A message with a sign-in link, ready to be sent to exactly one address.
///
/// `Debug` does not show the link: whoever has it is signed in.
#[derive(Clone)]
#[non_exhaustive]
pub struct EmailMessage {
    /// The one recipient, normalised.
    pub to: String,
    /// The subject, `Sign in to <host>`.
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
    /// said are not in it, save in the link.
    pub(crate) fn new(
        to: &str,
        host: &str,
        url: String,
        expires: Timestamp,
        theme: &Theme,
    ) -> Self {
        let subject = format!("Sign in to {host}");
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
            html lang="en" {
                head { meta charset="utf-8"; title { (subject) } }
                body style="margin:0;padding:32px 16px;background:#f4f4f5;\
                            font:16px/1.5 system-ui,sans-serif;color:#18181b" {
                    div style="max-width:480px;margin:0 auto;padding:32px;border-radius:12px;\
                               background:#fff;text-align:center" {
                        p style="margin:0 0 24px;font-size:20px" {
                            "Sign in to " strong { (shown_host) }
                        }
                        p style="margin:0 0 24px" { a href=(url) style=(button) { "Sign in" } }
                        p style="margin:0;font-size:14px;color:#52525b" {
                            "If you did not ask for this message, you can ignore it."
                        }
                    }
                }
            }
        };
        Self { to: to.to_owned(), subject, text, html: page.into_string(), url, expires }
    }
}

impl fmt::Debug for EmailMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmailMessage").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// Sign in by a link that is sent to an address.
///
/// Needs an adapter that keeps users and verification tokens. The message is handed to a function
/// of the application's, which gives it to a mail server or a mail service.
///
/// ```
/// use typegate::provider::Email;
///
/// let provider = Email::new(|message| async move {
///     // Give message.to, message.subject, message.text and message.html to the mailer.
///     assert!(message.text.contains(&message.url));
///     Ok(())
/// })
/// .max_age(15 * 60);
/// ```
#[derive(Clone, Debug)]
pub struct Email(EmailDefinition);

/// The record of an e-mail provider.
#[derive(Clone)]
#[non_exhaustive]
pub struct EmailDefinition {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) maximum_age: i64,
    pub(crate) secret: Option<Secret>,
    pub(crate) send: Arc<SendMessage>,
    pub(crate) normalise: Option<Arc<Normalise>>,
}

impl fmt::Debug for EmailDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmailDefinition").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Email {
    /// A provider that sends by that function. An error of it is logged, and the visitor is told
    /// that the message could not be sent.
    #[must_use]
    pub fn new<F, R>(send: F) -> Self
    where
        F: Fn(EmailMessage) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), CallbackError>> + Send + 'static,
    {
        Self(EmailDefinition {
            id: "email".into(),
            name: "Email".into(),
            maximum_age: MAXIMUM_AGE,
            secret: None,
            send: Arc::new(move |message| Box::pin(send(message))),
            normalise: None,
        })
    }

    /// The id, `email` by default.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.0.id = id.into();
        self
    }

    /// The name people read, `Email` by default.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.0.name = name.into();
        self
    }

    /// For how many seconds a link is good; a day by default.
    #[must_use]
    pub fn max_age(mut self, seconds: u32) -> Self {
        self.0.maximum_age = i64::from(seconds);
        self
    }

    /// A secret of its own for the hashes of stored tokens, in the place of the application's.
    #[must_use]
    pub fn secret(mut self, secret: Secret) -> Self {
        self.0.secret = Some(secret);
        self
    }

    /// The application's own rule for addresses; `None` refuses. What it returns is looked up,
    /// stored, put into the link and given to the mailer.
    #[must_use]
    pub fn normalise(
        mut self,
        normalise: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.0.normalise = Some(Arc::new(normalise));
        self
    }
}

impl Provider for Email {
    type Kind = EmailKind;

    fn into_definition(self) -> EmailDefinition {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r072_the_message_is_escaped_and_names_neither_address_nor_request() {
        let url = "https://a.example/cb?callbackUrl=%22%3E&token=t&email=x%40y.z".to_owned();
        let host = "a.example\"><script>";
        let theme = Theme::new();
        let message =
            EmailMessage::new("<b>@y.z", host, url.clone(), Timestamp::UNIX_EPOCH, &theme);
        assert!(!message.html.contains("<script>") && !message.html.contains("<b>@"));
        assert!(message.html.contains("&amp;token=t"));
        assert_eq!(message.text, format!("Sign in to {host}\n{url}\n\n"));
        assert!(!format!("{message:?}").contains("token"));
    }
}
