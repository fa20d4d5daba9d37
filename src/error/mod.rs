//! The columns of the table of errors: what is documented about an [`ErrorCode`], and
//! [`PageError`], what a visitor reads of it.
//!
//! Log processors, dashboards and an application's own error page ask for these; the error types
//! themselves stand at the crate's root.
//!
//! ```
//! use typegate::ErrorCode;
//! use typegate::error::{CausedBy, Level, PageError, Shown};
//!
//! let code = ErrorCode::OAuthCallback;
//! assert_eq!((code.caused_by(), code.level()), (CausedBy::Strangers, Level::Warn));
//! assert!(code.shown().contains(&Shown::Error(PageError::OAuthCallback)));
//! ```

pub(crate) mod adapter;
pub(crate) mod call_error;
pub(crate) mod callback;
pub(crate) mod code;
pub(crate) mod config;
pub(crate) mod oauth;
#[cfg(feature = "oauth2")]
pub(crate) mod oauth2_client;
pub(crate) mod outage;
mod page_error;
mod quoted;
#[cfg(any(
    feature = "dynamic",
    feature = "mysql",
    feature = "postgres",
    feature = "redis",
    feature = "sqlite"
))]
pub(crate) mod spelling;

// One public path for each type: what is `pub` here stands under `error::`, the rest at the root.
pub(crate) use self::adapter::{AdapterError, AdapterErrorKind};
pub(crate) use self::call_error::Error;
pub(crate) use self::callback::{AuthorizeError, BoxError, CallbackError, CallbackFailure};
pub(crate) use self::code::ErrorCode;
pub use self::code::{CausedBy, Flow, Level, Origin, Retired, Shown};
pub(crate) use self::config::{ConfigError, ConfigErrors};
pub(crate) use self::oauth::OAuthError;
#[cfg(feature = "oauth2")]
pub(crate) use self::oauth2_client::OAuth2ClientError;
pub use self::page_error::PageError;
pub(crate) use self::quoted::Quoted;

/// The causes of an error, the nearest first.
pub(crate) fn causes<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |cause| cause.source())
}

/// An error with its causes, in one line: what a log needs and a browser must not see. Some errors
/// tell their causes themselves.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    causes(error).fold(error.to_string(), |mut text, cause| {
        let cause = format!(": {cause}");
        if !text.contains(&cause) {
            text.push_str(&cause);
        }
        text
    })
}

/// `Debug` of an error as it is read by people: a `main` that returns errors prints them so, and so does
/// `unwrap`. It is `Display`, with the causes.
macro_rules! debug_as_display {
    ($error:ident) => {
        impl std::fmt::Debug for $error {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::error::chain(self))
            }
        }
    };
}

pub(crate) use debug_as_display;
