//! Settings that a program can write, that the compiler takes, and that cannot work or protect less
//! than they seem to.

#![cfg(test)]

mod address;
mod cookies;
mod file;
mod limits;
mod pages;
mod per_host;
mod provider_ids;
mod support;
