use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::vendor::{self, bearer, variable};
use super::{EmailMessage, MailService};
use crate::crypto::secret::ClientSecret;
use crate::error::{BoxError, ConfigError};

/// Sends sign-in links through Loops, which keeps subject, sender and text in a template of its
/// own: the template gets the link as the variable `url`, and nothing else of the message.
///
/// Keys are made at <https://app.loops.so/settings?page=api>.
#[derive(Clone, Debug)]
pub struct Loops {
    key: ClientSecret,
    template: String,
}

impl Loops {
    /// With a key and the id of a transactional template.
    #[must_use]
    pub fn new(key: impl Into<ClientSecret>, template: impl Into<String>) -> Self {
        Self { key: key.into(), template: template.into() }
    }

    /// Reads `AUTH_LOOPS_KEY` and `AUTH_LOOPS_TRANSACTIONAL_ID`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::new(variable("AUTH_LOOPS_KEY")?, variable("AUTH_LOOPS_TRANSACTIONAL_ID")?))
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
