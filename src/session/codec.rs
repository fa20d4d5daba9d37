//! The codec of session cookies: the settings that decide how claims become the text of a cookie.

use super::lifetime::SessionLifetime;
use super::signing_key::SigningKey;

/// What turns claims into the text of a cookie.
#[derive(Clone, Debug, Default)]
pub(crate) struct SessionCodec {
    pub(crate) formats: SessionFormats,
    /// Tokens are signed with this in the place of being encrypted.
    pub(crate) signing_key: Option<SigningKey>,
    pub(crate) previous_signing_keys: Vec<SigningKey>,
    pub(crate) lifetime: SessionLifetime,
    /// How long a token may be, in bytes; the default is in `session_size`.
    pub(crate) maximum_size: Option<u32>,
}

impl SessionCodec {
    /// The name of the session cookie beside NextAuth v4's, less its prefix.
    pub(crate) fn second_session(&self) -> Option<&'static str> {
        match self.formats {
            SessionFormats::NextAuthV4 => None,
            #[cfg(feature = "auth-js-v5")]
            SessionFormats::FromAuthJsV5 | SessionFormats::ToAuthJsV5 => {
                Some(crate::web::cookie::AUTH_JS_SESSION)
            }
        }
    }
}

/// Which session cookies are read, and which is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum SessionFormats {
    /// NextAuth v4's only.
    #[default]
    NextAuthV4,
    /// Both are read, NextAuth v4's is written.
    #[cfg(feature = "auth-js-v5")]
    FromAuthJsV5,
    /// Both are read, Auth.js v5's is written.
    #[cfg(feature = "auth-js-v5")]
    ToAuthJsV5,
}
