use bytes::Bytes;
use http::Request;
use http::header::CONTENT_TYPE;

use super::vendor::{basic, variable};
use super::{EmailMessage, MailService};
use crate::crypto::secret::ClientSecret;
use crate::error::{BoxError, ConfigError};
use crate::web::percent_encode;

/// Sends sign-in links through Mailgun, from the domain of the sender's address.
///
/// Keys are made at <https://app.mailgun.com/settings/api_security>.
#[derive(Clone, Debug)]
pub struct Mailgun {
    key: ClientSecret,
    from: String,
    host: &'static str,
}

impl Mailgun {
    /// With a key and a sender such as `Acme <no-reply@acme.example>`.
    #[must_use]
    pub fn new(key: impl Into<ClientSecret>, from: impl Into<String>) -> Self {
        Self { key: key.into(), from: from.into(), host: "api.mailgun.net" }
    }

    /// Reads `AUTH_MAILGUN_KEY` and `EMAIL_FROM`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::new(variable("AUTH_MAILGUN_KEY")?, variable("EMAIL_FROM")?))
    }

    /// For domains that are registered in Mailgun's European region.
    #[must_use]
    pub fn europe(mut self) -> Self {
        self.host = "api.eu.mailgun.net";
        self
    }

    fn domain(&self) -> Option<&str> {
        let (_, domain) = self.from.rsplit_once('@')?;
        Some(domain.trim_end_matches('>')).filter(|domain| !domain.is_empty())
    }
}

impl MailService for Mailgun {
    fn id(&self) -> &'static str {
        "mailgun"
    }

    fn name(&self) -> &'static str {
        "Mailgun"
    }

    fn request(&self, message: &EmailMessage) -> Result<Request<Bytes>, BoxError> {
        let domain = self.domain().ok_or("the sender's address has no domain")?;
        let url = format!("https://{}/v3/{}/messages", self.host, percent_encode(domain));
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("from", &self.from)
            .append_pair("to", &message.to)
            .append_pair("subject", &message.subject)
            .append_pair("html", &message.html)
            .append_pair("text", &message.text);
        let (header, credentials) = basic("api", self.key.expose());
        Ok(Request::post(url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header, credentials)
            .body(form.finish().into())?)
    }
}
