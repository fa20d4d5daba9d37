use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::service::service;
use super::vendor::{self, bearer, variable};
use crate::error::{BoxError, ConfigError};
use crate::provider::{EmailMessage, MailService};

service! {
    /// Sends sign-in links through SendGrid.
    ///
    /// Keys are made at <https://app.sendgrid.com/settings/api_keys>.
    SendGrid: SendGridBuilder, SendGridSlots, SendGridTold {
        /// The bare address, such as `no-reply@acme.example`.
        from [mail_sender MailSenderGiven]
    }
}

impl SendGrid {
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
