use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::vendor::{self, basic, variable};
use super::{EmailMessage, MailService};
use crate::crypto::secret::ClientSecret;
use crate::error::{BoxError, ConfigError};

/// Sends sign-in links through Forward Email.
///
/// Keys are made at <https://forwardemail.net/my-account/security>.
#[derive(Clone, Debug)]
pub struct ForwardEmail {
    key: ClientSecret,
    from: String,
}

impl ForwardEmail {
    /// With a key and a sender such as `Acme <no-reply@acme.example>`.
    #[must_use]
    pub fn new(key: impl Into<ClientSecret>, from: impl Into<String>) -> Self {
        Self { key: key.into(), from: from.into() }
    }

    /// Reads `AUTH_FORWARDEMAIL_KEY` and `EMAIL_FROM`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::new(variable("AUTH_FORWARDEMAIL_KEY")?, variable("EMAIL_FROM")?))
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
