//! Has something been told to a builder? Markers that stand in its type; programs never write
//! them.

/// It has not been given.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NotGiven;

/// It has been given.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Given;
