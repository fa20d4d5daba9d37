//! The mail server, and how it is reached.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use percent_encoding::percent_decode_str;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls_platform_verifier::Verifier;
use tokio_rustls::TlsConnector;
use url::Url;

use crate::crypto::{tls_client, tls_provider};
use crate::error::ConfigError;

/// RFC 6409.
const SUBMISSION_PORT: u16 = 587;
/// RFC 8314 section 7.3.
const SUBMISSIONS_PORT: u16 = 465;
/// For one message: connecting, TLS, authentication and the message itself.
const DEADLINE: Duration = Duration::from_secs(10);

/// When a connection is encrypted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Encryption {
    /// From its first byte (`smtps:`).
    Immediate,
    /// By STARTTLS (RFC 3207), before anything else is said.
    StartTls,
    /// Never.
    None,
}

/// A mail server that takes messages for delivery.
///
/// Parsed from a URL: `smtps://user:password@smtp.example.com` encrypts from the start (port
/// 465); `smtp://user:password@smtp.example.com` has to offer STARTTLS (port 587), save on this
/// machine, where nothing is encrypted. Special characters of user and password are
/// percent-encoded.
///
/// `Debug` does not show user and password.
///
/// ```
/// use typegate::provider::SmtpServer;
///
/// let server: SmtpServer = "smtps://user:p%40ss@smtp.example.com".parse()?;
/// assert!(!format!("{server:?}").contains("ss@"));
/// assert!("https://smtp.example.com".parse::<SmtpServer>().is_err());
/// # Ok::<(), typegate::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct SmtpServer {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    pub(super) credentials: Option<Credentials>,
    /// User and password, which no message repeats.
    pub(super) secrets: Vec<String>,
    pub(super) deadline: Duration,
    roots: Vec<CertificateDer<'static>>,
}

/// How the server is known to be the right one: TLS from the first byte is ours, because `lettre`
/// would open the connection itself.
#[derive(Clone)]
pub(super) struct Tls {
    pub(super) immediate: (TlsConnector, ServerName<'static>),
    pub(super) start_tls: TlsParameters,
}

impl SmtpServer {
    /// How long sending one message may take, connecting included; 10 s by default. The visitor
    /// waits for it.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Trusts one more certificate authority, given as PEM, for a server inside an organisation.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the text holds no certificate.
    pub fn certificate_authority(mut self, pem: &str) -> Result<Self, ConfigError> {
        let certificates: Result<Vec<_>, _> =
            CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
        let certificates = certificates.ok().filter(|certificates| !certificates.is_empty());
        let refused = || ConfigError::new("the text is no certificate in PEM");
        self.roots.extend(certificates.ok_or_else(refused)?);
        Ok(self)
    }

    /// Requires STARTTLS of a server on this machine, too.
    #[must_use]
    pub fn require_tls(mut self) -> Self {
        if self.encryption == Encryption::None {
            self.encryption = Encryption::StartTls;
        }
        self
    }

    /// Sends password and links in the clear to a server that is not this machine, such as a
    /// mail catcher in another container. Whoever sees them is signed in.
    #[must_use]
    pub fn dangerously_without_tls(mut self) -> Self {
        self.encryption = Encryption::None;
        self
    }

    /// How the server's certificate is checked: by the platform's authorities and those named.
    pub(super) fn tls(&self) -> Result<Tls, String> {
        let refused = |error: &dyn fmt::Display| error.to_string();
        let mut start_tls = TlsParameters::builder(self.host.clone());
        for root in &self.roots {
            let root = Certificate::from_der(root.to_vec()).map_err(|error| refused(&error))?;
            start_tls = start_tls.add_root_certificate(root);
        }
        let name = ServerName::try_from(self.host.clone()).map_err(|error| refused(&error))?;
        let verifier = Verifier::new_with_extra_roots(self.roots.clone(), tls_provider());
        let config = verifier.and_then(tls_client).map_err(|error| refused(&error))?;
        Ok(Tls {
            immediate: (TlsConnector::from(Arc::new(config)), name),
            start_tls: start_tls.build().map_err(|error| refused(&error))?,
        })
    }
}

impl fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpServer")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("encryption", &self.encryption)
            .finish_non_exhaustive()
    }
}

/// The address holds a password, so no part of it is repeated.
fn refused(what: &str) -> ConfigError {
    ConfigError::new(format!(
        "the mail server's address {what}; it is written \
         `smtps://user:password@smtp.example.com`, with special characters of user and password \
         percent-encoded"
    ))
}

impl FromStr for SmtpServer {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let url = Url::parse(text.trim()).map_err(|_| refused("is no URL"))?;
        let (immediate, port) = match url.scheme() {
            "smtps" => (true, SUBMISSIONS_PORT),
            "smtp" => (false, SUBMISSION_PORT),
            _ => return Err(refused("is neither `smtp:` nor `smtps:`")),
        };
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| refused("names no host"))?;
        let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(refused("has a path, a query or a fragment, and nothing reads them"));
        }
        let decode = |text: &str| {
            let text = percent_decode_str(text).decode_utf8();
            text.map(|text| text.into_owned()).map_err(|_| refused("is not UTF-8"))
        };
        let mut secrets = Vec::new();
        let credentials = match (decode(url.username())?, url.password().map(decode)) {
            (user, None) if user.is_empty() => None,
            (user, Some(password)) => {
                let password = password?;
                secrets.extend([password.clone(), user.clone()]);
                // v4's default settings have both, empty, and mean nobody.
                let is_empty = user.is_empty() && password.is_empty();
                (!is_empty).then(|| Credentials::new(user, password))
            }
            (_, None) => return Err(refused("has a user and no password")),
        };
        let encryption = match immediate {
            true => Encryption::Immediate,
            false if is_this_machine(&host) => Encryption::None,
            false => Encryption::StartTls,
        };
        let port = url.port().unwrap_or(port);
        let (deadline, roots) = (DEADLINE, Vec::new());
        Ok(Self { host, port, encryption, credentials, secrets, deadline, roots })
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(text: &str) -> (String, u16, Encryption, Option<Credentials>) {
        let server: SmtpServer = text.parse().unwrap();
        (server.host, server.port, server.encryption, server.credentials)
    }

    #[test]
    fn addresses_are_read_as_nodemailer_reads_them() {
        let ada = || Some(Credentials::new("ada".into(), "p@ss:/#?".into()));
        for (text, host, port, encryption, credentials) in [
            ("smtps://smtp.example.com", "smtp.example.com", 465, Encryption::Immediate, None),
            ("smtp://smtp.example.com", "smtp.example.com", 587, Encryption::StartTls, None),
            ("smtp://smtp.example.com:2525/", "smtp.example.com", 2525, Encryption::StartTls, None),
            ("smtp://LOCALHOST:1025", "localhost", 1025, Encryption::None, None),
            ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, Encryption::None, None),
            ("smtp://[::1]:1025", "::1", 1025, Encryption::None, None),
            ("smtps://localhost", "localhost", 465, Encryption::Immediate, None),
            (
                "smtps://ada:p%40ss%3A%2F%23%3F@smtp.example.com",
                "smtp.example.com",
                465,
                Encryption::Immediate,
                ada(),
            ),
            ("smtp://:@localhost:25", "localhost", 25, Encryption::None, None),
        ] {
            assert_eq!(server(text), (host.to_owned(), port, encryption, credentials), "{text}");
        }
        let plain: SmtpServer = "smtp://mailpit:1025".parse().unwrap();
        assert_eq!(plain.encryption, Encryption::StartTls);
        assert_eq!(plain.dangerously_without_tls().encryption, Encryption::None);
        let local: SmtpServer = "smtp://localhost".parse().unwrap();
        assert_eq!(local.require_tls().encryption, Encryption::StartTls);
    }

    #[test]
    fn r158_a_refused_address_is_not_repeated() {
        for bad in [
            "",
            "smtp.example.com",
            "https://ada:s3cr3t@smtp.example.com",
            "smtp://ada:s3cr3t@",
            "smtp://ada@smtp.example.com",
            "smtp://ada:s3cr3t@smtp.example.com/path",
            "smtp://ada:s3cr3t@smtp.example.com?tls.rejectUnauthorized=false",
            "smtp://ada:s3#cr3t@smtp.example.com",
            "smtp://ada:%ff@smtp.example.com",
        ] {
            let error = bad.parse::<SmtpServer>().unwrap_err().to_string();
            assert!(!error.contains("cr3t") && !error.contains("ada"), "{error}");
        }
        let server: SmtpServer = "smtp://ada:s3cr3t@smtp.example.com".parse().unwrap();
        let shown = format!("{server:?}");
        assert!(!shown.contains("s3cr3t") && !shown.contains("ada"), "{shown}");
        assert!(server.certificate_authority("no certificate").is_err());
    }
}
