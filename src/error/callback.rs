//! The errors of the application's own code: callbacks, event handlers and `authorize`.

use std::fmt;

use super::{AdapterError, Error};

/// Any error of application code.
pub type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// A failure of a callback or an event handler of the application.
///
/// Made from text or any error by [`new`](Self::new), and by `?` from typegate's own errors and a
/// [`BoxError`]. It means failure: to refuse somebody, a callback returns a value.
///
/// ```
/// use typegate::{CallbackError, EmailAddress};
///
/// fn address(text: &str) -> Result<EmailAddress, CallbackError> {
///     if text.len() > 100 {
///         return Err(CallbackError::new("too long"));
///     }
///     let _: u64 = "7".parse().map_err(CallbackError::new)?;
///     Ok(text.parse()?)
/// }
/// assert!(address("ada@example.com").is_ok());
/// ```
#[derive(Debug)]
pub struct CallbackError(BoxError);

impl CallbackError {
    /// Wraps an error.
    pub fn new(error: impl Into<BoxError>) -> Self {
        Self(error.into())
    }

    /// The application's own words. v4 shows those of a failed `signIn` callback to the visitor.
    pub(crate) fn message(&self) -> String {
        self.0.to_string()
    }
}

impl fmt::Display for CallbackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the application's callback failed")
    }
}

impl std::error::Error for CallbackError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.0.as_ref())
    }
}

impl From<BoxError> for CallbackError {
    fn from(error: BoxError) -> Self {
        Self(error)
    }
}

/// So that `?` works on adapter calls in a callback.
impl From<AdapterError> for CallbackError {
    fn from(error: AdapterError) -> Self {
        Self::new(error)
    }
}

/// So that `?` works on calls into `Auth`, such as a token refresh.
impl From<Error> for CallbackError {
    fn from(error: Error) -> Self {
        Self::new(error)
    }
}

/// Why `authorize` could not decide. To refuse somebody, it returns `Ok(None)`.
///
/// Any error turns into [`AuthorizeError::failed`] by `?`.
///
/// ```
/// use typegate::AuthorizeError;
///
/// fn check() -> Result<(), AuthorizeError> {
///     "x".parse::<u8>()?; // a failure: logged, not shown
///     Ok(())
/// }
/// assert_eq!(check().unwrap_err().visible_message(), None);
/// assert_eq!(
///     AuthorizeError::visible("This account is locked").visible_message(),
///     Some("This account is locked"),
/// );
/// ```
#[derive(Debug)]
pub struct AuthorizeError(AuthorizeErrorKind);

#[derive(Debug)]
enum AuthorizeErrorKind {
    Visible(String),
    Failed(BoxError),
}

impl AuthorizeError {
    /// Refuses with a sentence for the visitor: it becomes the `error` of the page's address, as
    /// an error thrown in v4's `authorize` does, so it must not hold anything secret.
    pub fn visible(message: impl Into<String>) -> Self {
        Self(AuthorizeErrorKind::Visible(message.into()))
    }

    /// The check could not be made (the directory is down, say). The cause is logged; the visitor
    /// sees the general text.
    pub fn failed(source: impl Into<BoxError>) -> Self {
        Self(AuthorizeErrorKind::Failed(source.into()))
    }

    /// The sentence for the visitor, if there is one.
    #[must_use]
    pub fn visible_message(&self) -> Option<&str> {
        match &self.0 {
            AuthorizeErrorKind::Visible(message) => Some(message),
            AuthorizeErrorKind::Failed(_) => None,
        }
    }

    pub(crate) fn cause(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            AuthorizeErrorKind::Visible(_) => None,
            AuthorizeErrorKind::Failed(source) => Some(source.as_ref()),
        }
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for AuthorizeError {
    fn from(error: E) -> Self {
        Self::failed(error)
    }
}
