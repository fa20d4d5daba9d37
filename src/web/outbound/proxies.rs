//! Proxy selection: the proxy through which an address is reached, if any.

use std::ffi::OsString;

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use url::Url;

use crate::error::BoxError;
use crate::web::site::is_loopback;

/// Those that [`Matcher::from_env`] reads, which takes no notice of a value that it cannot read.
const VARIABLES: [&str; 6] =
    ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// The proxies that the environment names.
pub(super) struct Proxies(Matcher);

impl Proxies {
    /// # Errors
    ///
    /// The variable that is set and names no proxy. What it was to hold back would go out directly.
    pub(super) fn of_environment() -> Result<Self, BoxError> {
        // A CGI program has `HTTP_PROXY` from the visitor's header `Proxy`, so none counts there.
        let is_cgi = std::env::var_os("REQUEST_METHOD").is_some();
        let is_wrong = |name: &&str| !is_cgi && !is_usable(std::env::var_os(name));
        match VARIABLES.into_iter().find(is_wrong) {
            None => Ok(Self(Matcher::from_env())),
            Some(name) => Err(format!(
                "the variable {name} names no proxy: write http://host:port, or remove it"
            )
            .into()),
        }
    }

    #[cfg(test)]
    pub(super) fn of(matcher: Matcher) -> Self {
        Self(matcher)
    }

    /// None for this machine: http is allowed there because nobody else reads it, and a proxy
    /// would, passwords included; and what the proxy calls `localhost` is the proxy itself.
    pub(super) fn on_the_way_to(&self, to: &Uri) -> Option<Intercept> {
        let proxy = self.0.intercept(to)?;
        // Read as by what allowed it to be http.
        let is_here = Url::parse(&to.to_string()).is_ok_and(|url| is_loopback(&url));
        (!is_here).then_some(proxy)
    }
}

/// Whether it is a proxy's address, or nothing.
fn is_usable(value: Option<OsString>) -> bool {
    let Some(value) = value.filter(|value| !value.is_empty()) else { return true };
    let Ok(value) = value.into_string() else { return false };
    let proxy = Matcher::builder().all(value).build();
    let proxy = proxy.intercept(&Uri::from_static("https://a.example/"));
    proxy.and_then(|proxy| Some(!proxy.uri().host()?.is_empty())).unwrap_or_default()
}

/// A proxy that made no connection. Its address has no password: [`Intercept`] keeps that apart.
#[derive(Debug, thiserror::Error)]
#[error("the proxy {proxy} of the environment made no connection")]
pub(super) struct ProxyError {
    proxy: Uri,
    source: BoxError,
}

impl ProxyError {
    pub(super) fn new(proxy: &Uri, source: impl Into<BoxError>) -> Self {
        Self { proxy: proxy.clone(), source: source.into() }
    }
}
