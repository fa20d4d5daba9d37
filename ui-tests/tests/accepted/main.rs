//! Programs that the compiler must take, and that must run: what the rules forbid is in `tests/fail`.

#![cfg(test)]
#![cfg(feature = "usual")]

mod builder_at_run_time;
mod derived_provider;
mod every_order;
mod functions;
mod lists_of_providers;
mod many_providers;
mod merged_auth;
mod named_parts;
mod own_adapter;
mod own_provider;
mod renamed;
mod store_anywhere;
