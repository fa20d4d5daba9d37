use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::service::service;
use super::vendor::{self, basic, variable};
use crate::error::{BoxError, ConfigError};
use crate::provider::{EmailMessage, MailService};

service! {
    /// Sends sign-in links through Forward Email.
    ///
    /// Keys are made at <https://forwardemail.net/my-account/security>.
    ForwardEmail: ForwardEmailBuilder, ForwardEmailSlots, ForwardEmailTold {
        /// The sender, such as `Acme <no-reply@acme.example>`.
        from [mail_sender MailSenderGiven]
    }
}

impl ForwardEmail {
    /// Reads `AUTH_FORWARDEMAIL_KEY` and `EMAIL_FROM`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::builder()
            .key(variable("AUTH_FORWARDEMAIL_KEY")?)
            .from(variable("EMAIL_FROM")?)
            .build())
    }
}

impl MailService for ForwardEmail {
    fn id(&self) -> &'static str {
        "forwardemail"
    }

    fn name(&self) -> &'static str {
        "Forward Email"
    }

    fn request(&self, message: &EmailMessage) -> Result<Request<Bytes>, BoxError> {
        let body = json!({
            "from": self.from,
            "to": message.to,
            "subject": message.subject,
            "html": message.html,
            "text": message.text,
        });
        vendor::json("https://api.forwardemail.net/v1/emails", basic(self.key.expose(), ""), &body)
    }
}
