use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::service::service;
use super::vendor::{self, bearer, variable};
use crate::error::{BoxError, ConfigError};
use crate::provider::{EmailMessage, MailService};

service! {
    /// Sends sign-in links through Resend.
    ///
    /// Keys are made at <https://resend.com/api-keys>.
    Resend: ResendBuilder, ResendSlots, ResendTold {
        /// The sender, such as `Acme <no-reply@acme.example>`.
        from [mail_sender MailSenderGiven]
    }
}

impl Resend {
    /// Reads `AUTH_RESEND_KEY` and `EMAIL_FROM`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::builder().key(variable("AUTH_RESEND_KEY")?).from(variable("EMAIL_FROM")?).build())
    }
}

impl MailService for Resend {
    fn id(&self) -> &'static str {
        "resend"
    }

    fn name(&self) -> &'static str {
        "Resend"
    }

    fn request(&self, message: &EmailMessage) -> Result<Request<Bytes>, BoxError> {
        let body = json!({
            "from": self.from,
            "to": message.to,
            "subject": message.subject,
            "html": message.html,
            "text": message.text,
        });
        vendor::json("https://api.resend.com/emails", bearer(self.key.expose()), &body)
    }
}
