//! Through which proxy is an address reached, if through any?

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use url::Url;

use crate::error::BoxError;
use crate::site::is_loopback;

/// The proxies that the environment names.
pub(super) struct Proxies(Matcher);

impl Proxies {
    pub(super) fn of_environment() -> Self {
        Self(Matcher::from_env())
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
