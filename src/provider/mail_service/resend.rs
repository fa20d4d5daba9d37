use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::vendor::{self, bearer, variable};
use super::{EmailMessage, MailService};
use crate::crypto::secret::ClientSecret;
use crate::error::{BoxError, ConfigError};

/// Sends sign-in links through Resend.
///
/// Keys are made at <https://resend.com/api-keys>.
#[derive(Clone, Debug)]
pub struct Resend {
    key: ClientSecret,
    from: String,
}

impl Resend {
    /// With a key and a sender such as `Acme <no-reply@acme.example>`.
    #[must_use]
    pub fn new(key: impl Into<ClientSecret>, from: impl Into<String>) -> Self {
        Self { key: key.into(), from: from.into() }
    }

    /// Reads `AUTH_RESEND_KEY` and `EMAIL_FROM`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::new(variable("AUTH_RESEND_KEY")?, variable("EMAIL_FROM")?))
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
