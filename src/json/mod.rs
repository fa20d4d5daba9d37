//! JSON from outside: read leniently where it only decorates, strictly where it decides who somebody
//! is.

pub(crate) mod javascript;
pub(crate) mod unambiguous;
