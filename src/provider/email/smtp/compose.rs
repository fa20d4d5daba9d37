//! Composition: the bytes and the envelope of a message.
//!
//! One recipient, built from its parts and not parsed out of a list; everything that is not plain
//! ASCII is encoded, so that no text of anybody's ends a header line.

use lettre::address::{Address, Envelope};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox as LettreMailbox, Message, MultiPart};

use super::super::EmailMessage;
use super::Mailbox;
use crate::crypto::random;
use crate::error::BoxError;

/// A message as it goes over the wire.
pub(super) struct Composed {
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>,
}

impl Composed {
    /// For whom it is: nothing that is logged says it.
    pub(super) fn recipients(&self) -> Vec<&str> {
        self.envelope.to().iter().map(AsRef::as_ref).collect()
    }
}

pub(super) fn compose(sender: &Mailbox, message: &EmailMessage) -> Result<Composed, BoxError> {
    let (local, domain) = message.to.split_once('@').ok_or("the recipient is no address")?;
    let recipient = Address::new(local, domain)?;
    let id = format!("<{}@{}>", random::hexadecimal_token()?, sender.address().domain());
    // RFC 3834 section 5: nobody's absence assistant is to answer.
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    let subject: String = message.subject.chars().filter(|c| !c.is_control()).collect();
    let envelope = Envelope::new(Some(sender.address().clone()), vec![recipient.clone()])?;
    let composed = Message::builder()
        .from(sender.header())
        .to(LettreMailbox::new(None, recipient))
        .subject(subject)
        .message_id(Some(id))
        .raw_header(HeaderValue::new(automatic, "auto-generated".into()))
        .multipart(MultiPart::alternative_plain_html(message.text.clone(), message.html.clone()))?;
    Ok(Composed { envelope, bytes: composed.formatted() })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::theme::{Texts, Theme};
    use crate::web::location::SafeLocation;

    fn compose_to(to: &str, subject: &str) -> Result<Composed, BoxError> {
        let url = SafeLocation::of_application("https://a.example/cb?token=t").unwrap();
        let theme = Theme::new();
        let recipient = "ada@example.com".parse().unwrap();
        let mut message = EmailMessage::new(
            &recipient,
            "a.example",
            &url,
            Timestamp::UNIX_EPOCH,
            &theme,
            &Texts::ENGLISH,
        );
        message.to = to.to_owned();
        message.subject = subject.to_owned();
        compose(&"Acme <no-reply@acme.example>".parse().unwrap(), &message)
    }

    /// The names of the header lines, continuations left out.
    fn header_names(composed: &Composed) -> Vec<String> {
        let text = String::from_utf8(composed.bytes.clone()).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap().to_owned();
        let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
        lines.map(|line| line.split(':').next().unwrap().to_owned()).collect()
    }

    #[test]
    fn r071_no_text_ends_a_header_line() {
        let plain = compose_to("a@b.example", "Sign in").unwrap();
        let expected = header_names(&plain);
        assert!(expected.contains(&"Auto-Submitted".to_owned()), "{expected:?}");
        for subject in
            ["a\r\nBcc: x@y.example", "a\nBcc: x@y.example", "a\r\rb", "é\r\nBcc: x@y.example"]
        {
            let composed = compose_to("a@b.example", subject).unwrap();
            assert_eq!(header_names(&composed), expected, "{subject:?}");
        }
        for to in [
            "a\r\nBcc: x@y.example",
            "a@b.example\r\nBcc: x@y.example",
            "a@b.example\r\nRCPT TO:<x@y.example>",
            "a@b.example\0",
            "a@b.example, x@y.example",
            "a@b.example>, <x@y.example",
            "a b@c.example",
            "a@b@c.example",
            "no address",
        ] {
            assert!(compose_to(to, "Sign in").is_err(), "{to:?}");
        }
    }

    #[test]
    fn r069_the_envelope_has_one_recipient() {
        let composed = compose_to("a+b@c.example", "Sign in").unwrap();
        assert_eq!(composed.envelope.to().len(), 1);
        assert_eq!(composed.envelope.to()[0].as_ref() as &str, "a+b@c.example");
        assert_eq!(composed.envelope.from().unwrap().as_ref() as &str, "no-reply@acme.example");
    }
}
