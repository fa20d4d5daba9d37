//! Which pages does the application show itself?

use crate::error::{ConfigError, ErrorCode};
use crate::location::SafeLocation;

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

    /// What each page is called, the action whose built-in page it replaces, and its address.
    pub(crate) fn addresses(&self) -> [(&'static str, &'static str, Option<&str>); 5] {
        let Self { sign_in, sign_out, error, verify_request, new_user } = self;
        [
            ("sign-in", "signin", sign_in.as_deref()),
            ("sign-out", "signout", sign_out.as_deref()),
            ("error", "error", error.as_deref()),
            ("verify-request", "verify-request", verify_request.as_deref()),
            ("new-user", "", new_user.as_deref()),
        ]
    }

    /// The addresses as browsers are sent to them.
    pub(crate) fn locate(&self, base_path: &str) -> Result<LocatedPages, ConfigError> {
        let [sign_in, sign_out, error, verify_request, new_user] =
            self.addresses().map(|(what, action, address)| {
                address.map(|address| locate(what, action, address, base_path)).transpose()
            });
        Ok(LocatedPages {
            sign_in: sign_in?,
            sign_out: sign_out?,
            error: error?,
            verify_request: verify_request?,
            new_user: new_user?,
        })
    }
}

/// The application's own pages, ready to be sent to.
#[derive(Clone, Debug, Default)]
pub(crate) struct LocatedPages {
    pub(crate) sign_in: Option<SafeLocation>,
    pub(crate) sign_out: Option<SafeLocation>,
    pub(crate) error: Option<SafeLocation>,
    pub(crate) verify_request: Option<SafeLocation>,
    pub(crate) new_user: Option<SafeLocation>,
}

/// Refuses an address that no browser can be sent to, and one that is the built-in page which it
/// replaces: that page would redirect to itself for ever.
pub(crate) fn locate(
    what: &str,
    action: &str,
    address: &str,
    base_path: &str,
) -> Result<SafeLocation, ConfigError> {
    let shown = address.escape_debug();
    let has_controls = address.chars().any(char::is_control);
    let location =
        SafeLocation::of_page(address).ok().filter(|_| !has_controls).ok_or_else(|| {
            ConfigError::new(format!(
                "the address `{shown}` of the {what} page is neither a path such as /login nor an \
             absolute http or https URL"
            ))
            .with_code(ErrorCode::InvalidCallbackUrl)
        })?;
    let path = address.split(['?', '#']).next().unwrap_or_default();
    if path.strip_prefix(base_path).and_then(|rest| rest.strip_prefix('/')) == Some(action) {
        let error = ConfigError::new(format!(
            "the address `{shown}` of the {what} page is the built-in page itself, which would \
             redirect to itself for ever: leave it out, or write a page of the application's own"
        ));
        return Err(if action == "error" {
            error.with_code(ErrorCode::AuthOnErrorPage)
        } else {
            error
        });
    }
    Ok(location)
}
