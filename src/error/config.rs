//! The errors of a configuration that types cannot see.

use std::fmt;

use super::{AdapterError, BoxError, ErrorCode, chain, debug_as_display};

/// A configuration that cannot work: returned by `build()` and by the constructors of its parts.
///
/// The message names the offending value and what is accepted instead; secrets are never in it.
/// `build()` reports everything that is wrong at once:
///
/// ```
/// use typegate::provider::catalog::GitHub;
/// use typegate::{Auth, ClientSecret, Pages, Secret};
///
/// let error = Auth::builder()
///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
///     .url("https://app.example.com".parse()?)
///     .provider(GitHub::new("", ClientSecret::new("client secret")))
///     .pages(Pages::new().sign_in("login"))
///     .build()
///     .unwrap_err();
/// assert_eq!(error.all().count(), 2);
/// # Ok::<(), typegate::ConfigError>(())
/// ```
pub struct ConfigError {
    code: Option<ErrorCode>,
    message: String,
    source: Option<BoxError>,
    /// Its parts, if it reports several mistakes.
    parts: Vec<Self>,
}

impl ConfigError {
    /// The documented code, where v4 has one; the first code if several things are wrong.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.code
    }

    /// The mistakes, one by one.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        let alone = self.parts.is_empty().then_some(self);
        alone.into_iter().chain(&self.parts)
    }

    /// The message without the code.
    #[cfg(feature = "dynamic")]
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { code: None, message: message.into(), source: None, parts: Vec::new() }
    }

    pub(crate) fn with_code(mut self, code: ErrorCode) -> Self {
        self.code = Some(code);
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// For a value that came from an environment variable.
    pub(crate) fn in_variable(mut self, name: &str) -> Self {
        self.message = format!("the environment variable {name}: {}", self.message);
        self
    }

    pub(crate) fn no_secret() -> Self {
        Self::new(
            "there is no secret: set NEXTAUTH_SECRET (or AUTH_SECRET) to the output of \
             `openssl rand -base64 32`",
        )
        .with_code(ErrorCode::NoSecret)
    }

    pub(crate) fn short_secret(length: usize, minimum: usize) -> Self {
        Self::new(format!(
            "the secret has {length} bytes and at least {minimum} are needed: use the output of \
             `openssl rand -base64 32`, or Secret::dangerously_short until it is rotated"
        ))
        .with_code(ErrorCode::NoSecret)
    }

    pub(crate) fn missing_variable(name: &str) -> Self {
        Self::new(format!("the environment variable {name} is not set or empty"))
    }
}

/// The mistakes found so far.
#[derive(Debug, Default)]
pub(crate) struct ConfigErrors(Vec<ConfigError>);

impl ConfigErrors {
    /// Keeps the error of a result, and gives its value.
    pub(crate) fn keep<T>(&mut self, result: Result<T, ConfigError>) -> Option<T> {
        result.map_err(|error| self.extend([error])).ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value, if nothing was found.
    pub(crate) fn or<T>(self, value: T) -> Result<T, ConfigError> {
        match self.is_empty() {
            true => Ok(value),
            false => Err(self.into_error()),
        }
    }

    /// All mistakes as one error.
    pub(crate) fn into_error(mut self) -> ConfigError {
        if self.0.len() == 1 {
            return self.0.swap_remove(0);
        }
        let code = self.0.iter().find_map(ConfigError::code);
        let mut message = format!("{} settings cannot work:", self.0.len());
        for error in &self.0 {
            message.push_str("\n- ");
            message.push_str(&chain(error));
        }
        ConfigError { code, message, source: None, parts: self.0 }
    }
}

impl Extend<ConfigError> for ConfigErrors {
    /// The same thing found twice is one, and several in one are several.
    fn extend<I: IntoIterator<Item = ConfigError>>(&mut self, errors: I) {
        let parts = |mut error: ConfigError| match error.parts.is_empty() {
            true => vec![error],
            false => std::mem::take(&mut error.parts),
        };
        for error in errors.into_iter().flat_map(parts) {
            if self.0.iter().all(|known| known.message != error.message) {
                self.0.push(error);
            }
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code.filter(|_| self.parts.is_empty()) {
            Some(code) => write!(f, "{code}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

debug_as_display!(ConfigError);

/// For a function that connects an adapter and configures with it.
///
/// ```
/// use typegate::{AdapterError, ConfigError};
///
/// fn connect() -> Result<(), AdapterError> {
///     Err(AdapterError::unavailable("db.internal does not answer"))
/// }
///
/// fn configure() -> Result<(), ConfigError> {
///     Ok(connect()?)
/// }
///
/// let error = configure().unwrap_err();
/// assert!(format!("{error:?}").contains("db.internal does not answer"));
/// ```
impl From<AdapterError> for ConfigError {
    fn from(error: AdapterError) -> Self {
        Self::new("there is no adapter to use").with_source(error)
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}
