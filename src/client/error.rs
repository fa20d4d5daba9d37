//! The errors between a client and its site, and what can be done about each.

use std::fmt;

use http::{Method, StatusCode};
use url::Url;

use crate::error::{BoxError, ErrorCode, debug_as_display};

/// What NextAuth's documentation says to look at first.
const HINT: &str = "make sure that NEXTAUTH_URL is the address of the site, \
                    with the path of its auth routes if that is not /api/auth";

/// A request of the client without a usable answer. It never means "signed out".
///
/// The message has the documented code, the method, the address without its query, and the status
/// if there was one. Nothing that was sent is in it, and nothing of the answer's body.
pub struct ClientError {
    method: Method,
    url: String,
    kind: Kind,
}

enum Kind {
    Transport(BoxError),
    Status(StatusCode),
    NotJson(StatusCode),
    Unexpected(StatusCode, &'static str),
    NotASession(String),
    Csrf,
    Unserialisable,
}

impl ClientError {
    fn new(method: &Method, url: &Url, kind: Kind) -> Self {
        let mut url = url.clone();
        url.set_query(None);
        Self { method: method.clone(), url: url.into(), kind }
    }

    pub(super) fn transport(method: &Method, url: &Url, source: BoxError) -> Self {
        Self::new(method, url, Kind::Transport(source))
    }

    pub(super) fn status(method: &Method, url: &Url, status: StatusCode) -> Self {
        Self::new(method, url, Kind::Status(status))
    }

    pub(super) fn not_json(method: &Method, url: &Url, status: StatusCode) -> Self {
        Self::new(method, url, Kind::NotJson(status))
    }

    /// JSON, but not what the endpoint answers.
    pub(super) fn unexpected(
        method: &Method,
        url: &Url,
        status: StatusCode,
        problem: &'static str,
    ) -> Self {
        Self::new(method, url, Kind::Unexpected(status, problem))
    }

    pub(super) fn not_a_session(url: &Url, error: &serde_json::Error) -> Self {
        // Other messages of serde quote the value, and a session may hold an access token.
        let text = error.to_string();
        let reason = if text.starts_with("missing field") {
            text
        } else {
            "a member has another type".into()
        };
        Self::new(&Method::GET, url, Kind::NotASession(reason))
    }

    pub(super) fn csrf(url: &Url) -> Self {
        Self::new(&Method::POST, url, Kind::Csrf)
    }

    pub(super) fn unserialisable(url: &Url) -> Self {
        Self::new(&Method::POST, url, Kind::Unserialisable)
    }

    /// The documented code: `CLIENT_FETCH_ERROR`, or `CLIENT_SESSION_ERROR` if the site answered
    /// with something that is not a session of the chosen type.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self.kind {
            Kind::NotASession(_) => ErrorCode::ClientSession,
            _ => ErrorCode::ClientFetch,
        }
    }

    /// The address that was asked, without its query.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The status of the answer, if there was one and it says something about the failure.
    #[must_use]
    pub fn status_code(&self) -> Option<StatusCode> {
        match self.kind {
            Kind::Status(status) | Kind::NotJson(status) | Kind::Unexpected(status, _) => {
                Some(status)
            }
            Kind::Transport(_) | Kind::NotASession(_) | Kind::Csrf | Kind::Unserialisable => None,
        }
    }

    /// Whether the request did not reach the site, or no answer came back in time.
    #[must_use]
    pub fn is_transport(&self) -> bool {
        matches!(self.kind, Kind::Transport(_))
    }

    /// What to look at first.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self.kind {
            Kind::NotASession(_) => {
                "make sure that the session data type has the members that the site's session \
                 callback gives"
            }
            Kind::Csrf => "make sure that the site's cookies reach this client",
            Kind::Unserialisable => "make sure that the data can be written as JSON",
            _ => HINT,
        }
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}: ", self.code(), self.method, self.url)?;
        match &self.kind {
            Kind::Transport(_) => f.write_str("no answer")?,
            Kind::Status(status) => write!(f, "the answer has the status {}", status.as_u16())?,
            Kind::NotJson(status) => {
                write!(f, "the answer, with the status {}, is not JSON", status.as_u16())?;
            }
            Kind::Unexpected(_, problem) => f.write_str(problem)?,
            Kind::NotASession(reason) => {
                write!(f, "the answer is not a session of the chosen type: {reason}")?;
            }
            Kind::Csrf => f.write_str("the site refused two CSRF tokens that it had just given")?,
            Kind::Unserialisable => f.write_str("the data of the update is not JSON")?,
        }
        write!(f, "; {}", self.hint())
    }
}

debug_as_display!(ClientError);

impl std::error::Error for ClientError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            Kind::Transport(source) => Some(source.as_ref()),
            _ => None,
        }
    }
}
