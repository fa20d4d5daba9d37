//! The errors of the application's own code: callbacks, event handlers and `authorize`.

use std::fmt;

use super::chain;
use super::outage::is_outage;

/// Any error of application code.
pub type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// A failure of a callback or an event handler of the application.
///
/// Made by `?` from any error, and by `?` or `into()` from text. It means failure: to refuse
/// somebody, a callback returns a value. What failed is logged; a visitor reads the general text,
/// unless [`visible`](Self::visible) says otherwise. Like `anyhow::Error` it is no
/// [`Error`](std::error::Error) itself, so that it can be made from all of them.
///
/// ```
/// use typegate::{CallbackError, EmailAddress};
///
/// fn address(text: &str) -> Result<EmailAddress, CallbackError> {
///     if text.len() > 100 {
///         return Err("the address is too long".into());
///     }
///     let _: u64 = "7".parse()?;
///     Ok(text.parse()?)
/// }
/// assert!(address("ada@example.com").is_ok());
/// ```
pub struct CallbackError(CallbackFailure);

/// What a [`CallbackError`] is as an error among others.
#[derive(Debug, thiserror::Error)]
#[error("the application's callback failed")]
pub(crate) struct CallbackFailure {
    source: BoxError,
    is_visible: bool,
}

impl CallbackError {
    /// Wraps an error, where `?` does not.
    pub fn new(error: impl Into<BoxError>) -> Self {
        Self(CallbackFailure { source: error.into(), is_visible: false })
    }

    /// A failure of a `signIn` callback with a sentence for the visitor: it becomes the `error` of
    /// the page's address, as every error thrown there does in v4, so it must not hold anything
    /// secret. Elsewhere nobody sees it.
    ///
    /// ```
    /// use typegate::CallbackError;
    ///
    /// let closed = CallbackError::visible("Sign-up is closed until Monday");
    /// assert_eq!(closed.visible_message().as_deref(), Some("Sign-up is closed until Monday"));
    /// let failed: CallbackError = "10.0.0.7 is down".into();
    /// assert_eq!(failed.visible_message(), None);
    /// ```
    pub fn visible(message: impl Into<String>) -> Self {
        Self(CallbackFailure { source: message.into().into(), is_visible: true })
    }

    /// The sentence for the visitor, if there is one.
    #[must_use]
    pub fn visible_message(&self) -> Option<String> {
        self.0.is_visible.then(|| self.0.source.to_string())
    }

    pub(crate) fn as_error(&self) -> &(dyn std::error::Error + 'static) {
        &self.0
    }
}

/// As it is read by people: `unwrap` in a test prints it so.
impl fmt::Debug for CallbackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&chain(&self.0))
    }
}

impl fmt::Display for CallbackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<E: Into<BoxError>> From<E> for CallbackError {
    fn from(error: E) -> Self {
        Self::new(error)
    }
}

impl From<CallbackError> for CallbackFailure {
    fn from(error: CallbackError) -> Self {
        error.0
    }
}

/// Why `authorize` could not decide. To refuse somebody, it returns `Ok(None)`.
///
/// Any error and any text turns into [`AuthorizeError::failed`] by `?`.
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
pub struct AuthorizeError(AuthorizeErrorKind);

enum AuthorizeErrorKind {
    Visible(String),
    Failed(BoxError),
    Unavailable(BoxError),
    /// The form is not of the type that `authorize` takes.
    Unfit(String),
}

impl AuthorizeError {
    /// Refuses with a sentence for the visitor: it becomes the `error` of the page's address, as
    /// an error thrown in v4's `authorize` does, so it must not hold anything secret.
    pub fn visible(message: impl Into<String>) -> Self {
        Self(AuthorizeErrorKind::Visible(message.into()))
    }

    /// The check could not be made. The cause is logged; the visitor sees the general text.
    ///
    /// The attempt counts for the [rate limit](crate::rate_limit), unless the cause is an
    /// [`AdapterError`](crate::AdapterError) or the error of a connection: libraries call a wrong
    /// password an error, too.
    pub fn failed(source: impl Into<BoxError>) -> Self {
        Self(AuthorizeErrorKind::Failed(source.into()))
    }

    /// The check could not be made because something that it needs is down, such as a directory:
    /// as [`failed`](Self::failed), and the attempt is given back, so that nobody is locked out by
    /// it. Not for what a wrong password or an odd form can bring about: that could be guessed for
    /// ever.
    ///
    /// ```
    /// use typegate::AuthorizeError;
    ///
    /// async fn bind() -> std::io::Result<()> {
    ///     Err(std::io::Error::other("the directory is read-only today"))
    /// }
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # runtime.block_on(async {
    /// let error = bind().await.map_err(AuthorizeError::unavailable).unwrap_err();
    /// assert_eq!(error.visible_message(), None);
    /// # });
    /// ```
    pub fn unavailable(source: impl Into<BoxError>) -> Self {
        Self(AuthorizeErrorKind::Unavailable(source.into()))
    }

    /// The sentence for the visitor, if there is one.
    #[must_use]
    pub fn visible_message(&self) -> Option<&str> {
        match &self.0 {
            AuthorizeErrorKind::Visible(message) => Some(message),
            _ => None,
        }
    }

    /// Whether the attempt came to nothing by no fault of whoever made it.
    pub(crate) fn is_outage(&self) -> bool {
        match &self.0 {
            AuthorizeErrorKind::Unavailable(_) => true,
            AuthorizeErrorKind::Failed(source) => is_outage(source.as_ref()),
            AuthorizeErrorKind::Visible(_) | AuthorizeErrorKind::Unfit(_) => false,
        }
    }

    pub(crate) fn unfit(what: String) -> Self {
        Self(AuthorizeErrorKind::Unfit(what))
    }

    /// What of the form does not fit.
    pub(crate) fn misfit(&self) -> Option<&str> {
        match &self.0 {
            AuthorizeErrorKind::Unfit(what) => Some(what),
            _ => None,
        }
    }

    pub(crate) fn cause(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            AuthorizeErrorKind::Visible(_) | AuthorizeErrorKind::Unfit(_) => None,
            AuthorizeErrorKind::Failed(source) | AuthorizeErrorKind::Unavailable(source) => {
                Some(source.as_ref())
            }
        }
    }
}

/// As it is read by people: `unwrap` in a test prints it so.
impl fmt::Debug for AuthorizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            AuthorizeErrorKind::Visible(text) | AuthorizeErrorKind::Unfit(text) => {
                f.write_str(text)
            }
            AuthorizeErrorKind::Failed(source) | AuthorizeErrorKind::Unavailable(source) => {
                f.write_str(&chain(source.as_ref()))
            }
        }
    }
}

impl<E: Into<BoxError>> From<E> for AuthorizeError {
    fn from(error: E) -> Self {
        Self::failed(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_error_and_any_text_is_a_failure_of_application_code() {
        fn callback(text: &str) -> Result<u8, CallbackError> {
            if text.is_empty() {
                return Err("nothing was given".into());
            }
            Ok(text.parse()?)
        }
        fn boxed() -> Result<(), BoxError> {
            Err(String::from("a boxed one").into())
        }
        fn authorize() -> Result<(), AuthorizeError> {
            Ok(boxed()?)
        }
        let failed = |text| format!("{:?}", callback(text).unwrap_err());
        assert_eq!(failed(""), "the application's callback failed: nothing was given");
        assert_eq!(failed("x"), "the application's callback failed: invalid digit found in string");
        let refused = authorize().unwrap_err();
        assert_eq!(format!("{refused:?}"), "a boxed one");
        assert_eq!(refused.visible_message(), None);
    }
}
