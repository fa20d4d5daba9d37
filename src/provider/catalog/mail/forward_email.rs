use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::vendor::{self, basic, variable};
use crate::crypto::secret::ClientSecret;
use crate::error::{BoxError, ConfigError};
use crate::provider::{EmailMessage, MailService};
use crate::rule::parts;

/// Sends sign-in links through Forward Email.
///
/// Keys are made at <https://forwardemail.net/my-account/security>.
#[derive(Clone, Debug)]
pub struct ForwardEmail {
    /// The key.
    key: ClientSecret,
    /// The sender, such as `Acme <no-reply@acme.example>`.
    from: String,
}

parts! {
    /// Builds the service; no part is left out or given twice.
    pub struct ForwardEmailBuilder: ForwardEmailSlots, ForwardEmailTold makes ForwardEmail = ForwardEmail {
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

impl ForwardEmail {
    /// Starts the service. Key and sender are required.
    pub fn builder() -> ForwardEmailBuilder {
        ForwardEmailBuilder::start()
    }

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
