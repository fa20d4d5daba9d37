//! The values of `?error=`, which are part of v4's wire: the page that explains each to the
//! visitor, and its text.

use std::fmt;

use crate::theme::Texts;

macro_rules! page_errors {
    ($($(#[$docs:meta])* $variant:ident, $page:ident, $text:ident;)*) => {
        /// A value of `?error=`. v4's clients and applications compare them.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum PageError {
            $($(#[$docs])* $variant,)*
        }

        impl PageError {
            /// All values.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The value as it stands in the address.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)* }
            }

            /// What the built-in page says in that language, in one line.
            pub(crate) fn text_in(self, texts: &Texts) -> &'static str {
                match self { $(Self::$variant => texts.$text,)* }
            }

            fn page(self) -> Page {
                match self { $(Self::$variant => Page::$page,)* }
            }
        }
    };
}

enum Page {
    SignIn,
    Forbidden,
    ServerError,
}

page_errors! {
    /// The application's `signIn` callback sent the browser here with it; typegate does not.
    Signin, SignIn, try_another_account;
    /// The browser could not be sent to the provider.
    OAuthSignin, SignIn, try_another_account;
    /// The provider's answer did not amount to a sign-in.
    OAuthCallback, SignIn, try_another_account;
    /// The user of a provider could not be stored.
    OAuthCreateAccount, SignIn, try_another_account;
    /// The user of a link could not be stored.
    EmailCreateAccount, SignIn, try_another_account;
    /// The provider refused, or a good sign-in did not become a session.
    Callback, SignIn, try_another_account;
    /// The account, or its address, belongs to another user.
    OAuthAccountNotLinked, SignIn, not_linked;
    /// The link could not be sent.
    EmailSignin, SignIn, email_not_sent;
    /// The credentials were refused.
    CredentialsSignin, SignIn, wrong_details;
    /// A client asked for a session that does not exist.
    SessionRequired, SignIn, sign_in_required;
    /// The application refused.
    AccessDenied, Forbidden, no_permission;
    /// The link is not valid, or was used already.
    Verification, Forbidden, link_invalid;
    /// The server is misconfigured.
    Configuration, ServerError, server_problem;
}

impl PageError {
    /// What the sign-in page says to any other value.
    pub const UNKNOWN_TEXT: &'static str = Texts::ENGLISH.unable_to_sign_in;

    /// What the built-in page says in English, in one line.
    #[must_use]
    pub fn text(self) -> &'static str {
        self.text_in(&Texts::ENGLISH)
    }

    /// Whether the error page sends the browser on to the sign-in page, which shows the text.
    #[must_use]
    pub fn is_on_sign_in_page(self) -> bool {
        matches!(self.page(), Page::SignIn)
    }

    /// The status of the page that shows it.
    #[must_use]
    pub fn status(self) -> u16 {
        match self.page() {
            Page::SignIn => 200,
            Page::Forbidden => 403,
            Page::ServerError => 500,
        }
    }

    /// The error that the sign-in page explains, compared exactly.
    pub(crate) fn on_sign_in_page(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|error| error.is_on_sign_in_page() && error.as_str() == text)
    }

    /// The error that the error page itself explains. v4 compares these in lower case.
    pub(crate) fn on_error_page(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|error| !error.is_on_sign_in_page() && error.as_str().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl AsRef<str> for PageError {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::PageError;

    #[test]
    fn values_of_the_sign_in_page_are_compared_exactly() {
        assert_eq!(PageError::on_sign_in_page("OAuthCallback"), Some(PageError::OAuthCallback));
        for text in ["oauthcallback", "OAuthCallback ", "", "Default", "AccessDenied"] {
            assert_eq!(PageError::on_sign_in_page(text), None, "{text:?}");
        }
        // v4 looks the text up in an object and finds functions under these names.
        for text in ["constructor", "toString", "__proto__", "hasOwnProperty"] {
            assert_eq!(PageError::on_sign_in_page(text), None, "{text:?}");
        }
    }

    #[test]
    fn values_of_the_error_page_are_compared_in_any_case() {
        for text in ["configuration", "Configuration", "CONFIGURATION"] {
            assert_eq!(PageError::on_error_page(text), Some(PageError::Configuration));
        }
        assert_eq!(PageError::on_error_page("OAuthCallback"), None);
    }
}
