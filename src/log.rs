//! Where does a failure show up? In `tracing` always, and in the application's own logger if it
//! has one.

use std::fmt;
use std::sync::Arc;

use crate::containment::call;
use crate::error::{ErrorCode, Level, chain};

/// One line for the log. Nothing in it is secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LogEntry<'a> {
    /// How loud.
    pub level: Level,
    /// The documented code; of a line that a browser client sent, that client's.
    pub code: &'a str,
    /// The provider's id, where the line is about one.
    pub provider: Option<&'a str>,
    /// The error with its causes, in one line, or the browser client's metadata as JSON.
    pub message: &'a str,
}

/// The application's own logger.
///
/// ```
/// use typegate::{LogEntry, Logger};
///
/// struct Counter(std::sync::atomic::AtomicUsize);
///
/// impl Logger for Counter {
///     fn log(&self, entry: &LogEntry<'_>) {
///         assert!(!entry.code.is_empty());
///         self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
///     }
/// }
/// ```
pub trait Logger: Send + Sync + 'static {
    /// Takes a line. Called while a request is served: do not block.
    fn log(&self, entry: &LogEntry<'_>);
}

/// Both targets of log lines.
#[derive(Clone, Default)]
pub(crate) struct Log {
    logger: Option<Arc<dyn Logger>>,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Log")
    }
}

impl Log {
    pub(crate) fn new(logger: Option<Arc<dyn Logger>>) -> Self {
        Self { logger }
    }

    pub(crate) fn has_logger(&self) -> bool {
        self.logger.is_some()
    }

    /// Logs a failure with its causes.
    pub(crate) fn failure(
        &self,
        code: ErrorCode,
        provider: Option<&str>,
        error: &(dyn std::error::Error + 'static),
    ) {
        self.note(code, provider, &chain(error));
    }

    /// Logs a code with a sentence.
    pub(crate) fn note(&self, code: ErrorCode, provider: Option<&str>, message: &str) {
        let message = single_line(message);
        self.write(&LogEntry {
            level: code.level(),
            code: code.as_str(),
            provider,
            message: &message,
        });
    }

    /// Hands a browser client's line to the application's logger, as v4 does: the default log
    /// does not take lines from strangers.
    pub(crate) fn client_line(&self, level: Level, code: &str, message: &str) {
        let (code, message) = (single_line(code), single_line(message));
        self.hand_over(&LogEntry { level, code: &code, provider: None, message: &message });
    }

    /// Tells what went well, for whoever watches the terminal.
    pub(crate) fn success(&self, what: &'static str, provider: Option<&str>) {
        tracing::info!(target: "typegate", provider, "{what}");
    }

    fn write(&self, entry: &LogEntry<'_>) {
        let LogEntry { level, code, provider, message } = entry;
        match level {
            Level::Error => tracing::error!(target: "typegate", code, provider, "{message}"),
            Level::Warn => tracing::warn!(target: "typegate", code, provider, "{message}"),
            Level::Debug => tracing::debug!(target: "typegate", code, provider, "{message}"),
        }
        self.hand_over(entry);
    }

    /// A logger that panics loses its line and nothing else.
    fn hand_over(&self, entry: &LogEntry<'_>) {
        if let Some(logger) = &self.logger
            && call(|| logger.log(entry)).is_err()
        {
            tracing::error!(target: "typegate", "the application's logger panicked");
        }
    }
}

/// Text that cannot forge a second line or steer a terminal.
fn single_line(text: &str) -> String {
    const MAXIMUM: usize = 2048;
    let is_bidi = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().take(MAXIMUM).map(|c| if c.is_control() || is_bidi(c) { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::single_line;

    #[test]
    fn r159_control_and_bidi_characters_do_not_reach_a_log() {
        assert_eq!(single_line("a\r\nERROR b\u{1b}[31m\u{202e}c"), "a  ERROR b [31m c");
        assert_eq!(single_line(&"x".repeat(10_000)).len(), 2048);
    }
}
