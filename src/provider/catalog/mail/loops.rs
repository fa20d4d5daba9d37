use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::service::service;
use super::vendor::{self, bearer, variable};
use crate::error::{BoxError, ConfigError};
use crate::provider::{EmailMessage, MailService};

service! {
    /// Sends sign-in links through Loops, which keeps subject, sender and text in a template of its
    /// own: the template gets the link as the variable `url`, and nothing else of the message.
    ///
    /// Keys are made at <https://app.loops.so/settings?page=api>.
    Loops: LoopsBuilder, LoopsSlots, LoopsTold {
        /// The id of a transactional template.
        template [mail_template MailTemplateGiven]
    }
}

impl Loops {
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
