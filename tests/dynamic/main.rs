//! Configuration that is read at run time.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets a surprise fails: that is its job"
)]

mod combinations;
mod engine;
mod reports;
mod secrets;
mod services;
