//! Rate limiting: how often somebody may try.
//!
//! Three actions are limited: asking for a sign-in link, submitting credentials, and sending a log
//! line as a browser client. [`RateLimit`] is the rule; [`Allowances`] is the one that is there by
//! default, which counts by client and by account in an [`AttemptStore`]: in this process, or in
//! one that several processes share. [`Unlimited`] is NextAuth v4's way.
//!
//! Who is over the limit sees what a failed attempt shows: `EmailSignin` or `CredentialsSignin`
//! as `error`, and 429 as the status of JSON answers, with `Retry-After` where the rule knows.

mod account;
mod allowances;
mod key;
mod memory;
mod same_letters;
mod store;

use std::borrow::Cow;
use std::future::Future;
use std::sync::Arc;

use jiff::Timestamp;

pub(crate) use self::account::account_key;
pub use self::allowances::Allowances;
pub use self::key::AttemptKey;
pub use self::memory::MemoryAttempts;
pub use self::store::{AttemptStore, Counted};
use crate::error::{CallbackError, ConfigError};
use crate::model::email_address::EmailAddress;
use crate::runtime::containment::{Contained, contained};
pub use crate::web::client_address::ClientNetwork;

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

/// One attempt.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Attempt {
    /// What is tried.
    pub action: LimitedAction,
    /// By the provider of which id, where it is by one.
    pub provider: Option<String>,
    /// From where, if somebody knows: see
    /// [`ClientAddressSource`](crate::ClientAddressSource#who-is-believed).
    pub client: Option<ClientNetwork>,
    /// For whom: the mailbox that is to get a message, or what a form of credentials calls the
    /// account. Mostly one; a form may name several.
    ///
    /// Spelled for counting: in lower case, without accents and spaces, an address without what
    /// follows a `+`, and as weights where there are letters that ASCII has no like of. Not an
    /// address to write to.
    pub accounts: Vec<String>,
    /// Whether whoever asks holds a live session of the mailbox's owner.
    pub has_session: bool,
    /// When.
    pub now: Timestamp,
    /// All that it says of whom it is for: as whom its client is known, should it sign in. Of
    /// several accounts that a form names only the application knows which one was signed in to,
    /// and of several addresses of a mailbox whether their owners are one.
    pub(crate) owner: Option<String>,
}

impl Attempt {
    pub(crate) fn new(
        action: LimitedAction,
        client: Option<ClientNetwork>,
        now: Timestamp,
    ) -> Self {
        let accounts = Vec::new();
        Self { action, provider: None, client, accounts, has_session: false, now, owner: None }
    }

    /// For the accounts that a form names in its fields, spelled for counting.
    pub(crate) fn name(&mut self, accounts: Vec<(String, String)>) {
        self.owner = match accounts.as_slice() {
            [] => None,
            [(_, account)] => Some(account.clone()),
            // As JSON, so that no two lists are one text.
            several => Some(serde_json::json!(several).to_string()),
        };
        self.accounts = accounts.into_iter().map(|(_, account)| account).collect();
        self.accounts.dedup();
    }

    /// For the mailbox of an address.
    pub(crate) fn write_to(&mut self, address: &EmailAddress) {
        self.owner = Some(address.as_str().to_owned());
        self.accounts.extend(account_key(address.as_str()));
    }
}

/// What becomes of an attempt.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Verdict {
    /// It may be made.
    Allowed,
    /// It may not, for now.
    Refused(Refusal),
}

impl Verdict {
    /// Refuses, with a line for the log.
    #[must_use]
    pub fn refused() -> Self {
        Self::Refused(Refusal::default())
    }
}

/// What is known about a refusal.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Refusal {
    /// After how many seconds it may be tried again; sent as `Retry-After` (RFC 6585 section 4).
    pub retry_after: Option<u32>,
    /// What the log warns of; none for a refusal that is like the one before.
    pub warning: Option<Cow<'static, str>>,
}

impl Default for Refusal {
    fn default() -> Self {
        Self { retry_after: None, warning: Some("too many attempts".into()) }
    }
}

/// Decides who may try. A rule of one's own goes beside [`Allowances`] or in its place.
///
/// ```
/// use typegate::{CallbackError, ConfigError};
/// use typegate::rate_limit::{Allowances, Attempt, RateLimit, Verdict};
///
/// /// Nobody of a list, and everybody else as usual.
/// struct Blocklist(Vec<String>, Allowances);
///
/// impl RateLimit for Blocklist {
///     async fn allow(&self, attempt: Attempt) -> Result<Verdict, CallbackError> {
///         let client = attempt.client.map(|network| network.to_string());
///         if client.is_some_and(|client| self.0.contains(&client)) {
///             return Ok(Verdict::refused());
///         }
///         self.1.allow(attempt).await
///     }
///
///     async fn signed_in(&self, attempt: Attempt) -> Result<(), CallbackError> {
///         self.1.signed_in(attempt).await
///     }
///
///     async fn not_made(&self, attempt: Attempt) -> Result<(), CallbackError> {
///         self.1.not_made(attempt).await
///     }
///
///     fn check(&self) -> Result<(), ConfigError> {
///         self.1.check()
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a rate limit",
    label = "this counts no attempts",
    note = "write `.rate_limit(Allowances::default())`, `.rate_limit(Unlimited)`, or give a type \
            that implements `typegate::rate_limit::RateLimit`"
)]
pub trait RateLimit: Send + Sync + 'static {
    /// Counts an attempt and decides.
    ///
    /// An error is logged and refuses, too: while nobody counts, nobody may guess.
    fn allow(
        &self,
        attempt: Attempt,
    ) -> impl Future<Output = Result<Verdict, CallbackError>> + Send;

    /// Learns that whoever made an attempt is the owner of the account: the credentials were right,
    /// or the link was opened. An error is logged and changes nothing.
    fn signed_in(
        &self,
        attempt: Attempt,
    ) -> impl Future<Output = Result<(), CallbackError>> + Send {
        drop(attempt);
        async { Ok(()) }
    }

    /// Learns that an attempt came to nothing because something of the site's own failed: the
    /// database or the mail server is down. Nobody learned anything by it, so a rule that counts may
    /// give it back. An error is logged and changes nothing.
    fn not_made(&self, attempt: Attempt) -> impl Future<Output = Result<(), CallbackError>> + Send {
        drop(attempt);
        async { Ok(()) }
    }

    /// Whether it limits anything. If not, it is never asked, and the log does not warn where it
    /// could not.
    fn is_limiting(&self) -> bool {
        true
    }

    /// What about it cannot work, for `build()` to tell. A rule that goes beside another asks that
    /// one.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] that says what to write.
    fn check(&self) -> Result<(), ConfigError> {
        Ok(())
    }
}

/// No limit, as in NextAuth v4: for sites where something in front of the application counts.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "it says everything by its name")]
pub struct Unlimited;

impl RateLimit for Unlimited {
    async fn allow(&self, _: Attempt) -> Result<Verdict, CallbackError> {
        Ok(Verdict::Allowed)
    }

    fn is_limiting(&self) -> bool {
        false
    }
}

/// [`RateLimit`] as the engine calls it; none if there is no limit, an error if it cannot work.
pub(crate) type ErasedRateLimit = Result<Option<LimitFunctions>, ConfigError>;

#[derive(Clone)]
pub(crate) struct LimitFunctions {
    pub(crate) allow: Contained<Attempt, Verdict, CallbackError>,
    pub(crate) signed_in: Contained<Attempt, (), CallbackError>,
    pub(crate) not_made: Contained<Attempt, (), CallbackError>,
}

/// Keeps a rule as the engine calls it.
pub(crate) fn erase_rate_limit(limit: impl RateLimit) -> ErasedRateLimit {
    if !limit.is_limiting() {
        return Ok(None);
    }
    limit.check()?;
    let limit = Arc::new(limit);
    let (told, given_back) = (Arc::clone(&limit), Arc::clone(&limit));
    let allow = move |attempt| {
        let limit = Arc::clone(&limit);
        async move { limit.allow(attempt).await }
    };
    let signed_in = move |attempt| {
        let limit = Arc::clone(&told);
        async move { limit.signed_in(attempt).await }
    };
    let not_made = move |attempt| {
        let limit = Arc::clone(&given_back);
        async move { limit.not_made(attempt).await }
    };
    Ok(Some(LimitFunctions {
        allow: contained(allow, CallbackError::new),
        signed_in: contained(signed_in, CallbackError::new),
        not_made: contained(not_made, CallbackError::new),
    }))
}
