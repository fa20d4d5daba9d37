//! A record for tests: what errors say in full, which no log line does.

use std::cell::RefCell;
use std::fmt;

use crate::error::causes;

thread_local! {
    static RECORD: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// The errors that are logged on this thread while it lives, each with all causes by `Display`
/// and `Debug`. For tests that search them for secrets.
///
/// ```
/// use typegate::testing::LoggedErrors;
///
/// let errors = LoggedErrors::record();
/// // drive a flow into a failure, then:
/// assert!(errors.texts().iter().all(|text| !text.contains("hunter2")));
/// ```
#[must_use = "recording ends when this is dropped"]
pub struct LoggedErrors(());

impl LoggedErrors {
    /// Begins recording on this thread.
    pub fn record() -> Self {
        RECORD.set(Some(Vec::new()));
        Self(())
    }

    /// What was logged so far.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        RECORD.with_borrow(|record| record.clone().unwrap_or_default())
    }
}

impl Drop for LoggedErrors {
    fn drop(&mut self) {
        RECORD.set(None);
    }
}

impl fmt::Debug for LoggedErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoggedErrors")
    }
}

pub(super) fn record(error: &(dyn std::error::Error + 'static)) {
    RECORD.with_borrow_mut(|record| {
        let Some(record) = record else { return };
        for error in std::iter::once(error).chain(causes(error)) {
            record.push(format!("{error} {error:?} {error:#?}"));
        }
    });
}
