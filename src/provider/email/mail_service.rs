//! Mail services: vendors that send messages on behalf of a site, by an HTTP request instead of SMTP.

use bytes::Bytes;
use http::Request;

use super::EmailMessage;
use crate::error::BoxError;

/// A mail service with an HTTP interface.
///
/// ```
/// use bytes::Bytes;
/// use http::Request;
/// use typegate::BoxError;
/// use typegate::provider::{Email, EmailMessage, MailService};
///
/// struct Acme {
///     key: String,
/// }
///
/// impl MailService for Acme {
///     fn id(&self) -> &'static str {
///         "acme-mail"
///     }
///
///     fn name(&self) -> &'static str {
///         "Acme Mail"
///     }
///
///     fn request(&self, message: &EmailMessage) -> Result<Request<Bytes>, BoxError> {
///         let body = serde_json::json!({ "to": message.to, "html": message.html });
///         Ok(Request::post("https://mail.acme.example/send")
///             .header("authorization", format!("Bearer {}", self.key))
///             .header("content-type", "application/json")
///             .body(body.to_string().into())?)
///     }
/// }
///
/// let provider = Email::service(Acme { key: "key".into() });
/// ```
pub trait MailService: Send + Sync + 'static {
    /// The provider's id, unless [`Email::id`](super::Email::id) gives another.
    fn id(&self) -> &'static str;

    /// The name people read.
    fn name(&self) -> &'static str;

    /// The request that has the service send this message. It goes through the configured HTTP
    /// client; an answer of any status but 2xx counts as not sent.
    ///
    /// # Errors
    ///
    /// What keeps the request from being made.
    fn request(&self, message: &EmailMessage) -> Result<Request<Bytes>, BoxError>;
}
