//! How is authentication configured, and which mistakes are refused before the program runs?
//!
//! Types at the door, data inside: the builder is generic and checks; [`Config`] is plain data
//! that the flows read.

mod auth;
pub mod builder;
pub mod rule;
pub mod slot;

mod pages;
mod provider;
mod resolved;
mod strategy;

pub use auth::Auth;
pub use pages::Pages;
pub(crate) use pages::with_parameter;
pub(crate) use provider::Provider;
pub use resolved::TrustedProxy;
pub(crate) use resolved::{Config, CookieKit, Sessions, Site};
pub use strategy::{Database, DefaultStrategy, Jwt};
