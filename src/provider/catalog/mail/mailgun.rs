use bytes::Bytes;
use http::Request;
use http::header::CONTENT_TYPE;

use super::service::service;
use super::vendor::{basic, variable};
use crate::error::{BoxError, ConfigError};
use crate::provider::{EmailMessage, MailService};
use crate::web::percent_encode;

service! {
    /// Sends sign-in links through Mailgun, from the domain of the sender's address.
    ///
    /// Keys are made at <https://app.mailgun.com/settings/api_security>.
    Mailgun: MailgunBuilder, MailgunSlots, MailgunTold {
        /// The sender, such as `Acme <no-reply@acme.example>`.
        from [mail_sender MailSenderGiven],
        host: &'static str = "api.mailgun.net"
    }
}

impl Mailgun {
    /// Reads `AUTH_MAILGUN_KEY` and `EMAIL_FROM`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::builder().key(variable("AUTH_MAILGUN_KEY")?).from(variable("EMAIL_FROM")?).build())
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
