//! Secret values: the application's secret, client secrets, session tokens and the hashes of
//! verification tokens.
//!
//! Each is a newtype over `secrecy`, which wipes the memory when the value is dropped. `Debug`
//! prints a redaction, there is neither `Display` nor `PartialEq`, and only `expose` gives the text
//! away.

use std::fmt;

use secrecy::zeroize::Zeroize as _;
use secrecy::{ExposeSecret as _, SecretBox, SecretSlice, SecretString};
use serde::Deserialize;

use crate::error::{ConfigError, ErrorCode};
use crate::runtime::environment::{environment, is_no_part_of_a_text};
use crate::runtime::oddity::Oddity;

/// Length from which a secret counts as strong, in bytes (RFC 7518 section 3.2: as long as the
/// hash output).
pub const MINIMUM_SECRET_BYTES: usize = 32;

/// The application's own secret: it seals session tokens and check cookies and signs CSRF tokens.
///
/// Use at least 32 random bytes, for example the output of `openssl rand -base64 32`. The bytes of
/// the text are the key material, as in NextAuth v4, so a secret moves over unchanged.
///
/// ```
/// use typegate::Secret;
///
/// let secret = Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA").unwrap();
/// assert_eq!(format!("{secret:?}"), "Secret(redacted)");
/// assert!(Secret::new("too short").is_err());
/// ```
#[derive(Clone)]
pub struct Secret(SecretSlice<u8>);

impl Secret {
    /// Takes text or bytes of at least 32 bytes.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if there are fewer bytes. A NextAuth site with a shorter secret moves over
    /// with [`Secret::dangerously_short`].
    pub fn new(material: impl Into<Vec<u8>>) -> Result<Self, ConfigError> {
        let material = material.into();
        if material.len() < MINIMUM_SECRET_BYTES {
            return Err(ConfigError::short_secret(material.len(), MINIMUM_SECRET_BYTES));
        }
        Ok(Self(wrap_bytes(material)))
    }

    /// Reads `NEXTAUTH_SECRET`, or else `AUTH_SECRET`. An empty variable counts as not set.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with the code `NO_SECRET` if neither is set, if the value is shorter than 32
    /// bytes, if a line break, spaces or quotation marks stand around it (every byte is key
    /// material, so without them it would be another secret than v4's), if something in it cannot
    /// be seen, or if it is a reference such as `${SECRET}` that nothing replaced.
    pub fn from_env() -> Result<Self, ConfigError> {
        let mut names = ["NEXTAUTH_SECRET", "AUTH_SECRET"].into_iter();
        let found = names.find_map(|name| Some((name, environment(name)?)));
        let (name, material) = found.ok_or_else(ConfigError::no_secret)?;
        Self::of_variable(name, material)
    }

    fn of_variable(name: &str, material: String) -> Result<Self, ConfigError> {
        Self::check_variable(name, &material)?;
        Self::new(material)
    }

    /// Refuses what is hardly meant and may or may not be part of a value.
    pub(crate) fn check_variable(name: &str, material: &str) -> Result<(), ConfigError> {
        let has_break = material.trim_matches(is_no_part_of_a_text) != material;
        let (what, fix) = match Oddity::of(material) {
            _ if has_break => {
                ("begins or ends with a line break or the like".into(), "remove that")
            }
            Some(oddity) => (oddity.what(), oddity.fix()),
            None => return Ok(()),
        };
        Err(ConfigError::new(format!(
            "the value of the environment variable {name} {what}: {fix}, or if the secret has \
             always been so, write `Secret::new(std::env::var(\"{name}\")?)`"
        ))
        .with_code(ErrorCode::NoSecret))
    }

    /// Takes a secret of any length but zero, for a NextAuth site that has a short one and must
    /// not sign its users out today.
    ///
    /// A short secret can be guessed offline from one session cookie. Rotate it.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with the code `NO_SECRET` if there is not a single byte.
    pub fn dangerously_short(material: impl Into<Vec<u8>>) -> Result<Self, ConfigError> {
        let material = material.into();
        if material.is_empty() {
            return Err(ConfigError::no_secret());
        }
        Ok(Self(wrap_bytes(material)))
    }

    pub(crate) fn expose(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

/// A longer allocation is not shrunk but copied from and wiped: shrinking may move the bytes and
/// leave them behind.
fn wrap_bytes(mut bytes: Vec<u8>) -> SecretSlice<u8> {
    if bytes.len() == bytes.capacity() {
        return bytes.into();
    }
    let wrapped = SecretBox::new(bytes.as_slice().into());
    bytes.zeroize();
    wrapped
}

/// The same for text.
fn wrap_text(mut text: String) -> SecretString {
    if text.len() == text.capacity() {
        return text.into();
    }
    let wrapped = SecretBox::new(text.as_str().into());
    text.zeroize();
    wrapped
}

macro_rules! redacted_text {
    ($(#[$docs:meta])* $name:ident) => {
        $(#[$docs])*
        #[derive(Clone, Deserialize)]
        #[serde(from = "String")]
        pub struct $name(SecretString);

        impl $name {
            /// Wraps the text.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(wrap_text(text.into()))
            }

            /// The text itself. Every use of a secret value can be found by searching for this
            /// method's name.
            #[must_use]
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::new(text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    };
}

redacted_text! {
    /// The secret that an identity provider gave to this application (RFC 6749 section 2.3.1).
    ///
    /// ```
    /// use typegate::ClientSecret;
    ///
    /// let secret = ClientSecret::new("s3cr3t");
    /// assert_eq!(format!("{secret:?}"), "ClientSecret(redacted)");
    /// ```
    ClientSecret
}

redacted_text! {
    /// The opaque text that names a session in the database: whoever has it is signed in.
    ///
    /// ```
    /// use typegate::SessionToken;
    ///
    /// let token = SessionToken::new("966de657-45d0-4348-b3ab-cf00cddf400f");
    /// assert_eq!(format!("{token:?}"), "SessionToken(redacted)");
    /// ```
    SessionToken
}

redacted_text! {
    /// The SHA-256 under which an e-mail link's token is stored (hexadecimal, 64 characters).
    ///
    /// ```
    /// use typegate::TokenHash;
    ///
    /// assert_eq!(format!("{:?}", TokenHash::new("b85e…")), "TokenHash(redacted)");
    /// ```
    TokenHash
}

#[cfg(test)]
mod tests {
    use secrecy::zeroize::ZeroizeOnDrop;

    use super::*;

    #[test]
    fn r097_short_secrets_are_refused_unless_the_danger_is_named() {
        let refused = Secret::new("x".repeat(31)).unwrap_err();
        assert_eq!(refused.code(), Some(ErrorCode::NoSecret));
        assert!(refused.to_string().contains("31 bytes") && !refused.to_string().contains("xxx"));
        assert!(Secret::new("x".repeat(32)).is_ok());
        assert!(Secret::dangerously_short("x").is_ok());
        assert!(Secret::dangerously_short("").is_err());
    }

    #[test]
    fn what_stands_around_a_secret_in_a_variable_is_no_part_of_it_by_accident() {
        let good = "k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA";
        let of = |text: String| Secret::of_variable("NEXTAUTH_SECRET", text);
        assert_eq!(of(good.to_owned()).unwrap().expose(), good.as_bytes());
        for (before, after) in
            [("", "\n"), ("", "\r\n"), (" ", ""), ("", "\t"), ("\"", "\""), ("'", "'")]
        {
            let error = of(format!("{before}{good}{after}")).unwrap_err();
            assert_eq!(error.code(), Some(ErrorCode::NoSecret));
            let text = error.to_string();
            assert!(text.contains("NEXTAUTH_SECRET") && !text.contains(good), "{text}");
        }
    }

    #[test]
    fn secrets_are_wiped_and_keep_their_bytes() {
        fn is_wiped<T: ZeroizeOnDrop>(_: &T) {}

        let mut spare = String::with_capacity(64);
        spare.push_str("canary");
        for text in ["canary".to_owned(), spare] {
            let (secret, token) =
                (Secret::dangerously_short(text.clone()).unwrap(), SessionToken::new(text.clone()));
            is_wiped(&secret.0);
            is_wiped(&token.0);
            assert_eq!(secret.expose(), b"canary");
            assert_eq!(token.clone().expose(), token.expose());
            assert_eq!((token.expose(), ClientSecret::from(text).expose()), ("canary", "canary"));
        }
        let read: TokenHash = serde_json::from_str(r#""can\u0061ry""#).unwrap();
        assert_eq!(read.expose(), "canary");
    }

    #[test]
    fn r110_secrets_do_not_print() {
        let shown = format!(
            "{:?} {:?} {:?} {:?}",
            Secret::dangerously_short("canary").unwrap(),
            ClientSecret::new("canary"),
            SessionToken::new("canary"),
            TokenHash::new("canary"),
        );
        assert!(!shown.contains("canary"), "{shown}");
    }
}
