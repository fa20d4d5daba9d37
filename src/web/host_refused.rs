//! The refusal of a host: what the headers of a request said, and which of them.

use std::fmt;

use crate::error::Quoted;

/// What said the host of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum HostHeader {
    XForwardedHost,
    /// RFC 7239.
    Forwarded,
    /// Of HTTP/2 (RFC 9113 section 8.3.1), or the absolute form of HTTP/1.1.
    Authority,
    Host,
}

impl fmt::Display for HostHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::XForwardedHost => "`X-Forwarded-Host`",
            Self::Forwarded => "`Forwarded`",
            Self::Authority => "`:authority`",
            Self::Host => "`Host`",
        })
    }
}

/// The headers do not say where the site is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum HostRefused {
    #[error(
        "{header} is {read}, which is not a host name with an optional port: let the proxy set it to \
         the host that the visitor asked for"
    )]
    NotAHost { header: HostHeader, read: String },
    #[error("the host `{host}` in {header} is not one of the site's; {because}: {instead}")]
    NotListed { host: String, header: HostHeader, because: String, instead: String },
    #[error(
        "the request came from none of one's own proxies, so nothing says where the site is: if it \
         is one, name it by `TrustedProxy::sent_by` (`trusted_proxies` under `[server]`)"
    )]
    NotAProxy,
    #[error(
        "`TrustedProxy::sent_by` says who may say where the site is, and the server does not tell \
         who connects: serve `app.into_make_service_with_connect_info::<SocketAddr>()`, or put a \
         `ClientAddress` into the request's extensions"
    )]
    NoConnection,
}

impl HostRefused {
    pub(crate) fn no_host(header: HostHeader, read: &str) -> Self {
        Self::NotAHost { header, read: Quoted(read).or_empty() }
    }
}
