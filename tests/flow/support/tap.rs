//! The output of `tracing`, at every level.

use std::cell::RefCell;
use std::io::Write;
use std::sync::Once;

thread_local! {
    static WRITTEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Keeps what `tracing` writes in this thread.
struct Tap;

impl Write for Tap {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        WRITTEN.with_borrow_mut(|written| written.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A subscriber of one thread alone would miss lines: whether a line is wanted is remembered for
/// all threads.
pub(crate) fn listen() {
    static GLOBAL: Once = Once::new();
    GLOBAL.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(|| Tap);
        subscriber.init();
    });
    WRITTEN.with_borrow_mut(Vec::clear);
}

/// What was written in this thread since [`listen`].
pub(crate) fn written() -> String {
    String::from_utf8(WRITTEN.take()).unwrap()
}
