//! A mail server on loopback that speaks SMTP (RFC 5321, 3207, 4954), writes everything down, and
//! misbehaves on command.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// A point in the conversation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum At {
    Greeting,
    Hello,
    StartTls,
    Auth,
    MailFrom,
    RcptTo,
    Data,
    Message,
}

/// What happens there instead of what should.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Answer(&'static str),
    Close,
    Silence,
}

/// How the server is set up.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Setup {
    pub(crate) offers_starttls: bool,
    pub(crate) is_tls_from_the_start: bool,
    pub(crate) credentials: Option<(&'static str, &'static str)>,
    pub(crate) fault: Option<(At, Fault)>,
}

/// A message that was taken.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) from: String,
    pub(crate) recipients: Vec<String>,
    pub(crate) data: String,
    pub(crate) is_encrypted: bool,
    pub(crate) is_authenticated: bool,
}

impl Received {
    /// The value of a header that stands there once.
    pub(crate) fn header(&self, name: &str) -> String {
        let head = self.data.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let mut values = head.split("\r\n").filter_map(|line| line.split_once(": "));
        let value = values.find(|(candidate, _)| candidate.eq_ignore_ascii_case(name));
        assert!(values.all(|(candidate, _)| !candidate.eq_ignore_ascii_case(name)), "{head}");
        value.unwrap_or_else(|| panic!("{name} in {head}")).1.to_owned()
    }
}

#[derive(Default)]
struct Notes {
    received: Vec<Received>,
    /// Messages that came whole, taken or not.
    seen: Vec<Received>,
    /// Everything that came in before encryption.
    in_the_clear: String,
    connections: usize,
}

pub(crate) struct MailServer {
    port: u16,
    notes: Arc<Mutex<Notes>>,
}

impl MailServer {
    pub(crate) async fn start(setup: Setup) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let notes: Arc<Mutex<Notes>> = Arc::default();
        let shared = Arc::clone(&notes);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                let notes = Arc::clone(&shared);
                // A client that goes away ends its conversation and nothing else.
                tokio::spawn(async move { drop(serve(stream, setup, &notes).await) });
            }
        });
        Self { port, notes }
    }

    /// Its address, with user and password as they stand in a URL.
    pub(crate) fn url(&self, scheme: &str, user: &str) -> String {
        format!("{scheme}://{user}localhost:{}", self.port)
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.notes.lock().unwrap().received.clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.notes.lock().unwrap().received.len()
    }

    pub(crate) fn last(&self) -> Received {
        self.notes.lock().unwrap().received.last().unwrap().clone()
    }

    pub(crate) fn seen(&self) -> Vec<Received> {
        self.notes.lock().unwrap().seen.clone()
    }

    pub(crate) fn in_the_clear(&self) -> String {
        self.notes.lock().unwrap().in_the_clear.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.notes.lock().unwrap().connections
    }
}

pub(crate) fn certificate(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/email/certificates").join(name)
}

fn acceptor() -> TlsAcceptor {
    let chain = CertificateDer::from_pem_file(certificate("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(certificate("server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![chain], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(stream: TcpStream, setup: Setup, notes: &Mutex<Notes>) -> io::Result<()> {
    if setup.is_tls_from_the_start {
        let stream = acceptor().accept(stream).await?;
        Conversation::new(stream, setup, notes, true).run(true).await?;
        return Ok(());
    }
    let mut plain = Conversation::new(stream, setup, notes, false);
    if plain.run(true).await? == End::StartTls {
        let stream = acceptor().accept(plain.stream.into_inner()).await?;
        Conversation::new(stream, setup, notes, true).run(false).await?;
    }
    Ok(())
}

#[derive(Eq, PartialEq)]
enum End {
    Closed,
    StartTls,
}

struct Conversation<'a, S> {
    stream: BufReader<S>,
    setup: Setup,
    notes: &'a Mutex<Notes>,
    is_encrypted: bool,
    is_authenticated: bool,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Conversation<'a, S> {
    fn new(stream: S, setup: Setup, notes: &'a Mutex<Notes>, is_encrypted: bool) -> Self {
        let stream = BufReader::new(stream);
        Self { stream, setup, notes, is_encrypted, is_authenticated: false }
    }

    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line).await?;
        if !self.is_encrypted {
            self.notes.lock().unwrap().in_the_clear.push_str(&line);
        }
        if line.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(line) }
    }

    /// Answers, unless something else is to happen here; whether it did what it should.
    async fn answer(&mut self, at: At, text: &str) -> io::Result<bool> {
        let fault = self.setup.fault.filter(|(place, _)| *place == at).map(|(_, fault)| fault);
        match fault {
            None => {
                self.stream.write_all(format!("{text}\r\n").as_bytes()).await?;
                Ok(true)
            }
            Some(Fault::Answer(text)) => {
                self.stream.write_all(format!("{text}\r\n").as_bytes()).await?;
                Ok(false)
            }
            Some(Fault::Close) => Err(io::ErrorKind::ConnectionAborted.into()),
            Some(Fault::Silence) => {
                std::future::pending::<()>().await;
                Ok(false)
            }
        }
    }

    async fn run(&mut self, greets: bool) -> io::Result<End> {
        if greets {
            self.answer(At::Greeting, "220 mail.test ESMTP").await?;
        }
        let (mut from, mut recipients) = (String::new(), Vec::new());
        loop {
            let line = self.line().await?;
            let line = line.trim_end();
            let path = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
            match line.split(' ').next().unwrap_or_default() {
                "EHLO" => {
                    let starttls = self.setup.offers_starttls && !self.is_encrypted;
                    let starttls = if starttls { "250-STARTTLS\r\n" } else { "" };
                    let auth = self.setup.credentials.map_or("", |_| "250-AUTH PLAIN LOGIN\r\n");
                    let hello =
                        format!("250-mail.test\r\n{starttls}{auth}250-SMTPUTF8\r\n250 8BITMIME");
                    self.answer(At::Hello, &hello).await?;
                }
                "STARTTLS" => {
                    if self.answer(At::StartTls, "220 go ahead").await? {
                        return Ok(End::StartTls);
                    }
                }
                "AUTH" => self.authenticate(line).await?,
                "MAIL" => {
                    if self.answer(At::MailFrom, "250 ok").await? {
                        from = path();
                    }
                }
                "RCPT" => {
                    if self.answer(At::RcptTo, "250 ok").await? {
                        recipients.push(path());
                    }
                }
                "DATA" => {
                    if self.answer(At::Data, "354 go on").await? {
                        let data = self.data().await?;
                        let received = Received {
                            from: std::mem::take(&mut from),
                            recipients: std::mem::take(&mut recipients),
                            data,
                            is_encrypted: self.is_encrypted,
                            is_authenticated: self.is_authenticated,
                        };
                        self.notes.lock().unwrap().seen.push(received.clone());
                        if self.answer(At::Message, "250 taken").await? {
                            self.notes.lock().unwrap().received.push(received);
                        }
                    }
                }
                "NOOP" => self.stream.write_all(b"250 ok\r\n").await?,
                "QUIT" => {
                    self.stream.write_all(b"221 bye\r\n").await?;
                    return Ok(End::Closed);
                }
                _ => self.stream.write_all(b"500 what?\r\n").await?,
            }
        }
    }

    async fn authenticate(&mut self, line: &str) -> io::Result<()> {
        use base64::Engine as _;
        let given = line.strip_prefix("AUTH PLAIN ").unwrap_or_default();
        let given = base64::engine::general_purpose::STANDARD.decode(given).unwrap_or_default();
        let expected =
            self.setup.credentials.map(|(user, password)| format!("\0{user}\0{password}"));
        self.is_authenticated = expected.is_some_and(|expected| expected.as_bytes() == given);
        let text = if self.is_authenticated { "235 welcome" } else { "535 who is ada?" };
        self.answer(At::Auth, text).await?;
        Ok(())
    }

    async fn data(&mut self) -> io::Result<String> {
        let mut data = String::new();
        loop {
            let line = self.line().await?;
            if line == ".\r\n" {
                return Ok(data);
            }
            data.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
    }
}
