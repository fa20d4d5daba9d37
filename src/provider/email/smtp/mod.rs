//! Delivery to a mail server: SMTP (RFC 5321) by `lettre`, with TLS wherever the network is not the
//! machine's own.

mod compose;
mod connection;
mod failure;
mod mailbox;
mod server;

use std::marker::PhantomData;
use std::sync::Arc;

use connection::Connections;
pub use mailbox::Mailbox;
pub use server::SmtpServer;

use super::{Delivery, Email, EmailDefinition, EmailMessage, NotSent};
use crate::error::{CallbackError, ConfigError};
use crate::rule::explained;
use crate::rule::slot::NotGiven;
use crate::runtime::containment::contained;
use crate::runtime::environment::{environment, needed};

explained! { SENDER_ONCE
    /// Rule 9: an e-mail provider that waits for its sender: the call of [`Email::from`].
    pub trait SenderOnce {}
}

#[diagnostic::do_not_recommend]
impl SenderOnce for NotGiven {}

impl Email<NotGiven> {
    /// A provider that hands its messages to a mail server. It still needs a sender, by
    /// [`from`](Email::from).
    #[must_use]
    pub fn smtp(server: SmtpServer) -> Self {
        let unsent = |_| std::future::ready(Err(CallbackError::new("there is no sender")));
        Self {
            definition: EmailDefinition::new(Delivery::Function(contained(
                unsent,
                CallbackError::new,
            ))),
            server: Some(server),
            types: PhantomData,
        }
    }
}

impl Email {
    /// Reads `EMAIL_SERVER`, the URL of a mail server, and `EMAIL_FROM`, as NextAuth's users have
    /// them.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set or cannot be read.
    pub fn from_env() -> Result<Self, ConfigError> {
        let variable = |name: &str| needed(name, environment(name));
        let server: SmtpServer = variable("EMAIL_SERVER")?.parse()?;
        Ok(Email::smtp(server).from(variable("EMAIL_FROM")?.parse()?))
    }
}

pub(super) fn delivery(server: SmtpServer, sender: Mailbox) -> Delivery {
    let mailer = Arc::new(Mailer { connections: Connections::new(server), sender });
    let reached = Arc::clone(&mailer);
    let send = move |message| {
        let mailer = Arc::clone(&mailer);
        async move { mailer.send(&message).await }
    };
    let reach = move |()| {
        let mailer = Arc::clone(&reached);
        async move {
            let outcome = mailer.connections.reach(&mailer.sender).await;
            outcome.map_err(NotSent::ours)
        }
    };
    Delivery::Server {
        send: contained(send, NotSent::counted),
        reach: contained(reach, NotSent::ours),
    }
}

/// One mail server and one sender.
struct Mailer {
    connections: Connections,
    sender: Mailbox,
}

impl Mailer {
    async fn send(&self, message: &EmailMessage) -> Result<(), NotSent> {
        let composed = compose::compose(&self.sender, message).map_err(NotSent::counted)?;
        self.connections.send(&composed, &self.sender).await.map_err(|error| {
            let is_counted = error.is_counted();
            NotSent { error: error.into(), is_counted }
        })
    }
}
