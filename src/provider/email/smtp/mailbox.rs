//! The mailbox in whose name a message is sent.

use std::str::FromStr;

use lettre::address::Address;
use lettre::message::Mailbox as LettreMailbox;

use crate::error::ConfigError;

/// A name and an address, such as `Acme <no-reply@acme.example>`, or an address alone.
///
/// ```
/// use typegate::provider::Mailbox;
///
/// let sender: Mailbox = "Acme <no-reply@acme.example>".parse()?;
/// assert!("no-reply".parse::<Mailbox>().is_err());
/// # Ok::<(), typegate::ConfigError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mailbox(LettreMailbox);

impl Mailbox {
    pub(super) fn address(&self) -> &Address {
        &self.0.email
    }

    pub(super) fn header(&self) -> LettreMailbox {
        self.0.clone()
    }
}

impl FromStr for Mailbox {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let refused = || {
            ConfigError::new(format!(
                "`{}` is not one sender such as `Acme <no-reply@acme.example>`",
                text.escape_debug()
            ))
        };
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return Err(refused());
        }
        let mailbox: LettreMailbox = text.parse().map_err(|_| refused())?;
        // The parser stops after the first mailbox and says nothing about the rest.
        let is_whole = text.trim_end_matches('>').ends_with(mailbox.email.as_ref() as &str);
        if is_whole { Ok(Self(mailbox)) } else { Err(refused()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r071_a_sender_is_one_mailbox_on_one_line() {
        for good in [
            "no-reply@acme.example",
            " Acme <no-reply@acme.example> ",
            "\"Acme, Inc.\" <no-reply@acme.example>",
            "NextAuth <no-reply@example.com>",
            "Bücher <a@example.com>",
        ] {
            assert!(good.parse::<Mailbox>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "Acme",
            "Acme <no-reply>",
            "a@b.example, c@d.example",
            "Acme <a@b.example>, Other <c@d.example>",
            "Acme\r\nBcc: x@y.example <a@b.example>",
            "Acme <a@b.example\r\nBcc: x@y.example>",
            "<a@b.example> trailing",
        ] {
            assert!(bad.parse::<Mailbox>().is_err(), "{bad:?}");
        }
    }
}
