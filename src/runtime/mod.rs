//! What a running program stands on: the time, its environment, work that goes on when nobody
//! waits for it, and the wall around the application's own functions.

pub mod clock;
pub(crate) mod completion;
pub(crate) mod containment;
pub(crate) mod environment;
