use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::vendor::{self, bearer, variable};
use super::{EmailMessage, MailService};
use crate::crypto::secret::ClientSecret;
use crate::error::{BoxError, ConfigError};

/// Sends sign-in links through SendGrid.
///
/// Keys are made at <https://app.sendgrid.com/settings/api_keys>.
#[derive(Clone, Debug)]
pub struct SendGrid {
    key: ClientSecret,
    from: String,
}

impl SendGrid {
    /// With a key and the bare address, such as `no-reply@acme.example`.
    #[must_use]
    pub fn new(key: impl Into<ClientSecret>, from: impl Into<String>) -> Self {
        Self { key: key.into(), from: from.into() }
    }

    /// Reads `AUTH_SENDGRID_KEY` and `EMAIL_FROM`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::new(variable("AUTH_SENDGRID_KEY")?, variable("EMAIL_FROM")?))
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
