//! Settings that a program can write, that the compiler takes, and that cannot work or protect less
//! than they seem to.

#[path = "settings/address.rs"]
mod address;
#[path = "settings/cookies.rs"]
mod cookies;
#[path = "settings/file.rs"]
mod file;
#[path = "settings/pages.rs"]
mod pages;
#[path = "settings/per_host.rs"]
mod per_host;
#[path = "settings/provider_ids.rs"]
mod provider_ids;
#[path = "settings/support.rs"]
mod support;
