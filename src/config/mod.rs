//! How is authentication configured, and which mistakes are refused before the program runs?
//!
//! Types at the door, data inside: the builder is generic and checks; [`Config`] is plain data
//! that the flows read.

mod auth;
pub mod builder;
pub mod rule;
pub mod slot;

mod back_channel_logout;
mod cookie_kit;
mod host_check;
mod pages;
mod provider;
mod resolved;
mod session_control;
mod strategy;

pub use auth::Auth;
pub(crate) use back_channel_logout::BackChannelLogout;
pub(crate) use cookie_kit::CookieKit;
pub use pages::Pages;
#[cfg(feature = "dynamic")]
pub(crate) use pages::{Page, PageSite};
pub(crate) use provider::Provider;
#[cfg(feature = "dynamic")]
pub(crate) use provider::{
    check_provider, check_site, has_callback, repeated_id, sends_logout_tokens,
};
pub use resolved::TrustedProxy;
pub(crate) use resolved::{Config, Sessions, Site, SiteSource};
#[cfg(feature = "dynamic")]
pub(crate) use resolved::{MetadataLifetime, Settings, SiteSettings};
pub use session_control::SessionControl;
pub use strategy::{Database, DefaultStrategy, Jwt};
