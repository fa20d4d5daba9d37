use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::vendor::{self, variable};
use crate::crypto::secret::ClientSecret;
use crate::error::{BoxError, ConfigError};
use crate::provider::{EmailMessage, MailService};
use crate::rule::parts;

/// Sends sign-in links through Postmark.
///
/// Keys are made at the API tokens of a server at <https://account.postmarkapp.com/servers>.
#[derive(Clone, Debug)]
pub struct Postmark {
    /// The key.
    key: ClientSecret,
    /// The sender, such as `Acme <no-reply@acme.example>`.
    from: String,
}

parts! {
    /// Builds the service; no part is left out or given twice.
    pub struct PostmarkBuilder: PostmarkSlots, PostmarkTold makes Postmark = Postmark {
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

impl Postmark {
    /// Starts the service. Key and sender are required.
    pub fn builder() -> PostmarkBuilder {
        PostmarkBuilder::start()
    }

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
