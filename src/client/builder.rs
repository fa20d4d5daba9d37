//! The builder of a client.

use std::fmt;
use std::sync::{Arc, Mutex};

use super::{Client, CookieJar, SessionChannel, Shared};
use crate::error::ConfigError;
use crate::runtime::clock::{Clock, SystemClock};
use crate::web::outbound::{DefaultHttpClient, ErasedHttpClient, HttpClient};
use crate::web::site::SiteUrl;

/// The parts of a [`Client`]; see [`Client::builder`].
#[must_use]
pub struct ClientBuilder {
    site: SiteUrl,
    http: Option<Arc<dyn ErasedHttpClient>>,
    jar: CookieJar,
    clock: Option<Arc<dyn Clock>>,
    channel: Option<SessionChannel>,
}

impl ClientBuilder {
    pub(super) fn new(site: SiteUrl) -> Self {
        Self { site, http: None, jar: CookieJar::default(), clock: None, channel: None }
    }

    /// What carries the requests, [`DefaultHttpClient`] by default.
    pub fn http_client(mut self, client: impl HttpClient) -> Self {
        self.http = Some(Arc::new(client));
        self
    }

    /// The cookies to start with, such as those that [`Client::cookies`] gave when the program
    /// ran last.
    pub fn cookies(mut self, jar: CookieJar) -> Self {
        self.jar = jar;
        self
    }

    /// The time by which cookies expire.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// The channel on which changes of the session are announced and heard. By default the client
    /// and its providers have one of their own.
    pub fn channel(mut self, channel: SessionChannel) -> Self {
        self.channel = Some(channel);
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if no HTTP client was given and the default one cannot be set up.
    pub fn build(self) -> Result<Client, ConfigError> {
        let http = match self.http {
            Some(http) => http,
            None => Arc::new(DefaultHttpClient::new().map_err(|error| {
                ConfigError::new("the HTTP client cannot be set up").with_source(error)
            })?),
        };
        let channel = self.channel.unwrap_or_default();
        Ok(Client::from_shared(Shared {
            site: self.site,
            http,
            jar: Mutex::new(self.jar),
            clock: self.clock.unwrap_or_else(|| Arc::new(SystemClock)),
            member: channel.join(),
            channel,
        }))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("site", &self.site.base()).finish_non_exhaustive()
    }
}
