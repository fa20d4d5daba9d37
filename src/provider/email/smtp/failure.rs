//! The failure of a conversation with a mail server: which server, at which step, what it said, and
//! the setting to look at.

use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;

use super::server::Encryption;
use crate::web::outbound::sentence;

/// The steps of a conversation (RFC 5321 section 3).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Step {
    Connect,
    Tls,
    /// The greeting and EHLO.
    Hello,
    StartTls,
    Auth,
    MailFrom,
    RcptTo,
    Data,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "the connection",
            Self::Tls => "the beginning of TLS",
            Self::Hello => "the greeting (EHLO)",
            Self::StartTls => "STARTTLS",
            Self::Auth => "AUTH",
            Self::MailFrom => "MAIL FROM",
            Self::RcptTo => "RCPT TO",
            Self::Data => "DATA",
        })
    }
}

/// What happened at a step.
#[derive(Debug, thiserror::Error)]
pub(super) enum Cause {
    #[error("there was no answer within {} s", .0.as_secs_f32())]
    Deadline(Duration),
    #[error("it answered {status}{}", quoted(.text))]
    Status { status: String, text: Option<String> },
    #[error("its answer is not SMTP, or ended too early")]
    Answer,
    #[error("it does not offer {0}")]
    Unsupported(&'static str),
    #[error("{0}")]
    Other(String),
}

fn quoted(text: &Option<String>) -> String {
    text.as_ref().map_or_else(String::new, |text| format!(" `{text}`"))
}

impl Cause {
    /// Of what the server wrote nothing is repeated that was `sent` or may be a token.
    pub(super) fn of(error: &SmtpError, sent: &[&str]) -> Self {
        let source = error.source().map(ToString::to_string);
        match error.status() {
            Some(status) => {
                let text = source.and_then(|text| sentence(&text, sent));
                Self::Status { status: status.to_string(), text }
            }
            None if error.is_response() => Self::Answer,
            // The client's own words, or those of the operating system and of TLS.
            None => Self::Other(source.unwrap_or_else(|| error.to_string())),
        }
    }
}

/// Why a message was not taken.
#[derive(Debug, thiserror::Error)]
#[error("the mail server {server} did not take the message: at {step}, {cause}{}", advice(self))]
pub(super) struct SendError {
    /// Host and port.
    pub(super) server: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    pub(super) step: Step,
    pub(super) cause: Cause,
}

impl SendError {
    /// Whether the address that was asked for may be the reason, or the message may have left.
    pub(super) fn is_counted(&self) -> bool {
        if matches!(self.cause, Cause::Unsupported(_)) {
            return true;
        }
        match self.step {
            Step::Data => true,
            Step::RcptTo => match &self.cause {
                // The service is not available (RFC 5321 section 3.8).
                Cause::Status { status, .. } => status != "421",
                // It may be the address that the server asks somebody about.
                Cause::Answer | Cause::Unsupported(_) | Cause::Deadline(_) => true,
                Cause::Other(_) => false,
            },
            _ => false,
        }
    }
}

/// The port where encryption is from the first byte (RFC 8314 section 7.3).
const IMPLICIT_TLS: u16 = 465;

/// What to look at.
fn advice(error: &SendError) -> String {
    let answered = matches!(error.cause, Cause::Status { .. });
    let address = "in the mail server's address (`EMAIL_SERVER`, `server`, `Email::smtp`)";
    if matches!(error.cause, Cause::Unsupported(_)) {
        return String::new();
    }
    let advice = match (error.step, error.encryption) {
        (Step::Connect, _) => format!("look at host and port {address}"),
        (Step::Tls, _) if is_no_tls(&error.cause) => format!(
            "it seems not to encrypt from the first byte on this port: write `smtp://` in the place \
             of `smtps://` {address}, which encrypts by STARTTLS"
        ),
        (Step::Tls | Step::StartTls, _) if is_certificate(&error.cause) => {
            "its certificate is for another name, or of an authority that this machine does not \
             know, which `certificate_authority` names"
                .into()
        }
        (Step::Tls, _) => format!("look at host, port and `smtps://` {address}"),
        (Step::Hello, Encryption::StartTls | Encryption::None) if !answered => {
            let why = match error.port {
                IMPLICIT_TLS => "this port is for encryption from the first byte",
                _ => "a server that encrypts from the first byte says nothing before",
            };
            format!("{why}: write `smtps://` in the place of `smtp://` {address}")
        }
        (Step::StartTls, _) if !answered => format!(
            "it has to encrypt: write `smtps://` in the place of `smtp://` {address} if it does so \
             from the first byte, which is mostly port {IMPLICIT_TLS}"
        ),
        (Step::Hello | Step::StartTls, _) => format!("look at host and port {address}"),
        (Step::Auth, _) => format!(
            "look at user and password {address}, where special characters are percent-encoded"
        ),
        (Step::MailFrom, _) => {
            "look at the sender (`EMAIL_FROM`, `from`), and whether it may send \
                                by this user"
                .into()
        }
        (Step::RcptTo, _) => format!(
            "the address may not exist; if it refuses all, it wants a user {address}, or another \
             sender (`EMAIL_FROM`, `from`)"
        ),
        (Step::Data, _) if answered => {
            "look at the sender (`EMAIL_FROM`, `from`) and what its domain allows (SPF, DKIM)"
                .into()
        }
        (Step::Data, _) => return String::new(),
    };
    format!("; {advice}")
}

/// Whether plain text came where TLS was expected, or nothing at all: each side waits for the other.
fn is_no_tls(cause: &Cause) -> bool {
    match cause {
        Cause::Deadline(_) => true,
        Cause::Other(text) => {
            text.contains("corrupt message") || text.contains("InvalidContentType")
        }
        _ => false,
    }
}

fn is_certificate(cause: &Cause) -> bool {
    matches!(cause, Cause::Other(text) if text.contains("certificate"))
}
