//! The client, against typegate itself and against servers that misbehave.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets a surprise fails: that is its job"
)]

mod failure;
mod forwarding;
mod live;
mod other_servers;
mod portability;
mod provider;
mod real;
mod sign_in;
mod support;
mod update;
