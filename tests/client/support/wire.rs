//! The wire: every request and response that passed.

use bytes::Bytes;
use http::{HeaderMap, Request};

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn new(request: &Request<Bytes>) -> Self {
        Self {
            method: request.method().to_string(),
            url: request.uri().to_string(),
            headers: request.headers().clone(),
            body: String::from_utf8(request.body().to_vec()).unwrap(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The names of the form, in their order.
    pub(crate) fn form_names(&self) -> Vec<String> {
        form_urlencoded::parse(self.body.as_bytes()).map(|(name, _)| name.into_owned()).collect()
    }

    pub(crate) fn form_value(&self, name: &str) -> String {
        let found = form_urlencoded::parse(self.body.as_bytes()).find(|(key, _)| key == name);
        found.unwrap().1.into_owned()
    }

    /// Method and address below the site's own.
    pub(crate) fn line(&self, base: &str) -> String {
        format!("{} {}", self.method, self.url.strip_prefix(base).unwrap_or(&self.url))
    }
}
