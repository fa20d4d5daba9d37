//! How often may somebody try? A port that counts attempts, and a default that counts in memory.
//!
//! Three actions are limited: asking for a sign-in link, by client and by recipient; credentials,
//! by client; and log lines of browser clients, by client. Where nobody says who the client is (see
//! [`ClientAddress`](crate::ClientAddress)), nothing is counted by client.
//!
//! Who is over the limit sees what a failed attempt shows: `EmailSignin` or `CredentialsSignin`
//! as `error`, and 429 as the status of JSON answers, with `Retry-After` where the limit knows.

mod memory;

use std::future::Future;

use jiff::Timestamp;

pub use crate::client_address::ClientNetwork;
use crate::containment::Contained;
use crate::error::CallbackError;
pub use memory::MemoryRateLimit;

/// What is counted.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum LimitedAction {
    /// A sign-in link is asked for.
    EmailRequest,
    /// Credentials are submitted, right or wrong.
    Credentials,
    /// A browser client sends a line for the log.
    LogLine,
}

/// For whom it is counted.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum CountedBy {
    /// Whoever asks.
    Client(ClientNetwork),
    /// The address that is to get a message, normalised.
    Recipient(String),
}

/// One attempt.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Attempt {
    /// What is tried.
    pub action: LimitedAction,
    /// By whom, or to whom.
    pub by: CountedBy,
    /// When.
    pub now: Timestamp,
}

impl Attempt {
    pub(crate) fn new(action: LimitedAction, by: CountedBy, now: Timestamp) -> Self {
        Self { action, by, now }
    }
}

/// Counts attempts and decides. Several processes of one site need a store that they share.
///
/// ```
/// use typegate::CallbackError;
/// use typegate::rate_limit::{Attempt, CountedBy, RateLimit};
///
/// /// Only clients that are not on a list.
/// struct Blocklist(Vec<String>);
///
/// impl RateLimit for Blocklist {
///     async fn allow(&self, attempt: Attempt) -> Result<bool, CallbackError> {
///         Ok(match attempt.by {
///             CountedBy::Client(network) => !self.0.contains(&network.to_string()),
///             _ => true,
///         })
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no rate limit",
    label = "this counts no attempts",
    note = "write `.rate_limit(MemoryRateLimit::default())`, `.rate_limit(Unlimited)`, or give a \
            type that implements `typegate::rate_limit::RateLimit`"
)]
pub trait RateLimit: Send + Sync + 'static {
    /// Counts an attempt; `Ok(false)` refuses it.
    ///
    /// An error is logged and refuses, too: while nobody counts, nobody may guess.
    fn allow(&self, attempt: Attempt) -> impl Future<Output = Result<bool, CallbackError>> + Send;

    /// After how many seconds an attempt that was just refused may be made again; asked right after
    /// [`allow`](Self::allow) and sent as `Retry-After` (RFC 6585 section 4). `None`, the default,
    /// sends nothing.
    fn retry_after(&self, attempt: &Attempt) -> Option<u32> {
        let _ = attempt;
        None
    }
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    Allowed,
    /// It may be made again after so many seconds, if that is known.
    Refused {
        retry_after: Option<u32>,
    },
}

/// [`RateLimit`] as the engine calls it.
pub(crate) type ErasedRateLimit = Contained<Attempt, Verdict, CallbackError>;

/// No limit, as in NextAuth v4: for sites where something in front of the application counts.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "it says everything by its name")]
pub struct Unlimited;

impl RateLimit for Unlimited {
    async fn allow(&self, _: Attempt) -> Result<bool, CallbackError> {
        Ok(true)
    }
}
