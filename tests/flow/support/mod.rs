//! The cast: a browser, an identity provider, a database and an application that do as they are
//! told.

mod adapter;
mod address;
mod answer;
mod browser;
pub(crate) mod canary;
mod folder;
mod identity_provider;
mod jar;
mod log;
mod mailbox;
mod sealed;
mod sequence;
mod signing;
mod site;
pub(crate) mod tap;
mod world;

pub(crate) use adapter::{Database, Noted, Operation, WithoutTransactions};
pub(crate) use address::{parameter, with_parameter};
pub(crate) use answer::Answer;
pub(crate) use browser::Browser;
pub(crate) use folder::Folder;
pub(crate) use identity_provider::{IdentityProvider, client_of};
pub(crate) use jar::{Cookie, Jar, without_attempt};
pub(crate) use log::{Line, Lines};
pub(crate) use mailbox::Mailbox;
pub(crate) use sealed::{open, seal};
pub(crate) use sequence::Sequence;
pub(crate) use signing::{decoy_rsa_key, rsa_key, sign_rs256, sign_with};
pub(crate) use site::{BASE, NOW, ORIGIN, SECRET, credentials, site, site_at};
pub(crate) use typegate::testing::Received;
pub(crate) use world::{Parts, World, changed, error, refused, world};
