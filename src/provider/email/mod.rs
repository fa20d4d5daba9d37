//! Sign-in by e-mail: a link that is sent to an address.

mod delivery;
mod mail_service;
mod message;
#[cfg(feature = "smtp")]
mod smtp;
#[cfg(not(feature = "smtp"))]
mod without_smtp;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::{EmailKind, HasSender, Provider};
use crate::crypto::secret::Secret;
use crate::hooks::{Asynchronous, NoAnswer, erase};
use crate::rule::once;
use crate::rule::slot::{Given, NotGiven, Now, With, slots};
use crate::setting;

pub(crate) use delivery::{Delivery, NotSent};
pub use mail_service::MailService;
pub use message::EmailMessage;
#[cfg(feature = "smtp")]
pub use smtp::{Mailbox, SenderOnce, SmtpServer};

/// A day, in seconds; v4's value.
const MAXIMUM_AGE: i64 = 24 * 60 * 60;

type Normalise = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Sign in by a link that is sent to an address.
///
/// Needs an adapter that keeps users and verification tokens. Messages go to a mail server
/// (feature `smtp`):
///
/// ```
/// # #[cfg(feature = "smtp")]
/// # fn main() -> Result<(), typegate::ConfigError> {
/// use typegate::provider::Email;
///
/// let provider = Email::smtp("smtps://user:password@smtp.example.com".parse()?)
///     .from("Acme <no-reply@acme.example>".parse()?);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "smtp"))]
/// # fn main() {}
/// ```
///
/// to a mail service ([`service`](Email::service)), or to a function of the application's:
///
/// ```
/// use typegate::provider::Email;
///
/// let provider = Email::new(|message| async move {
///     // Give message.to, message.subject, message.text and message.html to a mailer.
///     assert!(message.text.contains(&message.url));
///     Ok(())
/// })
/// .max_age(15 * 60);
/// ```
#[derive(Clone)]
pub struct Email<Sender = Given, T = EmailSlots> {
    definition: EmailDefinition,
    /// The server that still waits for a sender.
    #[cfg(feature = "smtp")]
    server: Option<SmtpServer>,
    types: PhantomData<fn() -> (Sender, T)>,
}

slots! {
    /// What has been told to an [`Email`].
    pub struct EmailSlots: EmailTold for Email<Sender> {
        email_id,
        email_name,
        max_age,
        email_secret,
        email_normalisation,
    }
}

/// The record of an e-mail provider.
#[derive(Clone)]
#[non_exhaustive]
pub struct EmailDefinition {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) maximum_age: i64,
    pub(crate) secret: Option<Secret>,
    pub(crate) delivery: Delivery,
    pub(crate) normalise: Option<Arc<Normalise>>,
    pub(crate) asks_before_sign_in: bool,
}

impl fmt::Debug for EmailDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmailDefinition").field("id", &self.id).finish_non_exhaustive()
    }
}

impl<Sender, T> fmt::Debug for Email<Sender, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Email").field(&self.definition.id).finish()
    }
}

impl EmailDefinition {
    fn new(delivery: Delivery) -> Self {
        Self {
            id: "email".into(),
            name: "Email".into(),
            maximum_age: MAXIMUM_AGE,
            secret: None,
            delivery,
            normalise: None,
            asks_before_sign_in: false,
        }
    }
}

#[typegate_macros::__unquoted]
impl Email {
    /// A provider that sends by that function. An error of it is logged, and the visitor is told
    /// that the message could not be sent.
    #[must_use]
    pub fn new<F, R>(send: F) -> Self
    where
        F: Fn(EmailMessage) -> R + Send + Sync + 'static,
        R: Asynchronous<Answer: NoAnswer> + Send + 'static,
    {
        Self {
            definition: EmailDefinition::new(Delivery::Function(erase(send))),
            #[cfg(feature = "smtp")]
            server: None,
            types: PhantomData,
        }
    }

    /// A provider that hands its messages to a mail service; id and name are the service's.
    ///
    /// ```
    /// # #[cfg(feature = "catalog")] {
    /// use typegate::provider::catalog::Resend;
    /// use typegate::provider::Email;
    ///
    /// let provider = Email::service(Resend::builder().key("key").from("Acme <no-reply@acme.example>").build());
    /// # }
    /// ```
    #[must_use]
    pub fn service(service: impl MailService) -> Self {
        let (id, name) = (service.id().into(), service.name().into());
        let delivery = Delivery::Service(Arc::new(service));
        Self {
            definition: EmailDefinition { id, name, ..EmailDefinition::new(delivery) },
            #[cfg(feature = "smtp")]
            server: None,
            types: PhantomData,
        }
    }
}

#[typegate_macros::__unquoted]
impl<Sender, T: EmailTold> Email<Sender, T> {
    /// The id, `email` by default.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Email<Sender, With<T, setting::email_id>>
    where
        Now<T, setting::email_id>: once::email_id,
    {
        self.definition.id = id.into();
        self.retyped()
    }

    /// The name people read, `Email` by default.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Email<Sender, With<T, setting::email_name>>
    where
        Now<T, setting::email_name>: once::email_name,
    {
        self.definition.name = name.into();
        self.retyped()
    }

    /// For how many seconds a link is good; a day by default.
    #[must_use]
    pub fn max_age(mut self, seconds: u32) -> Email<Sender, With<T, setting::max_age>>
    where
        Now<T, setting::max_age>: once::max_age,
    {
        self.definition.maximum_age = i64::from(seconds);
        self.retyped()
    }

    /// A secret of its own for the hashes of stored tokens, in the place of the application's.
    #[must_use]
    pub fn secret(mut self, secret: Secret) -> Email<Sender, With<T, setting::email_secret>>
    where
        Now<T, setting::email_secret>: once::email_secret,
    {
        self.definition.secret = Some(secret);
        self.retyped()
    }

    /// Shows a button behind the link, and signs in when it is pressed.
    ///
    /// Without it, as in v4, opening the link signs in; programs that open the links of incoming
    /// messages to look for malware then use it up, and its owner reads that it is no longer
    /// valid.
    #[must_use]
    pub fn ask_before_sign_in(mut self) -> Self {
        self.definition.asks_before_sign_in = true;
        self
    }

    /// The application's own rule for addresses; `None` refuses. What it returns is parsed as an
    /// [`EmailAddress`](crate::EmailAddress) before it is looked up, stored, put into the link and
    /// given to the mailer: anything but one plain address is refused.
    #[must_use]
    pub fn normalise(
        mut self,
        normalise: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Email<Sender, With<T, setting::email_normalisation>>
    where
        Now<T, setting::email_normalisation>: once::email_normalisation,
    {
        self.definition.normalise = Some(Arc::new(normalise));
        self.retyped()
    }
}

#[typegate_macros::__unquoted]
impl<Sender, T> Email<Sender, T> {
    /// In whose name messages are sent, such as `Acme <no-reply@acme.example>`.
    #[cfg(feature = "smtp")]
    #[cfg_attr(docsrs, doc(cfg(feature = "smtp")))]
    #[must_use]
    pub fn from(self, sender: Mailbox) -> Email<Given, T>
    where
        Sender: SenderOnce,
    {
        let Self { mut definition, server, .. } = self;
        if let Some(server) = server {
            definition.delivery = smtp::delivery(server, sender);
        }
        Email { definition, server: None, types: PhantomData }
    }

    fn retyped<S, U>(self) -> Email<S, U> {
        Email {
            definition: self.definition,
            #[cfg(feature = "smtp")]
            server: self.server,
            types: PhantomData,
        }
    }
}

/// There is none: a server without a sender says here, too, that one is missing.
#[doc(hidden)]
impl<T> From<Email<NotGiven, T>> for Email
where
    Email<NotGiven, T>: Provider,
{
    fn from(told: Email<NotGiven, T>) -> Self {
        told.retyped()
    }
}

impl<Sender: HasSender, T> Provider for Email<Sender, T> {
    type Kind = EmailKind;

    fn into_definition(self) -> EmailDefinition {
        self.definition
    }
}
