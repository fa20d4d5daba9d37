//! Markers of what has been told to a definition's builder.

pub(super) use crate::rule::slot::{Given, NotGiven};
