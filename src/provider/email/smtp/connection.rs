//! How long does a connection to a mail server live?
//!
//! A connection is kept for the next message only after a whole conversation: `lettre`'s own pool
//! takes it back even if a deadline cut the conversation off, and the next message would then read
//! the answers to the one before.

use std::error::Error as _;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;

use super::compose::Composed;
use super::server::Encryption;
use super::{Mailbox, SmtpServer};

/// Connections that wait for a next message.
const MAXIMUM_IDLE: usize = 4;
/// A connection that waited longer is not used any more: servers and firewalls end them.
const IDLE_FOR: Duration = Duration::from_secs(30);

/// Why a message was not taken. What the server wrote is not repeated: it may quote the address
/// or whatever else it likes.
#[derive(Debug, thiserror::Error)]
pub(super) enum SendError {
    #[error("the mail server did not take the message within {} s", .0.as_secs_f32())]
    Deadline(Duration),
    #[error("the mail server answered {0}")]
    Status(String),
    #[error("the mail server's answer is not SMTP, or ended too early")]
    Answer,
    #[error("the mail server could not be reached or used: {0}")]
    Connection(String),
}

impl From<SmtpError> for SendError {
    fn from(error: SmtpError) -> Self {
        match error.status() {
            Some(status) => Self::Status(status.to_string()),
            None if error.is_response() => Self::Answer,
            None => {
                // The client's own words, or those of the operating system and of TLS.
                let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
                Self::Connection(cause)
            }
        }
    }
}

struct Idle {
    connection: AsyncSmtpConnection,
    since: Instant,
}

/// Connections to one server.
pub(super) struct Connections {
    server: SmtpServer,
    tls: OnceLock<TlsParameters>,
    idle: Mutex<Vec<Idle>>,
}

impl Connections {
    pub(super) fn new(server: SmtpServer) -> Self {
        Self { server, tls: OnceLock::new(), idle: Mutex::default() }
    }

    /// Hands a message over, within the server's deadline.
    pub(super) async fn send(&self, message: &Composed, sender: &Mailbox) -> Result<(), SendError> {
        let deadline = self.server.deadline;
        match tokio::time::timeout(deadline, self.converse(message, sender)).await {
            Ok(outcome) => outcome.map_err(SendError::from),
            Err(_) => Err(SendError::Deadline(deadline)),
        }
    }

    async fn converse(&self, message: &Composed, sender: &Mailbox) -> Result<(), SmtpError> {
        let mut connection = match self.idle_connection().await {
            Some(connection) => connection,
            None => self.connect(sender).await?,
        };
        connection.send(&message.envelope, &message.bytes).await?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MAXIMUM_IDLE {
            idle.push(Idle { connection, since: Instant::now() });
        }
        Ok(())
    }

    /// A connection that still answers.
    async fn idle_connection(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let newest = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            let Idle { mut connection, since } = newest;
            if since.elapsed() < IDLE_FOR && connection.test_connected().await {
                return Some(connection);
            }
        }
    }

    async fn connect(&self, sender: &Mailbox) -> Result<AsyncSmtpConnection, SmtpError> {
        let server = &self.server;
        let hello = ClientId::Domain(sender.address().domain().to_owned());
        let immediate = match server.encryption {
            Encryption::Immediate => Some(self.tls()?),
            Encryption::StartTls | Encryption::None => None,
        };
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            (server.host.as_str(), server.port),
            Some(server.deadline),
            &hello,
            immediate,
            None,
        )
        .await?;
        if server.encryption == Encryption::StartTls {
            connection.starttls(self.tls()?, &hello).await?;
        }
        if let Some(credentials) = &server.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    /// Read from the platform once, as late as it is needed.
    fn tls(&self) -> Result<TlsParameters, SmtpError> {
        match self.tls.get() {
            Some(parameters) => Ok(parameters.clone()),
            None => {
                let parameters = self.server.tls_parameters()?;
                Ok(self.tls.get_or_init(|| parameters).clone())
            }
        }
    }
}
