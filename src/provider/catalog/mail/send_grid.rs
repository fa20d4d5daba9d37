use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::vendor::{self, bearer, variable};
use crate::crypto::secret::ClientSecret;
use crate::error::{BoxError, ConfigError};
use crate::provider::{EmailMessage, MailService};
use crate::rule::parts;

/// Sends sign-in links through SendGrid.
///
/// Keys are made at <https://app.sendgrid.com/settings/api_keys>.
#[derive(Clone, Debug)]
pub struct SendGrid {
    /// The key.
    key: ClientSecret,
    /// The bare address, such as `no-reply@acme.example`.
    from: String,
}

parts! {
    /// Builds the service; no part is left out or given twice.
    pub struct SendGridBuilder: SendGridSlots, SendGridTold makes SendGrid = SendGrid {
        key: ClientSecret::new(""),
        from: String::new(),
    };
    /// The service.
    build
    required {
        /// The key.
        key [mail_key MailKeyGiven]: |service, key: impl Into<ClientSecret>| service.key = key.into();
        /// The bare address, such as `no-reply@acme.example`.
        from [mail_sender MailSenderGiven]: |service, from: impl Into<String>| service.from = from.into();
    }
    optional {}
}

impl SendGrid {
    /// Starts the service. Key and sender are required.
    pub fn builder() -> SendGridBuilder {
        SendGridBuilder::start()
    }

    /// Reads `AUTH_SENDGRID_KEY` and `EMAIL_FROM`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::builder()
            .key(variable("AUTH_SENDGRID_KEY")?)
            .from(variable("EMAIL_FROM")?)
            .build())
    }
}

impl MailService for SendGrid {
    fn id(&self) -> &'static str {
        "sendgrid"
    }

    fn name(&self) -> &'static str {
        "SendGrid"
    }

    fn request(&self, message: &EmailMessage) -> Result<Request<Bytes>, BoxError> {
        let body = json!({
            "personalizations": [{ "to": [{ "email": message.to }] }],
            "from": { "email": self.from },
            "subject": message.subject,
            "content": [
                { "type": "text/plain", "value": message.text },
                { "type": "text/html", "value": message.html },
            ],
        });
        vendor::json("https://api.sendgrid.com/v3/mail/send", bearer(self.key.expose()), &body)
    }
}
