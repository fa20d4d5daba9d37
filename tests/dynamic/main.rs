//! Configuration that is read at run time.

#![cfg(test)]

mod combinations;
mod engine;
mod reports;
mod secrets;
mod services;
