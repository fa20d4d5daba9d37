//! The columns of the table of codes, besides the code and its cause.

use std::fmt;

use super::ErrorCode;
use crate::error::PageError;

/// The level at which a code is logged.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Level {
    /// Useful when looking into what happened.
    Debug,
    /// Worth a look.
    Warn,
    /// Somebody could not be served.
    Error,
}

/// Where a code comes from.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Origin {
    /// On the error page of NextAuth's documentation.
    Documented,
    /// Logged by NextAuth v4, and not on that page.
    Undocumented,
    /// typegate's own, for what NextAuth v4 does not log.
    Typegate,
}

impl Origin {
    /// The origin in words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented by NextAuth",
            Self::Undocumented => "logged by NextAuth v4, not in its documentation",
            Self::Typegate => "typegate's own",
        }
    }
}

/// Who can cause an error.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum CausedBy {
    /// Whoever runs the application: its configuration, its code, its database, its identity
    /// providers.
    Operator,
    /// Anybody, by a request. What a request alone brings about is a warning at most, whatever the
    /// row says; a failure on the operator's side under the same code has the level of the row.
    Strangers,
}

/// The flow in which a code is raised; the field `flow` of a log line.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Flow {
    /// A call of the adapter, whichever flow made it.
    Adapter,
    /// A client, in the browser or elsewhere.
    Client,
    /// Before any flow: in `build()`, or while a request is looked at.
    Configuration,
    /// Sign-in with credentials.
    Credentials,
    /// Sign-in by a link.
    Email,
    /// After a flow, in an event handler of the application.
    Event,
    /// Sign-in with an identity provider.
    OAuth,
    /// Any request, before its flow is chosen or by what all flows share.
    Request,
    /// Reading or updating a session.
    Session,
    /// Sign-in of any kind.
    SignIn,
    /// Sign-out.
    SignOut,
}

impl Flow {
    /// The name in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Adapter => "adapter",
            Self::Client => "client",
            Self::Configuration => "configuration",
            Self::Credentials => "credentials",
            Self::Email => "email",
            Self::Event => "event",
            Self::OAuth => "oauth",
            Self::Request => "request",
            Self::Session => "session",
            Self::SignIn => "sign-in",
            Self::SignOut => "sign-out",
        }
    }
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the visitor sees of an error.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Shown {
    /// A redirect to the error page with this `?error=`.
    Error(PageError),
    /// A redirect to the error page with a text of the application as `?error=`.
    ApplicationText,
    /// A redirect to the sign-in page, without an error.
    SignInPage,
    /// A redirect to the page with the form, `?csrf=true`; for an update of the session, 400 and
    /// `{}`.
    FormAgain,
    /// 500: the configuration text where a page was asked for, else JSON; or the application's
    /// error page with `?error=Configuration`.
    ServerError,
    /// 200 and `{}`; the session cookie is deleted.
    SignedOut,
    /// 200 and `{}`; the session cookie is kept.
    EmptySession,
    /// This status and a short text.
    Status(u16),
    /// The flow goes on as if nothing had happened.
    GoesOn,
    /// Nothing: it is not raised while a request is answered.
    NotInAnswer,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => write!(f, "`?error={error}`: {}", error.text()),
            Self::ApplicationText => f.write_str("`?error=` with the application's own text"),
            Self::SignInPage => f.write_str("the sign-in page, without an error"),
            Self::FormAgain => f.write_str("the form again (`?csrf=true`)"),
            Self::ServerError => write!(f, "500: {}", PageError::Configuration.text()),
            Self::SignedOut => f.write_str("200 `{}`, the session cookie is deleted"),
            Self::EmptySession => f.write_str("200 `{}`, the session cookie is kept"),
            Self::Status(status) => write!(f, "{status} and a short text"),
            Self::GoesOn => f.write_str("nothing, the flow goes on"),
            Self::NotInAnswer => f.write_str("nothing"),
        }
    }
}

/// The retirement of a code that NextAuth no longer uses.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct Retired {
    /// Which releases used it, such as `until v4.10.1`.
    pub when: &'static str,
    /// Today's codes, one of which is logged right after it.
    pub with: &'static [ErrorCode],
}

impl Retired {
    pub(super) const fn new(when: &'static str, with: &'static [ErrorCode]) -> Self {
        Self { when, with }
    }
}

/// The rest of a row.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The level of a failure on the operator's side.
    pub(crate) level: Level,
    pub(crate) caused_by: CausedBy,
    pub(crate) origin: Origin,
    pub(crate) flow: Flow,
    pub(crate) step: &'static str,
    pub(crate) shown: &'static [Shown],
    pub(crate) diagnosis: &'static str,
    pub(crate) remedy: &'static str,
    pub(crate) rule: Option<u8>,
    pub(crate) documented_message: Option<&'static str>,
    pub(crate) retired: Option<Retired>,
}

impl Entry {
    /// The defaults of a row.
    pub(super) const PLAIN: Self = Self {
        level: Level::Error,
        caused_by: CausedBy::Operator,
        origin: Origin::Documented,
        flow: Flow::SignIn,
        step: "",
        shown: &[],
        diagnosis: "The log line has the causes.",
        remedy: "",
        rule: None,
        documented_message: None,
        retired: None,
    };
}
