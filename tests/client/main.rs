//! The client, against typegate itself and against servers that misbehave.

#![cfg(test)]

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
