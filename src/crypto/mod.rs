//! Which bytes are random, equal, or the hash of others? Thin names over `ring`, the one crypto
//! back end of the crate.

pub(crate) mod hash;
pub(crate) mod random;
