//! Help for developers: the codes that an error page may stand for.
//!
//! Only for the developer at the machine itself, and only if the application asked for it: see
//! [`Diagnostics::explain_errors_on_loopback`](crate::Diagnostics::explain_errors_on_loopback). No
//! header can turn it on; those of a proxy turn it off.

use crate::config::{Config, SiteSource};
use crate::error::{ErrorCode, PageError, Shown};
use crate::web::Request;
use crate::web::client_address::names_proxy;
use crate::web::site::is_loopback;

/// The codes that a value of `?error=` may stand for; none unless a developer is looking.
pub(super) fn codes_behind(
    config: &Config,
    request: &Request<'_>,
    error: Option<PageError>,
) -> Vec<ErrorCode> {
    let Some(error) = error.filter(|_| is_developer(config, request)) else { return Vec::new() };
    let codes = ErrorCode::ALL.iter().copied();
    codes
        .filter(|code| code.retired().is_none() && code.shown().contains(&Shown::Error(error)))
        .collect()
}

/// The code that stopped this request; none unless a developer is looking.
pub(super) fn exactly(config: &Config, request: &Request<'_>, code: ErrorCode) -> Vec<ErrorCode> {
    if is_developer(config, request) { vec![code] } else { Vec::new() }
}

fn is_developer(config: &Config, request: &Request<'_>) -> bool {
    let SiteSource::Fixed(site) = &config.site else { return false };
    config.explains_errors
        && is_loopback(site.0.url())
        && request.peer.is_some_and(|peer| peer.0.to_canonical().is_loopback())
        && !names_proxy(request.headers)
}
