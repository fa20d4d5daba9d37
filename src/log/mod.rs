//! The log of failures: always through `tracing`, and through the application's own logger if it
//! has one.
//!
//! Nobody can fill a disk with it: each code has an allowance of lines a minute, after which the
//! rest are only counted. What nothing but a stranger's request brings about is not an error.

mod allowance;
mod diagnostics;
mod doing;
mod first_time;
mod line;
#[cfg(feature = "testing")]
mod record;
mod step;

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) use allowance::{Allowance, Allowed};
use allowance::{Allowances, Doing};
pub use diagnostics::Diagnostics;
use doing::doing;
pub(crate) use first_time::FirstTimes;
use jiff::Timestamp;
use line::OneLine;
#[cfg(feature = "testing")]
pub use record::LoggedErrors;
pub(crate) use step::{Step, names, step};

use crate::error::{AdapterError, CausedBy, ErrorCode, Flow, Level, causes};
use crate::runtime::clock::Clock;
use crate::runtime::containment::call;
use crate::runtime::metric;

/// The maximum number of causes in one line.
const MAXIMUM_CAUSES: usize = 8;

/// One line for the log. Nothing in it is secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LogEntry<'a> {
    /// The level.
    pub level: Level,
    /// The documented code; of a line that a browser client sent, that client's.
    pub code: &'a str,
    /// The provider's id, where the line is about one.
    pub provider: Option<&'a str>,
    /// In which flow it happened.
    pub flow: Flow,
    /// The error with its causes, in one line, or the browser client's metadata as JSON.
    pub message: &'a str,
    /// The causes of the error, the nearest first; one that tells its own causes is the last.
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
///
/// A closure is one, too, if it says the type of its argument: `|entry: &LogEntry| println!("{}", entry.code)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes no log lines",
    label = "not a logger",
    note = "write `.logger(|entry: &LogEntry| eprintln!(\"{{}}\", entry.code))`, with `typegate::LogEntry`, \
            or give a type that implements `typegate::Logger`; a logger is not async"
)]
pub trait Logger: Send + Sync + 'static {
    /// Takes a line. Called while a request is served: do not block.
    fn log(&self, entry: &LogEntry<'_>);
}

#[diagnostic::do_not_recommend]
impl<F: Fn(&LogEntry<'_>) + Send + Sync + 'static> Logger for F {
    fn log(&self, entry: &LogEntry<'_>) {
        self(entry);
    }
}

/// Both targets of log lines.
pub(crate) struct Log {
    logger: Option<Arc<dyn Logger>>,
    clock: Arc<dyn Clock>,
    retired_codes: bool,
    lines: Allowances,
    client_lines: Allowance,
    /// What is said only once, and has been.
    noted: Mutex<HashSet<ErrorCode>>,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Log")
    }
}

/// The code, the provider and the blame: what decides whether a line is written, before any of its
/// text is made.
#[derive(Clone, Copy)]
struct Subject<'a> {
    code: ErrorCode,
    provider: Option<&'a str>,
    flow: Flow,
    doing: Doing,
    /// Whether another line says the same, under the failure's first name.
    is_other_name: bool,
}

impl<'a> Subject<'a> {
    fn new(code: ErrorCode, provider: Option<&'a str>, doing: Doing) -> Self {
        Self { code, provider, flow: code.flow(), doing, is_other_name: false }
    }
}

/// What a line says.
struct Said {
    message: OneLine,
    causes: Vec<OneLine>,
}

impl Log {
    pub(crate) fn new(
        logger: Option<Arc<dyn Logger>>,
        clock: Arc<dyn Clock>,
        diagnostics: &Diagnostics,
    ) -> Self {
        Self {
            logger,
            clock,
            retired_codes: diagnostics.retired_codes,
            lines: Allowances::new(diagnostics.lines_per_minute),
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
            let flow = match code {
                ErrorCode::AdapterUpdateSession | ErrorCode::AdapterDeleteSession => Flow::Session,
                _ if is_adapters_own => Flow::SignIn,
                _ => code.flow(),
            };
            let doing = Doing::Ours;
            let subject = Subject { code: method, provider, flow, doing, is_other_name: false };
            self.write(subject, || said(error));
            if is_adapters_own {
                return;
            }
        }
        let subject = Subject::new(code, provider, doing(code, error));
        self.write(subject, || said(error));
    }

    /// Logs the failure under another of its names, before [`failure`](Self::failure) does under the
    /// one by which it is known. v4 hands its logger both, and so the application's gets both;
    /// `tracing` has one event at the level of the failure, and this one at debug.
    pub(crate) fn other_name(
        &self,
        code: ErrorCode,
        provider: Option<&str>,
        error: &(dyn std::error::Error + 'static),
    ) {
        let subject = Subject::new(code, provider, doing(code, error));
        self.write(Subject { is_other_name: true, ..subject }, || said(error));
    }

    /// Logs a code with a sentence.
    pub(crate) fn note(&self, code: ErrorCode, provider: Option<&str>, message: &str) {
        let doing = match code.caused_by() {
            CausedBy::Strangers => Doing::Strangers,
            CausedBy::Operator => Doing::Ours,
        };
        let subject = Subject::new(code, provider, doing);
        self.write(subject, || Said { message: OneLine::of(message), causes: Vec::new() });
    }

    /// Logs a code with a sentence, the first time only: what is wrong with the program itself is
    /// wrong at every request.
    pub(crate) fn note_once(&self, code: ErrorCode, message: &str) {
        let is_new = self.noted.lock().unwrap_or_else(PoisonError::into_inner).insert(code);
        if is_new {
            self.note(code, None, message);
        }
    }

    /// Whether one more line of a browser client is accepted.
    pub(crate) fn allows_client_line(&self, now: Timestamp) -> Allowed {
        self.client_lines.ask(now)
    }

    /// Hands a browser client's line to the application's logger, as v4 does: the default log
    /// accepts no lines from strangers.
    pub(crate) fn client_line(&self, level: Level, code: &str, message: &str) {
        let help = ErrorCode::from_text(code).map(ErrorCode::help_url);
        self.deliver(&LogEntry {
            level,
            code: OneLine::of(code).as_str(),
            provider: None,
            flow: Flow::Client,
            message: OneLine::of(message).as_str(),
            causes: &[],
            help: help.as_deref(),
        });
    }

    /// Reports a success, for whoever watches the terminal.
    pub(crate) fn success(&self, what: &'static str, provider: Option<&str>) {
        tracing::info!(target: "typegate", provider, "{what}");
    }

    /// Tells what will be, at the start, for whoever compares it with a provider's settings.
    pub(crate) fn announce(&self, what: &str) {
        let message = OneLine::of(what);
        tracing::info!(target: "typegate", "{message}");
    }

    /// Writes a line if one more of its kind is wanted.
    fn write(&self, subject: Subject<'_>, said: impl FnOnce() -> Said) {
        if subject.code.retired().is_some() && !self.retired_codes {
            return;
        }
        if !subject.is_other_name {
            metric::failed(subject.code.as_str(), subject.provider);
        }
        // The clock may be the application's, and a panic of its own brought us here.
        let now = call(|| self.clock.now()).unwrap_or_else(|_| Timestamp::now());
        for (code, count) in self.lines.left_out(now) {
            let plural = if count == 1 { "" } else { "s" };
            let message = format!("… and {count} more line{plural} under this code until now");
            let left_out = Subject::new(code, None, Doing::Strangers);
            self.emit(left_out, &Said { message: OneLine::of(message), causes: Vec::new() });
        }
        match self.lines.ask(subject.code, subject.doing, now) {
            Allowed::Yes => self.emit(subject, &said()),
            Allowed::NoMore => {
                let message = "more lines under this code are left out until the minute is over";
                self.emit(subject, &Said { message: OneLine::of(message), causes: Vec::new() });
            }
            Allowed::No => {}
        }
    }

    fn emit(&self, subject: Subject<'_>, said: &Said) {
        let Subject { code, provider, flow, doing, is_other_name } = subject;
        let Said { message, causes } = said;
        let help = code.help_url();
        let provider = provider.map(OneLine::of);
        let provider = provider.as_ref().map(OneLine::as_str);
        let causes: Vec<String> = causes.iter().map(ToString::to_string).collect();
        macro_rules! event {
            ($level:ident) => {
                tracing::$level!(
                    target: "typegate",
                    code = code.as_str(),
                    provider,
                    flow = flow.as_str(),
                    help,
                    "{message}"
                )
            };
        }
        let level = match doing {
            Doing::Ours => code.level_of_ours(),
            Doing::Strangers => code.level_of_strangers(),
        };
        match level {
            _ if is_other_name => event!(debug),
            Level::Error => event!(error),
            Level::Warn => event!(warn),
            Level::Debug => event!(debug),
        }
        self.deliver(&LogEntry {
            level,
            code: code.as_str(),
            provider,
            flow,
            message: message.as_str(),
            causes: &causes,
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

/// Reports what has no code: something about a database, before any request.
#[cfg(any(feature = "mysql", feature = "postgres", feature = "redis", feature = "sqlite"))]
pub(crate) fn warning(text: &str) {
    let message = OneLine::of(text);
    tracing::warn!(target: "typegate", "{message}");
}

/// The same, where nothing need be wrong.
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
pub(crate) fn notice(text: &str) {
    let message = OneLine::of(text);
    tracing::info!(target: "typegate", "{message}");
}

fn said(error: &(dyn std::error::Error + 'static)) -> Said {
    let mut message = OneLine::of(error).into_string();
    let mut told = Vec::new();
    for cause in causes(error).take(MAXIMUM_CAUSES).map(OneLine::of) {
        // Some errors tell their causes themselves.
        let text = format!(": {}", cause.as_str());
        if !message.contains(&text) {
            message.push_str(&text);
            told.push(cause);
        }
    }
    Said { message: OneLine::of(message), causes: told }
}
