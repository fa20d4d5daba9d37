use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::vendor::{self, bearer, variable};
use crate::crypto::secret::ClientSecret;
use crate::error::{BoxError, ConfigError};
use crate::provider::{EmailMessage, MailService};
use crate::rule::parts;

/// Sends sign-in links through Resend.
///
/// Keys are made at <https://resend.com/api-keys>.
#[derive(Clone, Debug)]
pub struct Resend {
    /// The key.
    key: ClientSecret,
    /// The sender, such as `Acme <no-reply@acme.example>`.
    from: String,
}

parts! {
    /// Builds the service; no part is left out or given twice.
    pub struct ResendBuilder: ResendSlots, ResendTold makes Resend = Resend {
        key: ClientSecret::new(""),
        from: String::new(),
    };
    /// The service.
    build
    required {
        /// The key.
        key [mail_key MailKeyGiven]: |service, key: impl Into<ClientSecret>| service.key = key.into();
        /// The sender, such as `Acme <no-reply@acme.example>`.
        from [mail_sender MailSenderGiven]: |service, from: impl Into<String>| service.from = from.into();
    }
    optional {}
}

impl Resend {
    /// Starts the service. Key and sender are required.
    pub fn builder() -> ResendBuilder {
        ResendBuilder::start()
    }

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
