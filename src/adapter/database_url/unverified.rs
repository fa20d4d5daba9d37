//! The warning about unverified servers: a connection to another machine works without a checked
//! certificate, and somebody in between can read and change what passes. Unless the address asks
//! for that explicitly, a warning is logged.

use std::net::IpAddr;

/// What an address asks of the server's certificate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::adapter) enum Protection {
    /// It is checked.
    Verified,
    /// No TLS, and the address says so.
    Declined,
    /// TLS if the server offers it, or TLS with whoever answers.
    Unverified,
}

/// Warns where it matters and where nobody has decided so.
pub(in crate::adapter) fn warn_unverified(
    database: &str,
    host: Option<&str>,
    protection: Protection,
    verify: &str,
    decline: &str,
) {
    if let Some(warning) = warning(database, host, protection, verify, decline) {
        crate::log::warning(&warning);
    }
}

/// `host` is none where the connection is a socket of this machine.
fn warning(
    database: &str,
    host: Option<&str>,
    protection: Protection,
    verify: &str,
    decline: &str,
) -> Option<String> {
    let host = host.filter(|host| !is_this_machine(host))?;
    (protection == Protection::Unverified).then(|| {
        format!(
            "{database} at `{}` may be anybody: its certificate is not checked, and without TLS all \
             that is sent can be read. Write `{verify}` in the address; or `{decline}`, if nobody \
             else is on the network between",
            host.escape_debug()
        )
    })
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(host: Option<&str>, protection: Protection) -> bool {
        warning("PostgreSQL", host, protection, "sslmode=verify-full", "sslmode=disable").is_some()
    }

    #[test]
    fn r195_only_a_decision_is_silent_about_an_unverified_server() {
        for host in ["db.example", "192.0.2.1", "::ffff:192.0.2.1", "db", "127.0.0.1.example"] {
            assert!(told(Some(host), Protection::Unverified), "{host}");
            assert!(!told(Some(host), Protection::Verified), "{host}");
            assert!(!told(Some(host), Protection::Declined), "{host}");
        }
        for host in ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]", "/run/postgresql"] {
            assert!(!told(Some(host), Protection::Unverified), "{host}");
        }
        assert!(!told(None, Protection::Unverified));
    }
}
