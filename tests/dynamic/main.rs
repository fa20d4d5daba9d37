//! Configuration that is read at run time.

#![cfg(test)]

mod builder_at_run_time;
mod combinations;
mod doctor;
mod endpoint;
mod engine;
mod reports;
mod secrets;
mod services;
