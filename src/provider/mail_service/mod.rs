//! Vendors that send messages on behalf of a site, by a request instead of SMTP.
//!
//! The trait is for any of them. Six are here, behind the feature `catalog`.

#[cfg(feature = "catalog")]
mod forward_email;
#[cfg(feature = "catalog")]
mod loops;
#[cfg(feature = "catalog")]
mod mailgun;
#[cfg(feature = "catalog")]
mod postmark;
#[cfg(feature = "catalog")]
mod resend;
#[cfg(feature = "catalog")]
mod send_grid;
#[cfg(test)]
#[cfg(feature = "catalog")]
mod tests;
#[cfg(feature = "catalog")]
mod vendor;

use bytes::Bytes;
use http::Request;

#[cfg(feature = "catalog")]
pub use self::{
    forward_email::ForwardEmail, loops::Loops, mailgun::Mailgun, postmark::Postmark,
    resend::Resend, send_grid::SendGrid,
};
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
