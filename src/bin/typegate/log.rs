//! The log: lines for standard error, written by a thread of its own. A disk that is full, and a reader
//! that stalls or went away, cost lines and never a request.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use tracing::Level;

/// How many bytes may wait to be written.
const MOST_WAITING: usize = 1024 * 1024;
/// How long the end of the process waits for them.
const FAREWELL: Duration = Duration::from_secs(2);
/// Before another attempt where whoever shares the pipe made it one that does not wait.
const PAUSE: Duration = Duration::from_millis(20);

/// The log, as long as it is kept. What waits is written when it is dropped, if somebody takes it.
pub(crate) struct Log(Arc<Queue>);

impl Log {
    /// Takes the lines of the whole process.
    pub(crate) fn start(is_verbose: bool) -> io::Result<Self> {
        let queue = Arc::new(Queue::default());
        let waiting = Arc::clone(&queue);
        thread::Builder::new().name("log".into()).spawn(move || waiting.write_to(io::stderr()))?;
        tracing_subscriber::fmt()
            .with_max_level(if is_verbose { Level::DEBUG } else { Level::INFO })
            .with_ansi(io::stderr().is_terminal())
            // They would be written to standard error, which panics if that is what fails.
            .log_internal_errors(false)
            .with_writer(Arc::clone(&queue))
            .init();
        Ok(Self(queue))
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.0.drain(FAREWELL);
    }
}

/// Lines between those who log and the thread that writes.
#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    filled: Condvar,
    emptied: Condvar,
}

#[derive(Default)]
struct Waiting {
    lines: VecDeque<Line>,
    bytes: usize,
    /// Lines after these for which there was no room.
    lost: u64,
    is_writing: bool,
}

struct Line {
    lost_before: u64,
    text: Vec<u8>,
}

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, text: &[u8]) {
        let mut waiting = self.waiting();
        if waiting.bytes.saturating_add(text.len()) > MOST_WAITING {
            waiting.lost = waiting.lost.saturating_add(1);
            return;
        }
        waiting.bytes += text.len();
        let lost_before = std::mem::take(&mut waiting.lost);
        waiting.lines.push_back(Line { lost_before, text: text.to_owned() });
        self.filled.notify_one();
    }

    /// Waits for the next line; the one before it is done with.
    fn next(&self) -> Line {
        let mut waiting = self.waiting();
        loop {
            if let Some(line) = waiting.lines.pop_front() {
                waiting.bytes -= line.text.len();
                waiting.is_writing = true;
                return line;
            }
            waiting.is_writing = false;
            self.emptied.notify_all();
            waiting = self.filled.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn write_to(&self, mut out: impl Write) {
        let mut written = Written::default();
        loop {
            written.add(&self.next(), &mut out);
        }
    }

    /// Waits until everything is written, for so long at most. How many lines were lost last is told
    /// too.
    fn drain(&self, patience: Duration) {
        self.push(b"");
        let is_busy = |waiting: &mut Waiting| waiting.is_writing || !waiting.lines.is_empty();
        let _ = self.emptied.wait_timeout_while(self.waiting(), patience, is_busy);
    }
}

/// A line for each write, as `tracing_subscriber` writes them.
impl Write for &Queue {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What has become of the lines so far.
#[derive(Default)]
struct Written {
    /// Lines that nobody took, of which nothing was said yet.
    lost: u64,
    /// The last write ended in the middle of a line.
    is_torn: bool,
}

impl Written {
    fn add(&mut self, line: &Line, out: &mut impl Write) {
        self.lost = self.lost.saturating_add(line.lost_before);
        let mut text = Vec::with_capacity(line.text.len());
        if self.lost > 0 {
            if self.is_torn {
                text.push(b'\n');
            }
            let (now, lost) = (Timestamp::now(), self.lost);
            let notice = format!(
                "{now:.6}  WARN typegate::log: lines are missing here, because they could not be \
                 written lost={lost}\n"
            );
            text.extend_from_slice(notice.as_bytes());
        }
        text.extend_from_slice(&line.text);
        match write_all(&text, out) {
            Ok(()) => *self = Self::default(),
            Err(taken) => {
                self.lost = self.lost.saturating_add(u64::from(!line.text.is_empty()));
                self.is_torn |= taken > 0;
            }
        }
    }
}

/// Or how many bytes were taken.
fn write_all(text: &[u8], out: &mut impl Write) -> Result<(), usize> {
    let mut taken = 0;
    while let Some(rest) = text.get(taken..).filter(|rest| !rest.is_empty()) {
        match out.write(rest) {
            Ok(0) => return Err(taken),
            Ok(more) => taken += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(PAUSE),
            Err(_) => return Err(taken),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk with room for so many bytes.
    #[derive(Default)]
    struct Disk {
        room: usize,
        text: String,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = bytes.len().min(self.room);
            if taken == 0 {
                return Err(ErrorKind::StorageFull.into());
            }
            self.room -= taken;
            self.text.push_str(std::str::from_utf8(&bytes[..taken]).unwrap());
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn line(text: &str) -> Line {
        Line { lost_before: 0, text: text.into() }
    }

    #[test]
    fn what_a_full_disk_did_not_take_is_counted_and_told_once() {
        let (mut disk, mut written) = (Disk { room: 9, ..Disk::default() }, Written::default());
        for text in ["first\n", "second\n", "third\n"] {
            written.add(&line(text), &mut disk);
        }
        assert_eq!(disk.text, "first\nsec");
        disk.room = 1000;
        written.add(&line("fourth\n"), &mut disk);
        written.add(&line("fifth\n"), &mut disk);
        let lines: Vec<&str> = disk.text.lines().collect();
        assert_eq!(lines.len(), 5, "{}", disk.text);
        assert_eq!((lines[1], lines[3], lines[4]), ("sec", "fourth", "fifth"));
        assert!(lines[2].ends_with("could not be written lost=2"), "{}", lines[2]);
    }

    #[test]
    fn what_a_reader_does_not_take_is_bounded_and_counted_where_it_is_missing() {
        let queue = Queue::default();
        let long = vec![b'x'; MOST_WAITING / 4];
        for _ in 0..10 {
            queue.push(&long);
        }
        assert_eq!(queue.waiting().lines.len(), 4);
        assert_eq!(queue.waiting().lost, 6);
        assert_eq!(queue.next().text, long);
        queue.push(b"after");
        let rest: Vec<u64> = (0..4).map(|_| queue.next().lost_before).collect();
        assert_eq!(rest, [0, 0, 0, 6]);
    }

    #[test]
    fn the_end_tells_of_the_last_lines_that_are_missing_and_waits_for_nobody() {
        let (queue, mut disk) = (Queue::default(), Disk { room: 1000, ..Disk::default() });
        queue.waiting().lost = 3;
        queue.drain(Duration::ZERO);
        Written::default().add(&queue.next(), &mut disk);
        assert!(disk.text.ends_with("lost=3\n"), "{}", disk.text);
    }
}
