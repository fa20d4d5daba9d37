//! What a running program depends on: the clock, the environment, the completion of abandoned work,
//! and the containment of the application's own functions.

pub mod clock;
pub(crate) mod completion;
pub(crate) mod containment;
pub(crate) mod environment;
