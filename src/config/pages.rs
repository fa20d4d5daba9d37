//! Which pages does the application show itself?

use url::Url;

use crate::error::ConfigError;

/// Addresses of the application's own pages: a path of this site or an absolute URL. What is left
/// out is a built-in page.
///
/// ```
/// use typegate::Pages;
///
/// let pages = Pages::new().sign_in("/login").error("/oops?from=auth");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Pages {
    pub(crate) sign_in: Option<String>,
    pub(crate) sign_out: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) verify_request: Option<String>,
    pub(crate) new_user: Option<String>,
}

macro_rules! setters {
    ($($(#[$docs:meta])* $name:ident;)*) => {
        $($(#[$docs])*
        #[must_use]
        pub fn $name(mut self, address: impl Into<String>) -> Self {
            self.$name = Some(address.into());
            self
        })*
    };
}

impl Pages {
    /// Built-in pages only.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Where people sign in; gets `callbackUrl` and, after a failure, `error`.
        sign_in;
        /// Where people sign out.
        sign_out;
        /// Where failures are shown; gets `error`.
        error;
        /// What is shown after a sign-in link was sent.
        verify_request;
        /// Where a person goes after the very first sign-in; gets `callbackUrl`. Needs an adapter.
        new_user;
    }

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let Self { sign_in, sign_out, error, verify_request, new_user } = self;
        for (what, address) in [
            ("sign-in", sign_in),
            ("sign-out", sign_out),
            ("error", error),
            ("verify-request", verify_request),
            ("new-user", new_user),
        ] {
            let Some(address) = address else { continue };
            let is_path = address.starts_with('/') && !address.starts_with("//");
            let is_url =
                Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
            if !is_path && !is_url || address.chars().any(char::is_control) {
                return Err(ConfigError::new(format!(
                    "the address `{}` of the {what} page is neither a path such as /login nor an \
                     absolute http or https URL",
                    address.escape_debug()
                )));
            }
        }
        Ok(())
    }
}

/// Puts a parameter behind an address, which may have a query already.
pub(crate) fn with_parameter(address: &str, parameter: &str) -> String {
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}{parameter}")
}
