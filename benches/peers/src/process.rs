//! A server of others, in a process of its own.

use std::io::{self, BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

/// Ends with this.
pub(crate) struct Process {
    child: Child,
    /// Where it listens.
    pub(crate) addresses: Vec<SocketAddr>,
}

impl Process {
    /// Starts it, and reads its addresses from the first line that it writes.
    pub(crate) fn start(command: &mut Command) -> io::Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take();
        let mut process = Self { child, addresses: Vec::new() };
        let mut line = String::new();
        if let Some(stdout) = stdout {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let addresses: Result<_, _> = line.split_whitespace().map(str::parse).collect();
        process.addresses = addresses.map_err(io::Error::other)?;
        match process.addresses.is_empty() {
            true => Err(io::Error::other("it did not start")),
            false => Ok(process),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
