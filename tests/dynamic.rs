//! Configuration that is read at run time.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets a surprise fails: that is its job"
)]

#[path = "dynamic/combinations.rs"]
mod combinations;
#[path = "dynamic/engine.rs"]
mod engine;
#[path = "dynamic/reports.rs"]
mod reports;
#[path = "dynamic/secrets.rs"]
mod secrets;
#[path = "dynamic/services.rs"]
mod services;
