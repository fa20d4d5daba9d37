//! How long does a connection to a mail server live?
//!
//! A connection is kept for the next message only after a whole conversation: `lettre`'s own pool
//! takes it back even if a deadline cut the conversation off, and the next message would then read
//! the answers to the one before.
//!
//! A server may write a line that never ends, or ten thousand of them, and each has `lettre` read
//! the whole answer anew. So it is read in small turns, and not without end.

use std::error::Error as _;
use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::extension::ClientId;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::compose::Composed;
use super::server::{Encryption, Tls};
use super::{Mailbox, SmtpServer};
use crate::web::outbound::{BoundedStream, Bounds, Intake};

/// Connections that wait for a next message.
const MAXIMUM_IDLE: usize = 4;
/// A connection that waited longer is not used any more: servers and firewalls end them.
const IDLE_FOR: Duration = Duration::from_secs(30);
/// A conversation is a dozen answers of some lines, and the certificates of TLS.
const BOUNDS: Bounds = Bounds { turn: 512, connection: 64 * 1024 };

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

/// A TCP connection to a mail server.
type Tcp = BoundedStream<TcpStream>;

impl AsyncTokioStream for Tcp {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.get_ref().peer_addr()
    }
}

/// Its turns are counted again above TLS: a record may hold a hundred lines.
impl AsyncTokioStream for BoundedStream<TlsStream<Tcp>> {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.get_ref().get_ref().0.peer_addr()
    }
}

/// A conversation, and how much of it there was.
struct Conversation {
    smtp: AsyncSmtpConnection,
    intake: Intake,
}

struct Idle {
    conversation: Conversation,
    since: Instant,
}

/// Connections to one server.
pub(super) struct Connections {
    server: SmtpServer,
    tls: OnceLock<Tls>,
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
            Ok(outcome) => outcome,
            Err(_) => Err(SendError::Deadline(deadline)),
        }
    }

    async fn converse(&self, message: &Composed, sender: &Mailbox) -> Result<(), SendError> {
        let mut conversation = match self.idle_conversation().await {
            Some(conversation) => conversation,
            None => self.connect(sender).await?,
        };
        conversation.smtp.send(&message.envelope, &message.bytes).await?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MAXIMUM_IDLE && !conversation.intake.is_scarce() {
            idle.push(Idle { conversation, since: Instant::now() });
        }
        Ok(())
    }

    /// A connection that still answers.
    async fn idle_conversation(&self) -> Option<Conversation> {
        loop {
            let newest = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            let Idle { mut conversation, since } = newest;
            if since.elapsed() < IDLE_FOR && conversation.smtp.test_connected().await {
                return Some(conversation);
            }
        }
    }

    async fn connect(&self, sender: &Mailbox) -> Result<Conversation, SendError> {
        let server = &self.server;
        let hello = ClientId::Domain(sender.address().domain().to_owned());
        let refused = |error: io::Error| SendError::Connection(error.to_string());
        let stream = TcpStream::connect((server.host.as_str(), server.port)).await;
        let stream = BoundedStream::new(stream.map_err(refused)?, (), BOUNDS);
        let intake = stream.intake();
        let stream: Box<dyn AsyncTokioStream> = match server.encryption {
            Encryption::Immediate => {
                let (connector, name) = self.tls()?.immediate;
                let stream = connector.connect(name, stream).await.map_err(refused)?;
                Box::new(BoundedStream::new(stream, (), BOUNDS))
            }
            Encryption::StartTls | Encryption::None => Box::new(stream),
        };
        let mut smtp = AsyncSmtpConnection::connect_with_transport(stream, &hello).await?;
        if server.encryption == Encryption::StartTls {
            smtp.starttls(self.tls()?.start_tls, &hello).await?;
        }
        if let Some(credentials) = &server.credentials {
            smtp.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(Conversation { smtp, intake })
    }

    /// Read from the platform once, as late as it is needed.
    fn tls(&self) -> Result<Tls, SendError> {
        match self.tls.get() {
            Some(tls) => Ok(tls.clone()),
            None => {
                let tls = self.server.tls()?;
                Ok(self.tls.get_or_init(|| tls).clone())
            }
        }
    }
}
