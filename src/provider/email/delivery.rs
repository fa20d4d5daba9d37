//! How does a message leave: by a function of the application's, or by a request to a mail service?

use std::fmt;
use std::sync::Arc;

use super::{EmailMessage, MailService};
use crate::error::{BoxError, CallbackError, CallbackFailure};
use crate::runtime::containment::{Contained, call};
use crate::web::outbound::ErasedHttpClient;

/// What takes messages from the engine.
#[derive(Clone)]
pub(crate) enum Delivery {
    Function(Contained<EmailMessage, (), CallbackError>),
    Service(Arc<dyn MailService>),
}

/// A service's refusal. Its text may repeat the message and with it the link, so the status alone
/// is told.
#[derive(Debug, thiserror::Error)]
#[error("the mail service answered with status {0}")]
struct Refused(u16);

impl Delivery {
    pub(crate) async fn deliver(
        &self,
        message: EmailMessage,
        client: &dyn ErasedHttpClient,
    ) -> Result<(), BoxError> {
        match self {
            Self::Function(send) => Ok(send(message).await.map_err(CallbackFailure::from)?),
            Self::Service(service) => {
                let request = call(|| service.request(&message))??;
                let status = client.send(request).await?.status();
                if status.is_success() { Ok(()) } else { Err(Refused(status.as_u16()).into()) }
            }
        }
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Function(_) => "Function",
            Self::Service(_) => "Service",
        })
    }
}
