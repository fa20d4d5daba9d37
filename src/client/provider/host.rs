//! The host of a session provider: the program around it, and the hints it can give.

use std::fmt;

use tokio::sync::mpsc;

use super::driver::Command;

/// Where a window toolkit, or whatever else surrounds the provider, reports what the person sees
/// and whether there is a network. Reports of a provider that is gone are dropped.
pub struct Host<D> {
    commands: mpsc::UnboundedSender<Command<D>>,
}

impl<D> Host<D> {
    pub(super) fn new(commands: mpsc::UnboundedSender<Command<D>>) -> Self {
        Self { commands }
    }

    /// The person looks at the view again, as a page that becomes visible.
    pub fn focused(&self) {
        self.report(Command::Focused);
    }

    /// There is a network.
    pub fn online(&self) {
        self.report(Command::Online);
    }

    /// There is none.
    pub fn offline(&self) {
        self.report(Command::Offline);
    }

    fn report(&self, command: Command<D>) {
        let _ = self.commands.send(command);
    }
}

impl<D> Clone for Host<D> {
    fn clone(&self) -> Self {
        Self { commands: self.commands.clone() }
    }
}

impl<D> fmt::Debug for Host<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Host")
    }
}
