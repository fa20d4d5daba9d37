//! Sign-in by an e-mail link, through the whole engine.

#![cfg(test)]
#![expect(clippy::string_slice, reason = "a test that meets a surprise fails")]

mod confirmation;
mod hostile_server;
mod independent;
mod limit;
mod link;
mod mail_server;
mod service;
mod smtp;
mod stored;
mod world;
