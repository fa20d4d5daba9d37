use bytes::Bytes;
use http::Request;
use serde_json::json;
use typed_builder::TypedBuilder;

use super::vendor::{self, bearer, variable};
use crate::crypto::secret::ClientSecret;
use crate::error::{BoxError, ConfigError};
use crate::provider::{EmailMessage, MailService};

/// Sends sign-in links through Loops, which keeps subject, sender and text in a template of its
/// own: the template gets the link as the variable `url`, and nothing else of the message.
///
/// Keys are made at <https://app.loops.so/settings?page=api>.
#[derive(Clone, Debug, TypedBuilder)]
#[builder(builder_type(doc = "Builds the service; no part is left out or given twice."))]
pub struct Loops {
    /// The key.
    #[builder(setter(into))]
    key: ClientSecret,
    /// The id of a transactional template.
    #[builder(setter(into))]
    template: String,
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
