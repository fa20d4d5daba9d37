//! Advice about requests that had no answer: what the usual reasons are called, and what helps.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::CertificateError;

use super::of_client;

/// No whole answer came in time.
#[derive(Debug, thiserror::Error)]
#[error("no whole answer within {} s", .0.as_secs_f32())]
pub(super) struct TooLate(pub(super) Duration);

/// What to do where a peer was not reached, or broke off. Another client than the default one may
/// say less of its reasons.
pub(super) fn of_connection(error: &(dyn Error + 'static)) -> Option<&'static str> {
    std::iter::successors(Some(of_client(error)), |error| inner(*error)).find_map(of_one)
}

/// The cause of an error. Of one that `io::Error` wraps, its `source` is the cause of that one.
fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source())
}

fn of_one(error: &(dyn Error + 'static)) -> Option<&'static str> {
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(of_tls(error));
    }
    if error.is::<TooLate>() || error.is::<tokio::time::error::Elapsed>() {
        return Some(TOO_LATE);
    }
    // The system's resolver has no kind of its own.
    let text = error.to_string();
    if text == "dns error" || text.contains("failed to lookup address") {
        return Some(
            "DNS, as this machine asks it, knows no address of that host: look for a misspelling, \
             and at the name server that this machine or container uses",
        );
    }
    match error.downcast_ref::<io::Error>()?.kind() {
        io::ErrorKind::ConnectionRefused => Some(
            "nothing listens at that host and port: look for a misspelling, and whether the \
             provider runs",
        ),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => Some(
            "this machine has no way there: see its routes and its firewall, and whether it needs \
             a proxy (`HTTPS_PROXY`)",
        ),
        io::ErrorKind::TimedOut => Some(TOO_LATE),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => Some(
            "the connection was broken off: a firewall or a proxy in between may do that, or the \
             port speaks another protocol",
        ),
        _ => None,
    }
}

const TOO_LATE: &str = "the provider is slow, or a firewall drops what is sent there: see that this \
                        machine reaches it; `DefaultHttpClient::with_deadline` waits longer";

fn of_tls(error: &rustls::Error) -> &'static str {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "this machine does not know the authority that signed the certificate: install the \
             authority's certificate, or the package `ca-certificates`; a proxy that opens TLS has \
             one of its own"
        }
        rustls::Error::InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        ) => "the certificate is not good at this time: see the clock of this machine",
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "the certificate is for another host: look for a misspelling in the address",
        rustls::Error::InvalidCertificate(_) => {
            "the certificate is not accepted; other programs on this machine will say the same"
        }
        rustls::Error::InvalidMessage(_) => {
            "TLS is not spoken at that port: see the scheme and the port of the address"
        }
        _ => "the TLS connection could not be made",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::outbound::NoAnswer;

    #[test]
    fn the_usual_reasons_are_told_apart_however_they_are_wrapped() {
        let of = |error: io::Error| of_connection(&io::Error::other(error)).unwrap();
        let tls = |error: CertificateError| {
            of(io::Error::other(rustls::Error::InvalidCertificate(error)))
        };
        for (said, expected) in [
            (of(io::ErrorKind::ConnectionRefused.into()), "nothing listens"),
            (of(io::ErrorKind::ConnectionReset.into()), "broken off"),
            (
                of_connection(&NoAnswer(io::Error::from(io::ErrorKind::TimedOut).into())).unwrap(),
                "is slow",
            ),
            (of(io::ErrorKind::TimedOut.into()), "`DefaultHttpClient::with_deadline`"),
            (of(io::Error::other(TooLate(Duration::from_secs(3)))), "is slow"),
            (of(io::Error::other("dns error")), "DNS"),
            (tls(CertificateError::UnknownIssuer), "authority"),
            (tls(CertificateError::Expired), "clock"),
            (tls(CertificateError::NotValidForName), "another host"),
            (tls(CertificateError::Revoked), "not accepted"),
        ] {
            assert!(said.contains(expected), "{said}");
        }
        assert_eq!(of_connection(&io::Error::other("what else")), None);
    }
}
