//! The errors of setting the provider up.

use std::{error, fmt};

use ring::error::{KeyRejected, Unspecified};
use url::Url;

/// Why no provider could be made.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum SetupError {
    /// The client has no id, no secret or no redirect URI.
    Client(&'static str),
    /// The issuer is not the bare `http` origin of a loopback host.
    Issuer(Url),
    /// The system gave no randomness.
    Random(Unspecified),
    /// A redirect URI is not a web address or has a fragment.
    RedirectUri(Url),
    /// The embedded key was refused.
    SigningKey(KeyRejected),
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(missing) => write!(f, "the client has no {missing}"),
            Self::Issuer(url) => write!(
                f,
                "the issuer must look like http://localhost:4200, on loopback and without a path, \
                 not {url}"
            ),
            Self::Random(Unspecified) => f.write_str("the system gave no randomness"),
            Self::RedirectUri(url) => write!(
                f,
                "a redirect URI must be an http or https address without a fragment, not {url}"
            ),
            Self::SigningKey(reason) => {
                write!(f, "the embedded signing key was refused: {reason}")
            }
        }
    }
}

/// Without sources: ring's errors are `Error`s only with a feature of it that this
/// provider does not need.
impl error::Error for SetupError {}
