//! Connections to a mail server, and how long they live.
//!
//! A connection is kept for the next message only after a whole conversation: `lettre`'s own pool
//! takes it back even if a deadline cut the conversation off, and the next message would then read
//! the answers to the one before.
//!
//! A server may write a line that never ends, or ten thousand of them, and each has `lettre` read
//! the whole answer anew. So it is read in small turns, and not without end.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::compose::Composed;
use super::failure::{Cause, SendError, Step};
use super::server::{Encryption, Tls};
use super::{Mailbox, SmtpServer};
use crate::web::outbound::{BoundedStream, Bounds, Intake};

/// Connections that wait for a next message.
const MAXIMUM_IDLE: usize = 4;
/// A connection that waited longer is not used any more: servers and firewalls end them.
const IDLE_FOR: Duration = Duration::from_secs(30);
/// A conversation is a dozen answers of some lines, and the certificates of TLS.
const BOUNDS: Bounds = Bounds { turn: 512, connection: 64 * 1024 };

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
        let end = Instant::now() + self.server.deadline;
        let mut conversation = match self.idle_conversation(end).await {
            Some(conversation) => conversation,
            None => self.connect(sender, &message.recipients(), end).await?,
        };
        if let Err(error) = self.transact(&mut conversation.smtp, message, end).await {
            if matches!(error.cause, Cause::Status { .. }) {
                let ending = conversation.smtp.abort();
                let _ = tokio::time::timeout_at(end.into(), ending).await;
            }
            return Err(error);
        }
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MAXIMUM_IDLE && !conversation.intake.is_scarce() {
            idle.push(Idle { conversation, since: Instant::now() });
        }
        Ok(())
    }

    /// Opens a conversation and ends it, within the server's deadline.
    pub(super) async fn reach(&self, sender: &Mailbox) -> Result<(), SendError> {
        let end = Instant::now() + self.server.deadline;
        let mut conversation = self.connect(sender, &[], end).await?;
        let ending = conversation.smtp.abort();
        let _ = tokio::time::timeout_at(end.into(), ending).await;
        Ok(())
    }

    /// One message (RFC 5321 section 3.3), a step at a time, so that a failure says at which.
    async fn transact(
        &self,
        smtp: &mut AsyncSmtpConnection,
        message: &Composed,
        end: Instant,
    ) -> Result<(), SendError> {
        let Composed { envelope, bytes } = message;
        let sent = message.recipients();
        let mut options = Vec::new();
        let from = envelope.from().map(AsRef::<str>::as_ref);
        if sent.iter().chain(from.iter()).any(|address| !address.is_ascii()) {
            self.offered(smtp, Extension::SmtpUtfEight, "SMTPUTF8, which the address needs")?;
            options.push(MailParameter::SmtpUtfEight);
        }
        if !bytes.is_ascii() {
            self.offered(smtp, Extension::EightBitMime, "8BITMIME, which the message needs")?;
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let mail = smtp.command(Mail::new(envelope.from().cloned(), options));
        self.at(Step::MailFrom, end, &sent, mail).await?;
        for recipient in envelope.to() {
            let recipient = smtp.command(Rcpt::new(recipient.clone(), Vec::new()));
            self.at(Step::RcptTo, end, &sent, recipient).await?;
        }
        self.at(Step::Data, end, &sent, smtp.command(Data)).await?;
        self.at(Step::Data, end, &sent, smtp.message(bytes)).await?;
        Ok(())
    }

    fn offered(
        &self,
        smtp: &AsyncSmtpConnection,
        extension: Extension,
        what: &'static str,
    ) -> Result<(), SendError> {
        match smtp.server_info().supports_feature(extension) {
            true => Ok(()),
            false => Err(self.failed(Step::MailFrom, Cause::Unsupported(what))),
        }
    }

    /// Awaits one step, until the message's time is over.
    async fn at<T>(
        &self,
        step: Step,
        end: Instant,
        sent: &[&str],
        work: impl Future<Output = Result<T, SmtpError>>,
    ) -> Result<T, SendError> {
        let cause = match tokio::time::timeout_at(end.into(), work).await {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(error)) => Cause::of(&error, sent),
            Err(_) => Cause::Deadline(self.server.deadline),
        };
        Err(self.failed(step, cause))
    }

    fn failed(&self, step: Step, cause: Cause) -> SendError {
        let SmtpServer { host, port, encryption, .. } = &self.server;
        let server = format!("{host}:{port}");
        SendError { server, port: *port, encryption: *encryption, step, cause }
    }

    /// A connection that still answers.
    async fn idle_conversation(&self, end: Instant) -> Option<Conversation> {
        loop {
            let newest = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            let Idle { mut conversation, since } = newest;
            let answers = tokio::time::timeout_at(end.into(), conversation.smtp.test_connected());
            if since.elapsed() < IDLE_FOR && answers.await.unwrap_or(false) {
                return Some(conversation);
            }
        }
    }

    /// Opens a conversation, up to where a message may follow. What is said of a failure does not say
    /// for whom it is: a server may know that from a conversation before.
    async fn connect(
        &self,
        sender: &Mailbox,
        recipients: &[&str],
        end: Instant,
    ) -> Result<Conversation, SendError> {
        let server = &self.server;
        let hello = ClientId::Domain(sender.address().domain().to_owned());
        let connecting = TcpStream::connect((server.host.as_str(), server.port));
        let stream = self.opened(Step::Connect, end, connecting).await?;
        let stream = BoundedStream::new(stream, (), BOUNDS);
        let intake = stream.intake();
        let stream: Box<dyn AsyncTokioStream> = match server.encryption {
            Encryption::Immediate => {
                let (connector, name) = self.tls(Step::Tls)?.immediate;
                let stream = self.opened(Step::Tls, end, connector.connect(name, stream)).await?;
                Box::new(BoundedStream::new(stream, (), BOUNDS))
            }
            Encryption::StartTls | Encryption::None => Box::new(stream),
        };
        let greeting = AsyncSmtpConnection::connect_with_transport(stream, &hello);
        let mut smtp = self.at(Step::Hello, end, recipients, greeting).await?;
        if server.encryption == Encryption::StartTls {
            let tls = self.tls(Step::StartTls)?.start_tls;
            self.at(Step::StartTls, end, recipients, smtp.starttls(tls, &hello)).await?;
        }
        if let Some(credentials) = &server.credentials {
            let secrets = server.secrets.iter().map(String::as_str);
            let secrets: Vec<_> = secrets.chain(recipients.iter().copied()).collect();
            self.at(Step::Auth, end, &secrets, smtp.auth(DEFAULT_MECHANISMS, credentials)).await?;
        }
        Ok(Conversation { smtp, intake })
    }

    async fn opened<T>(
        &self,
        step: Step,
        end: Instant,
        work: impl Future<Output = io::Result<T>>,
    ) -> Result<T, SendError> {
        let cause = match tokio::time::timeout_at(end.into(), work).await {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(error)) => Cause::Other(error.to_string()),
            Err(_) => Cause::Deadline(self.server.deadline),
        };
        Err(self.failed(step, cause))
    }

    /// Read from the platform once, as late as it is needed.
    fn tls(&self, step: Step) -> Result<Tls, SendError> {
        match self.tls.get() {
            Some(tls) => Ok(tls.clone()),
            None => {
                let tls = self.server.tls();
                let tls = tls.map_err(|error| self.failed(step, Cause::Other(error)))?;
                Ok(self.tls.get_or_init(|| tls).clone())
            }
        }
    }
}
