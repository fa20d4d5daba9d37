//! Configuration: the typed builder, which refuses mistakes before the program runs, and the plain
//! data that it leaves behind.
//!
//! Types at the door, data inside: the builder is generic and checks; [`Config`] is what the flows
//! read.

mod auth;
pub mod builder;
pub(crate) mod check;
pub mod slot;

mod at_run_time;
mod back_channel_logout;
mod cookie_kit;
mod host_check;
mod other_name;
mod pages;
mod provider;
mod resolved;
mod settings;
mod site_source;
mod stores;
mod strategy;
mod trusted_proxy;

pub use auth::Auth;
pub(crate) use back_channel_logout::BackChannelLogout;
pub(crate) use cookie_kit::CookieKit;
pub use pages::Pages;
#[cfg(feature = "dynamic")]
pub(crate) use pages::{Page, PageAddresses, PageSite};
pub(crate) use provider::Provider;
#[cfg(feature = "dynamic")]
pub(crate) use provider::{
    check_provider, check_site, has_callback, repeated_id, sends_logout_tokens,
};
#[cfg(feature = "dynamic")]
pub(crate) use resolved::over_at_once;
pub(crate) use resolved::{Config, Sessions};
#[cfg(feature = "dynamic")]
pub(crate) use settings::{MetadataLifetime, Settings, SiteSettings};
pub(crate) use site_source::{Site, SiteSource};
#[cfg(feature = "dynamic")]
pub(crate) use stores::UnresolvedStores;
pub use strategy::{Database, Jwt};
#[cfg(feature = "dynamic")]
pub(crate) use trusted_proxy::CONTRADICTION;
pub use trusted_proxy::{IntoHosts, TrustedProxy};
