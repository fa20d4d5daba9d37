//! Settings that a program can write, that the compiler takes, and that protect less than they seem to.

#[path = "settings/address.rs"]
mod address;
#[path = "settings/support.rs"]
mod support;
