//! The failure of a recorded sign-in, and its reason.

use http::Method;

use crate::error::{BoxError, ConfigError, debug_as_display};

/// Why a [`Recording`](super::Recording) did not sign anybody in.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// A part of the recording is not what providers answer.
    #[error("the recorded {what} is no JSON object, but {found}")]
    NoObject {
        /// Which part.
        what: &'static str,
        /// What it is instead.
        found: &'static str,
    },
    /// The provider cannot be configured.
    #[error("the provider is refused by `build()`")]
    Configuration(#[from] ConfigError),
    /// The ID token cannot be signed as the provider wants it.
    #[error("there is no key for ID tokens signed by {0}")]
    NoKey(&'static str),
    /// An address was asked that the recording says nothing about.
    #[error("{method} {url} was asked, and the recording has no answer for it: add {call}")]
    Unanswered {
        /// The method.
        method: Method,
        /// The whole address.
        url: String,
        /// The call that records an answer.
        call: &'static str,
    },
    /// The recording has an answer that nobody asked for.
    #[error("the recording has {0}, and nobody asked for it")]
    Unused(String),
    /// The engine refused; the code and the message are those that it logged.
    #[error("{code}: {message}")]
    Refused {
        /// The documented code.
        code: String,
        /// What was wrong.
        message: String,
    },
    /// The browser was not sent to the provider, or nobody was signed in, and nothing was logged.
    #[error("the sign-in ended at {address:?}, and nothing was logged")]
    Ended {
        /// Where the browser was sent.
        address: String,
    },
    /// The application's service failed.
    #[error("the engine did not answer")]
    Service(#[source] BoxError),
}

debug_as_display!(Failure);
