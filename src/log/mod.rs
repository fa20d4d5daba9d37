//! Where does a failure show up? In `tracing` always, and in the application's own logger if it
//! has one.

mod allowance;
mod diagnostics;
#[cfg(feature = "testing")]
mod record;
mod step;

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

pub(crate) use allowance::{Allowance, Allowed};
pub use diagnostics::Diagnostics;
#[cfg(feature = "testing")]
pub use record::LoggedErrors;
pub(crate) use step::{Step, names, step};

use crate::containment::call;
use crate::error::{AdapterError, ErrorCode, Flow, Level, causes};

/// Most causes of one line.
const MAXIMUM_CAUSES: usize = 8;

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
    /// In which flow it happened.
    pub flow: Flow,
    /// The error with its causes, in one line, or the browser client's metadata as JSON.
    pub message: &'a str,
    /// The causes of the error, the nearest first.
    pub causes: &'a [String],
    /// The address of the section that explains the code; none for a client's own code.
    pub help: Option<&'a str>,
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
pub(crate) struct Log {
    logger: Option<Arc<dyn Logger>>,
    retired_codes: bool,
    client_lines: Allowance,
    /// What was said once and is not said again.
    noted: Mutex<HashSet<ErrorCode>>,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Log")
    }
}

/// What a line says apart from its code.
struct Said<'a> {
    provider: Option<&'a str>,
    flow: Flow,
    message: String,
    causes: Vec<String>,
}

impl Log {
    pub(crate) fn new(logger: Option<Arc<dyn Logger>>, diagnostics: &Diagnostics) -> Self {
        Self {
            logger,
            retired_codes: diagnostics.retired_codes,
            client_lines: Allowance::new(diagnostics.client_lines_per_minute),
            noted: Mutex::default(),
        }
    }

    pub(crate) fn has_logger(&self) -> bool {
        self.logger.is_some()
    }

    /// Logs a failure with its causes. If a method of the adapter is among them, its own code comes
    /// first, as in v4.
    pub(crate) fn failure(
        &self,
        code: ErrorCode,
        provider: Option<&str>,
        error: &(dyn std::error::Error + 'static),
    ) {
        #[cfg(feature = "testing")]
        record::record(error);
        let mut errors = std::iter::once(error).chain(causes(error));
        let adapter = errors.find_map(|error| error.downcast_ref::<AdapterError>());
        let adapter = adapter.filter(|_| code.retired().is_none());
        if let Some((method, error)) = adapter.and_then(|error| Some((error.code()?, error))) {
            // Of a code that is the adapter's as well, the method that was called counts.
            let is_adapters_own = code.flow() == Flow::Adapter;
            let flow = if is_adapters_own { Flow::SignIn } else { code.flow() };
            self.write(method, &said(provider, flow, error));
            if is_adapters_own {
                return;
            }
        }
        self.write(code, &said(provider, code.flow(), error));
    }

    /// Logs a code with a sentence.
    pub(crate) fn note(&self, code: ErrorCode, provider: Option<&str>, message: &str) {
        let message = single_line(message);
        self.write(code, &Said { provider, flow: code.flow(), message, causes: Vec::new() });
    }

    /// Logs a code with a sentence, the first time only: what is wrong with the program itself is
    /// wrong at every request.
    pub(crate) fn note_once(&self, code: ErrorCode, message: &str) {
        let is_new = self.noted.lock().unwrap_or_else(PoisonError::into_inner).insert(code);
        if is_new {
            self.note(code, None, message);
        }
    }

    /// Whether one more line of a browser client is taken.
    pub(crate) fn allows_client_line(&self, now: Timestamp) -> Allowed {
        self.client_lines.ask(now)
    }

    /// Hands a browser client's line to the application's logger, as v4 does: the default log
    /// does not take lines from strangers.
    pub(crate) fn client_line(&self, level: Level, code: &str, message: &str) {
        let help = ErrorCode::from_text(code).map(ErrorCode::help_url);
        self.deliver(&LogEntry {
            level,
            code: &single_line(code),
            provider: None,
            flow: Flow::Client,
            message: &single_line(message),
            causes: &[],
            help: help.as_deref(),
        });
    }

    /// Tells what went well, for whoever watches the terminal.
    pub(crate) fn success(&self, what: &'static str, provider: Option<&str>) {
        tracing::info!(target: "typegate", provider, "{what}");
    }

    fn write(&self, code: ErrorCode, said: &Said<'_>) {
        if code.retired().is_some() && !self.retired_codes {
            return;
        }
        let Said { provider, flow, message, causes } = said;
        let help = code.help_url();
        macro_rules! event {
            ($level:ident) => {
                tracing::$level!(
                    target: "typegate",
                    code = code.as_str(),
                    provider,
                    flow = flow.as_str(),
                    causes = causes.join(" / "),
                    help,
                    "{message}"
                )
            };
        }
        match code.level() {
            Level::Error => event!(error),
            Level::Warn => event!(warn),
            Level::Debug => event!(debug),
        }
        self.deliver(&LogEntry {
            level: code.level(),
            code: code.as_str(),
            provider: *provider,
            flow: *flow,
            message,
            causes,
            help: Some(&help),
        });
    }

    /// Hands a line to the application's logger, whose panic must not end a flow.
    fn deliver(&self, entry: &LogEntry<'_>) {
        let Some(logger) = &self.logger else { return };
        if call(|| logger.log(entry)).is_err() {
            let (code, help) = (ErrorCode::Logger, ErrorCode::Logger.help_url());
            let reason = "the application's logger panicked";
            tracing::warn!(target: "typegate", code = code.as_str(), help, "{reason}");
        }
    }
}

fn said<'a>(
    provider: Option<&'a str>,
    flow: Flow,
    error: &(dyn std::error::Error + 'static),
) -> Said<'a> {
    let causes = causes(error).take(MAXIMUM_CAUSES);
    let causes: Vec<String> = causes.map(|cause| single_line(&cause.to_string())).collect();
    let mut message = error.to_string();
    for cause in &causes {
        message.push_str(": ");
        message.push_str(cause);
    }
    Said { provider, flow, message: single_line(&message), causes }
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
