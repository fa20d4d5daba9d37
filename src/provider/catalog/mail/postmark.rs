use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::service::service;
use super::vendor::{self, variable};
use crate::error::{BoxError, ConfigError};
use crate::provider::{EmailMessage, MailService};

service! {
    /// Sends sign-in links through Postmark.
    ///
    /// Keys are made at the API tokens of a server at <https://account.postmarkapp.com/servers>.
    Postmark: PostmarkBuilder, PostmarkSlots, PostmarkTold {
        /// The sender, such as `Acme <no-reply@acme.example>`.
        from [mail_sender MailSenderGiven]
    }
}

impl Postmark {
    /// Reads `AUTH_POSTMARK_KEY` and `EMAIL_FROM`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::builder()
            .key(variable("AUTH_POSTMARK_KEY")?)
            .from(variable("EMAIL_FROM")?)
            .build())
    }
}

impl MailService for Postmark {
    fn id(&self) -> &'static str {
        "postmark"
    }

    fn name(&self) -> &'static str {
        "Postmark"
    }

    fn request(&self, message: &EmailMessage) -> Result<Request<Bytes>, BoxError> {
        let body = json!({
            "From": self.from,
            "To": message.to,
            "Subject": message.subject,
            "TextBody": message.text,
            "HtmlBody": message.html,
            "MessageStream": "outbound",
        });
        let token = ("x-postmark-server-token", self.key.expose().to_owned());
        vendor::json("https://api.postmarkapp.com/email", token, &body)
    }
}
