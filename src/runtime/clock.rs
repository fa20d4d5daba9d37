//! The clock. Everything that expires asks it, so that tests can stop it.

pub(crate) use jiff::Timestamp;

/// A source of the current time.
///
/// ```
/// use typegate::clock::{Clock, SystemClock};
///
/// assert!(SystemClock.now().as_second() > 1_700_000_000);
/// ```
pub trait Clock: Send + Sync + 'static {
    /// The current time, UTC.
    fn now(&self) -> Timestamp;
}

/// The operating system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// `time` moved by whole seconds, clamped to what a timestamp can express.
pub(crate) fn after(time: Timestamp, seconds: i64) -> Timestamp {
    time.saturating_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

/// Milliseconds since 1970, clamped to what a timestamp can express: databases and JavaScript dates
/// know later years.
#[cfg(any(feature = "mysql", feature = "postgres", feature = "redis", feature = "sqlite"))]
pub(crate) fn at_millisecond(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(match milliseconds {
        ..0 => Timestamp::MIN,
        0.. => Timestamp::MAX,
    })
}

/// ISO 8601 with milliseconds and `Z`, as JavaScript's `toISOString` writes it.
pub(crate) fn iso_milliseconds(time: Timestamp) -> String {
    format!("{time:.3}")
}
