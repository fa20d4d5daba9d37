//! The surroundings of a running program: the clock, the environment, the completion of abandoned
//! work, the containment of the application's own functions, metrics and spans.

pub mod clock;
pub(crate) mod completion;
pub(crate) mod containment;
pub(crate) mod environment;
pub(crate) mod metric;
pub(crate) mod oddity;
pub(crate) mod span;
