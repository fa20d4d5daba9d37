//! JSON as others write it: leniently for what decorates, strictly for what decides.

pub(crate) mod javascript;
pub(crate) mod unambiguous;
