use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::vendor::{self, bearer, variable};
use crate::crypto::secret::ClientSecret;
use crate::error::{BoxError, ConfigError};
use crate::provider::{EmailMessage, MailService};
use crate::rule::parts;

/// Sends sign-in links through Loops, which keeps subject, sender and text in a template of its
/// own: the template gets the link as the variable `url`, and nothing else of the message.
///
/// Keys are made at <https://app.loops.so/settings?page=api>.
#[derive(Clone, Debug)]
pub struct Loops {
    /// The key.
    key: ClientSecret,
    /// The id of a transactional template.
    template: String,
}

parts! {
    /// Builds the service; no part is left out or given twice.
    pub struct LoopsBuilder: LoopsSlots, LoopsTold makes Loops = Loops {
        key: ClientSecret::new(""),
        template: String::new(),
    };
    /// The service.
    build
    required {
        /// The key.
        key [mail_key MailKeyGiven]: |service, key: impl Into<ClientSecret>| service.key = key.into();
        /// The id of a transactional template.
        template [mail_template MailTemplateGiven]: |service, template: impl Into<String>| service.template = template.into();
    }
    optional {}
}

impl Loops {
    /// Starts the service. Key and template are required.
    pub fn builder() -> LoopsBuilder {
        LoopsBuilder::start()
    }

    /// Reads `AUTH_LOOPS_KEY` and `AUTH_LOOPS_TRANSACTIONAL_ID`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::builder()
            .key(variable("AUTH_LOOPS_KEY")?)
            .template(variable("AUTH_LOOPS_TRANSACTIONAL_ID")?)
            .build())
    }
}

impl MailService for Loops {
    fn id(&self) -> &'static str {
        "loops"
    }

    fn name(&self) -> &'static str {
        "Loops"
    }

    fn request(&self, message: &EmailMessage) -> Result<Request<Bytes>, BoxError> {
        let body = json!({
            "transactionalId": self.template,
            "email": message.to,
            "dataVariables": { "url": message.url },
        });
        vendor::json("https://app.loops.so/api/v1/transactional", bearer(self.key.expose()), &body)
    }
}
