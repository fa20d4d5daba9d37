//! The size limit of a session that travels in cookies.
//!
//! A browser keeps about 180 cookies of 4096 bytes for a site, but whatever it sends has to pass every
//! server on the way: Node.js accepts 16 KiB of headers, nginx and Apache 8 KiB a line unless
//! configured otherwise, and a proxy has to fit the headers of a response into a buffer of 4 or 8 KiB.
//! A larger session could be written but never read back: every request of that browser would be
//! refused, the sign-out included.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use serde_json::Value;

use crate::crypto::random::RandomError;
use crate::error::{ConfigError, ErrorCode};
use crate::jose::Claims;
use crate::jose::MAXIMUM_TOKEN_LENGTH;
use crate::log::Log;

/// Four of v4's cookies. v4 runs on Node.js, which takes 16 KiB of headers: no longer session has
/// ever come back to it, unless somebody raised that.
const DEFAULT_MAXIMUM: usize = 4 * 3933;
/// Less would refuse ordinary sessions.
const LEAST_MAXIMUM: usize = 1024;
/// How often it is said that sessions are long, in seconds.
const SAID_EVERY: i64 = 60 * 60;
/// Members that a line names.
const NAMED_MEMBERS: usize = 3;

/// How long a session's text may be, and when that was last complained of.
#[derive(Debug)]
pub(crate) struct SessionSize {
    maximum: usize,
    /// From where on a session does not fit one cookie.
    long: usize,
    warned: AtomicI64,
    kept: AtomicI64,
}

/// Why a session was not sealed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealError {
    #[error(transparent)]
    Random(#[from] RandomError),
    #[error("the session is {size}, and at most {maximum} bytes come back from a browser")]
    TooLarge { size: Size, maximum: usize },
}

/// The length of a session's text, and the members that made it so.
#[derive(Debug)]
pub(crate) struct Size {
    length: usize,
    /// The largest first: name, bytes as JSON, whether it is a picture in the place of an address.
    members: Vec<(String, usize, bool)>,
}

impl SealError {
    /// Under which code it is logged if nothing else is known.
    pub(crate) fn code(&self, usual: ErrorCode) -> ErrorCode {
        match self {
            Self::Random(_) => usual,
            Self::TooLarge { .. } => ErrorCode::SessionTooLarge,
        }
    }
}

impl SessionSize {
    /// `maximum` is what the application wants, `long` what fits one cookie, `readable` what can
    /// be put together again.
    pub(crate) fn resolve(
        maximum: Option<u32>,
        long: usize,
        readable: usize,
    ) -> Result<Self, ConfigError> {
        let readable = readable.min(MAXIMUM_TOKEN_LENGTH);
        let maximum = match maximum {
            None => DEFAULT_MAXIMUM.min(readable),
            Some(bytes) => usize::try_from(bytes)
                .ok()
                .filter(|bytes| (LEAST_MAXIMUM..=readable).contains(bytes))
                .ok_or_else(|| {
                    ConfigError::new(format!(
                        "sessions of at most {bytes} bytes are not possible: `max_size` takes a \
                         number from {LEAST_MAXIMUM} to {readable}"
                    ))
                })?,
        };
        let never = || AtomicI64::new(i64::MIN);
        Ok(Self { maximum, long, warned: never(), kept: never() })
    }

    /// Refuses a text that would not come back, and warns of one that is long, once an hour.
    pub(crate) fn check(
        &self,
        log: &Log,
        text: &str,
        claims: &Claims,
        now: Timestamp,
    ) -> Result<(), SealError> {
        let length = text.len();
        if length <= self.long.min(self.maximum) {
            return Ok(());
        }
        if length > self.maximum {
            let size = Size::of(claims, length);
            return Err(SealError::TooLarge { size, maximum: self.maximum });
        }
        if is_due(&self.warned, now) {
            let size = Size::of(claims, length);
            log.note(ErrorCode::LargeSession, None, &format!("the session is {size}"));
        }
        Ok(())
    }

    /// Tells that a session goes on as it was: each time, but for one that has grown too large once
    /// an hour, because that is so at every request.
    pub(crate) fn log_kept(&self, log: &Log, error: &SealError, now: Timestamp) {
        if matches!(error, SealError::Random(_)) || is_due(&self.kept, now) {
            log.failure(error.code(ErrorCode::JwtSession), None, error);
        }
    }
}

/// Whether it was not said for an hour, and is said now.
fn is_due(said: &AtomicI64, now: Timestamp) -> bool {
    let (now, before) = (now.as_second(), said.load(Ordering::Relaxed));
    let is_due = !(before..before.saturating_add(SAID_EVERY)).contains(&now);
    is_due && said.compare_exchange(before, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
}

impl Size {
    fn of(claims: &Claims, length: usize) -> Self {
        let mut members: Vec<_> = claims
            .as_object()
            .iter()
            .map(|(name, value)| {
                let is_picture = matches!(value, Value::String(text) if text.starts_with("data:"));
                (name.clone(), value.to_string().len(), is_picture)
            })
            .collect();
        members.sort_by_key(|(_, bytes, _)| std::cmp::Reverse(*bytes));
        members.truncate(NAMED_MEMBERS);
        Self { length, members }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes long; its largest members are", self.length)?;
        for (index, (name, bytes, is_picture)) in self.members.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let name: String = name.chars().take(64).collect();
            write!(f, "{comma} `{name}` with {bytes} bytes")?;
            if *is_picture {
                f.write_str(" (a `data:` URL)")?;
            }
        }
        Ok(())
    }
}
