//! Under which code is a failure documented, and how loudly is it logged?
//!
//! The one table of codes. NextAuth v4's spelling is kept: people search their logs for it.

use std::fmt;

/// How loudly a code is logged.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Level {
    /// Of interest when one asks "what happened?".
    Debug,
    /// Worth a look.
    Warn,
    /// Somebody could not be served.
    Error,
}

macro_rules! codes {
    ($($(#[$docs:meta])* $variant:ident = $text:literal, $level:ident;)*) => {
        /// A documented code, as it stands in the log.
        ///
        /// ```
        /// use typegate::{ErrorCode, Level};
        ///
        /// assert_eq!(ErrorCode::NoSecret.as_str(), "NO_SECRET");
        /// assert_eq!(ErrorCode::NoSecret.level(), Level::Error);
        /// ```
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$docs])* $variant,)*
        }

        impl ErrorCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as NextAuth v4 writes it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// How loudly it is logged.
            #[must_use]
            pub fn level(self) -> Level {
                match self { $(Self::$variant => Level::$level,)* }
            }
        }
    };
}

codes! {
    /// The application refused the sign-in, in its `signIn` callback or in `authorize`. Not
    /// logged by v4.
    AccessDenied = "ACCESS_DENIED", Debug;
    /// `createUser` of the adapter failed.
    AdapterCreateUser = "adapter_error_createUser", Error;
    /// A look-up of the adapter failed.
    AdapterRead = "adapter_error_read", Error;
    /// The application's error page asks for a sign-in itself.
    AuthOnErrorPage = "AUTH_ON_ERROR_PAGE_ERROR", Error;
    /// A credentials provider has no `authorize`.
    CallbackCredentialsHandler = "CALLBACK_CREDENTIALS_HANDLER_ERROR", Error;
    /// Credentials cannot be used where sessions live in the database.
    CallbackCredentialsJwt = "CALLBACK_CREDENTIALS_JWT_ERROR", Error;
    /// A good e-mail link did not become a session.
    CallbackEmail = "CALLBACK_EMAIL_ERROR", Error;
    /// Any failure of an OAuth callback before the profile; the name until v4.10.3, logged
    /// together with `OAUTH_CALLBACK_ERROR`.
    CallbackOAuth = "CALLBACK_OAUTH_ERROR", Error;
    /// The `redirect` callback failed or gave a target that no header can carry.
    CallbackRedirect = "CALLBACK_REDIRECT_ERROR", Error;
    /// `authorize` of a credentials provider failed; the visitor was not refused, the check could
    /// not be made. Not logged by v4.
    CredentialsAuthorize = "CREDENTIALS_AUTHORIZE_ERROR", Error;
    /// A POST came without a right CSRF token. Not logged by v4.
    CsrfToken = "CSRF_TOKEN_ERROR", Debug;
    /// An e-mail provider needs an adapter.
    EmailRequiresAdapter = "EMAIL_REQUIRES_ADAPTER_ERROR", Error;
    /// The authorization URL could not be made; the name until v4.10.1, logged together with
    /// `SIGNIN_OAUTH_ERROR`.
    GetAuthorizationUrl = "GET_AUTHORIZATION_URL_ERROR", Error;
    /// A callback URL is no http or https URL and no path.
    InvalidCallbackUrl = "INVALID_CALLBACK_URL_ERROR", Error;
    /// The session token did not decode, or a callback failed while a session was read.
    JwtSession = "JWT_SESSION_ERROR", Error;
    /// A log line of a browser client could not be taken.
    Logger = "LOGGER_ERROR", Warn;
    /// The adapter lacks methods that a provider needs.
    MissingAdapterMethods = "MISSING_ADAPTER_METHODS_ERROR", Error;
    /// The request names no action.
    MissingApiRoute = "MISSING_NEXTAUTH_API_ROUTE_ERROR", Error;
    /// No site URL is configured and the proxy is not trusted.
    NextAuthUrl = "NEXTAUTH_URL", Warn;
    /// No secret is configured.
    NoSecret = "NO_SECRET", Error;
    /// The new account could not be linked: it, or its address, belongs to another user. Not
    /// logged by v4.
    OAuthAccountNotLinked = "OAUTH_ACCOUNT_NOT_LINKED", Warn;
    /// An OAuth callback failed.
    OAuthCallback = "OAUTH_CALLBACK_ERROR", Error;
    /// The identity provider answered with an error, or storing a good sign-in failed.
    OAuthCallbackHandler = "OAUTH_CALLBACK_HANDLER_ERROR", Error;
    /// The token request failed; a name of v3, logged together with `OAUTH_CALLBACK_ERROR`.
    OAuthGetAccessToken = "OAUTH_GET_ACCESS_TOKEN_ERROR", Error;
    /// The userinfo request failed; a name of v3, logged together with `OAUTH_CALLBACK_ERROR`.
    OAuthGetProfile = "OAUTH_GET_PROFILE_ERROR", Error;
    /// An OAuth 1.0a callback failed before the profile was mapped; logged together with
    /// `OAUTH_CALLBACK_ERROR`.
    OAuthV1GetAccessToken = "OAUTH_V1_GET_ACCESS_TOKEN_ERROR", Error;
    /// The provider's profile could not be mapped to a user.
    OAuthParseProfile = "OAUTH_PARSE_PROFILE_ERROR", Error;
    /// Code of the application's panicked outside its callbacks: in a profile's mapping, an
    /// adapter, a clock. Not a code of v4's.
    Panic = "PANIC_ERROR", Error;
    /// The PKCE cookie could not be made or read; a name of v3, logged together with
    /// `SIGNIN_OAUTH_ERROR` or `OAUTH_CALLBACK_ERROR`.
    Pkce = "PKCE_ERROR", Error;
    /// A sign-in link could not be sent or stored; the name until v4.10.1, logged together with
    /// `SIGNIN_EMAIL_ERROR`.
    SendVerificationEmail = "SEND_VERIFICATION_EMAIL_ERROR", Error;
    /// Somebody tried too often. Not a code of v4's.
    RateLimit = "RATE_LIMIT_ERROR", Debug;
    /// The application's rate limit failed, so the attempt was refused. Not a code of v4's.
    RateLimitStore = "RATE_LIMIT_STORE_ERROR", Error;
    /// A session could not be read from or written to the database.
    Session = "SESSION_ERROR", Error;
    /// A sign-in link could not be sent.
    SignInEmail = "SIGNIN_EMAIL_ERROR", Error;
    /// A sign-in by OAuth could not be started.
    SignInOAuth = "SIGNIN_OAUTH_ERROR", Error;
    /// A sign-out met a token that does not decode, or a database that does not answer.
    SignOut = "SIGNOUT_ERROR", Error;
    /// An e-mail link is unknown, used, expired or incomplete. Not logged by v4.
    VerificationLink = "VERIFICATION_LINK_ERROR", Debug;
    /// The `createUser` event handler failed.
    CreateUserEvent = "CREATE_USER_EVENT_ERROR", Error;
    /// The `linkAccount` event handler failed.
    LinkAccountEvent = "LINK_ACCOUNT_EVENT_ERROR", Error;
    /// The `session` event handler failed.
    SessionEvent = "SESSION_EVENT_ERROR", Error;
    /// The `signIn` event handler failed.
    SignInEvent = "SIGN_IN_EVENT_ERROR", Error;
    /// The `signOut` event handler failed.
    SignOutEvent = "SIGN_OUT_EVENT_ERROR", Error;
    /// The `updateUser` event handler failed.
    UpdateUserEvent = "UPDATE_USER_EVENT_ERROR", Error;
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::ErrorCode;

    #[test]
    fn codes_are_spelled_once() {
        let texts: HashSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), ErrorCode::ALL.len());
    }
}
