//! The application's logger.

use std::sync::{Arc, Mutex};

use typegate::error::{Flow, Level};
use typegate::{LogEntry, Logger};

/// Keeps every line.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<Line>>>);

#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) level: Level,
    pub(crate) code: String,
    pub(crate) provider: Option<String>,
    pub(crate) flow: Flow,
    pub(crate) message: String,
    pub(crate) causes: Vec<String>,
    pub(crate) help: Option<String>,
}

impl Logger for Lines {
    fn log(&self, entry: &LogEntry<'_>) {
        self.0.lock().unwrap().push(Line {
            level: entry.level,
            code: entry.code.into(),
            provider: entry.provider.map(Into::into),
            flow: entry.flow,
            message: entry.message.into(),
            causes: entry.causes.to_vec(),
            help: entry.help.map(Into::into),
        });
    }
}

impl Lines {
    /// The lines since the last call.
    pub(crate) fn take(&self) -> Vec<Line> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// The codes since the last call.
    pub(crate) fn codes(&self) -> Vec<String> {
        self.take().into_iter().map(|line| line.code).collect()
    }
}
