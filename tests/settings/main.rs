//! Settings that compile and cannot work, or that protect less than they seem to.

#![cfg(test)]

mod address;
mod cookies;
mod file;
mod limits;
mod no_effect;
mod pages;
mod per_host;
mod plain_http;
mod provider_ids;
mod support;
