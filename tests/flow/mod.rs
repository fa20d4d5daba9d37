//! The flows through `Auth::handle`, the tower service and axum.

mod actions;
mod back_channel;
mod bad_input;
mod callback_url;
mod callbacks;
mod conformance;
mod containment;
mod cookies;
mod credentials;
mod csrf;
mod database_session;
mod guard;
mod id_token;
mod issuer;
mod linking;
mod log_line;
mod oauth_callback;
mod origin;
mod pages;
mod provider_error;
mod rate_limit;
mod secrecy;
mod session;
mod sign_in;
mod sign_out;
mod support;
