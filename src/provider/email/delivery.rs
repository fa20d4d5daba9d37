//! Delivery of a message: by a function of the application's, by a mail server, or by a request to a
//! mail service.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use serde_json::Value;

use super::{EmailMessage, MailService};
use crate::error::outage::is_unreachable;
use crate::error::{BoxError, CallbackError, CallbackFailure};
use crate::runtime::containment::{Contained, call};
use crate::web::outbound::{ErasedHttpClient, sentence};

/// What takes messages from the engine.
#[derive(Clone)]
pub(crate) enum Delivery {
    Function(Contained<EmailMessage, (), CallbackError>),
    #[cfg(feature = "smtp")]
    Server {
        send: Contained<EmailMessage, (), NotSent>,
        /// Connects and signs in, and sends nothing.
        #[cfg_attr(not(feature = "dynamic"), expect(dead_code, reason = "only a doctor asks"))]
        reach: Contained<(), (), NotSent>,
    },
    Service(Arc<dyn MailService>),
}

/// A message did not leave, as far as anybody knows.
#[derive(Debug)]
pub(crate) struct NotSent {
    pub(crate) error: BoxError,
    /// Whether the attempt counts: it may have left after all, or it is for the address that it did
    /// not.
    pub(crate) is_counted: bool,
}

impl NotSent {
    /// Something of the site's own failed before anything can have left.
    pub(crate) fn ours(error: impl Into<BoxError>) -> Self {
        Self { error: error.into(), is_counted: false }
    }

    #[cfg(feature = "smtp")]
    pub(crate) fn counted(error: impl Into<BoxError>) -> Self {
        Self { error: error.into(), is_counted: true }
    }
}

/// A service's refusal.
#[derive(Debug, thiserror::Error)]
#[error("the mail service {service} did not take the message: it answered {status}{}{advice}", quoted(.said))]
struct Refused {
    service: &'static str,
    status: u16,
    said: Option<String>,
    advice: &'static str,
}

/// A service that was not asked, or did not answer.
#[derive(Debug, thiserror::Error)]
#[error("the mail service {service} {what}")]
struct Unasked {
    service: &'static str,
    what: &'static str,
    source: BoxError,
}

fn quoted(said: &Option<String>) -> String {
    said.as_ref().map_or_else(String::new, |said| format!(" and said `{said}`"))
}

impl Delivery {
    /// Whether a server takes connections; none where nobody can be asked without a message.
    #[cfg(feature = "dynamic")]
    pub(crate) async fn reach(&self) -> Option<Result<(), BoxError>> {
        match self {
            #[cfg(feature = "smtp")]
            Self::Server { reach, .. } => Some(reach(()).await.map_err(|unsent| unsent.error)),
            Self::Function(_) | Self::Service(_) => None,
        }
    }

    pub(crate) async fn deliver(
        &self,
        message: EmailMessage,
        client: &dyn ErasedHttpClient,
    ) -> Result<(), NotSent> {
        match self {
            Self::Function(send) => send(message).await.map_err(|error| {
                let error = CallbackFailure::from(error);
                // After a connection was lost, the message may have left.
                let is_counted = !is_unreachable(&error);
                NotSent { error: error.into(), is_counted }
            }),
            #[cfg(feature = "smtp")]
            Self::Server { send, .. } => send(message).await,
            // A type of its own in the future of every request would be one too many for compilers.
            Self::Service(service) => {
                let handing: Pin<Box<dyn Future<Output = _> + Send + '_>> =
                    Box::pin(hand_over(&**service, &message, client));
                handing.await
            }
        }
    }
}

async fn hand_over(
    service: &dyn MailService,
    message: &EmailMessage,
    client: &dyn ErasedHttpClient,
) -> Result<(), NotSent> {
    let name = service.name();
    let unasked = |what: &'static str| {
        move |source: BoxError| {
            let is_counted = !is_unreachable(&*source);
            let error = Unasked { service: name, what, source };
            NotSent { error: error.into(), is_counted }
        }
    };
    let unmade = unasked("got no request, because it could not be made");
    let request = match call(|| service.request(message)) {
        Ok(request) => request.map_err(&unmade)?,
        Err(escape) => return Err(unmade(escape.into())),
    };
    let headers = request.headers().clone();
    let answer = client.send(request).await.map_err(unasked("did not answer"))?;
    if answer.status().is_success() {
        return Ok(());
    }
    let said = said(&answer, &headers, message);
    let (status, advice) = (answer.status(), advice(answer.status()));
    // What it says of itself or of whoever asks is for every address, and before it took the message:
    // 403 may be for this address, and after another 5xx the message may be on its way.
    let is_ours = matches!(
        status,
        StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    );
    let error = Refused { service: name, status: status.as_u16(), said, advice };
    Err(NotSent { error: error.into(), is_counted: !is_ours })
}

/// The text of an answer, without what was sent.
fn said(answer: &Response<Bytes>, headers: &HeaderMap, message: &EmailMessage) -> Option<String> {
    let text = match serde_json::from_slice::<Value>(answer.body()) {
        Ok(json) => {
            let mut texts = Vec::new();
            gather(&json, &mut texts);
            texts.join("; ")
        }
        Err(_) => String::from_utf8_lossy(answer.body()).into_owned(),
    };
    if text.trim_start().starts_with('<') {
        return None;
    }
    let mut sent: Vec<&str> = headers.values().filter_map(|value| value.to_str().ok()).collect();
    let keys: Vec<&str> = sent.iter().filter_map(|value| Some(value.split_once(' ')?.1)).collect();
    sent.extend(keys);
    sent.extend([message.url.as_str(), message.to.as_str()]);
    sentence(&text, &sent)
}

/// All texts of a document in their order.
fn gather(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| gather(value, texts)),
        Value::Object(members) => members.values().for_each(|value| gather(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn advice(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => ": look at its key",
        StatusCode::FORBIDDEN => {
            ": look at its key, and whether the sender's domain is verified there"
        }
        StatusCode::NOT_FOUND => ": look at the sender's domain, or the id of the template",
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
            ": look at the sender, and whether its domain is verified there"
        }
        StatusCode::TOO_MANY_REQUESTS => ": it wants fewer messages in that time",
        _ => "",
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Function(_) => "Function",
            #[cfg(feature = "smtp")]
            Self::Server { .. } => "Server",
            Self::Service(_) => "Service",
        })
    }
}
