use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::vendor::{self, variable};
use super::{EmailMessage, MailService};
use crate::crypto::secret::ClientSecret;
use crate::error::{BoxError, ConfigError};

/// Sends sign-in links through Postmark.
///
/// Keys are made at the API tokens of a server at <https://account.postmarkapp.com/servers>.
#[derive(Clone, Debug)]
pub struct Postmark {
    key: ClientSecret,
    from: String,
}

impl Postmark {
    /// With a key and a sender such as `Acme <no-reply@acme.example>`.
    #[must_use]
    pub fn new(key: impl Into<ClientSecret>, from: impl Into<String>) -> Self {
        Self { key: key.into(), from: from.into() }
    }

    /// Reads `AUTH_POSTMARK_KEY` and `EMAIL_FROM`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::new(variable("AUTH_POSTMARK_KEY")?, variable("EMAIL_FROM")?))
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
