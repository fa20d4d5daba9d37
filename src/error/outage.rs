//! The outage: a failure of something that this server counts on, which no request brings about. An
//! attempt that met one is nobody's fault and is not counted.
//!
//! Only what cannot be a verdict is one. A library may call a wrong password an error, a server may
//! hang up after one or let who sent it wait, and one that was not counted could be guessed for ever.

use std::error::Error;
use std::io::{self, ErrorKind};

use super::{AdapterError, AdapterErrorKind, causes};

/// Whether a database failed or nobody was reached, as far as the causes tell.
pub(crate) fn is_outage(error: &(dyn Error + 'static)) -> bool {
    let mut errors = std::iter::once(error).chain(causes(error));
    errors.any(|error| {
        let is_database = |error: &AdapterError| error.kind() == AdapterErrorKind::Unavailable;
        error.downcast_ref().is_some_and(is_database)
    }) || is_unreachable(error)
}

/// Whether nothing was said at all, because there was no connection.
pub(crate) fn is_unreachable(error: &(dyn Error + 'static)) -> bool {
    let mut errors = std::iter::once(error).chain(causes(error));
    errors.any(|error| {
        error.downcast_ref().is_some_and(|error: &io::Error| is_closed_door(error.kind()))
    })
}

fn is_closed_door(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ConnectionRefused
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::NetworkUnreachable
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the directory failed")]
    struct Directory(#[source] io::Error);

    #[test]
    fn r210_an_outage_is_what_can_be_no_verdict() {
        for (error, is_ours, said_nothing) in [
            (io::Error::from(ErrorKind::ConnectionRefused), true, true),
            // What a server does that has heard a wrong password.
            (io::Error::from(ErrorKind::ConnectionReset), false, false),
            (io::Error::from(ErrorKind::BrokenPipe), false, false),
            (io::Error::from(ErrorKind::TimedOut), false, false),
            // What a parser or a check of a password may say.
            (io::Error::from(ErrorKind::InvalidData), false, false),
            (io::Error::from(ErrorKind::PermissionDenied), false, false),
            (io::Error::other("wrong password"), false, false),
        ] {
            let error = Directory(error);
            assert_eq!(is_outage(&error), is_ours, "{error:?}");
            assert_eq!(is_unreachable(&error), said_nothing, "{error:?}");
        }
        assert!(is_outage(&AdapterError::unavailable("no connection")));
        assert!(!is_outage(&AdapterError::duplicate("a row")));
    }
}
