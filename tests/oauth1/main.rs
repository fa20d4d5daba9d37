//! Sign-in by OAuth 1.0a, through the whole engine.

#![cfg(test)]

mod callback;
mod configuration;
mod oauthlib;
mod provider;
mod sign_in;
mod world;
