//! The client of a definition in parts.

extern crate renamed_typegate as typegate;

use typegate::provider::{OAuth1Definition, OAuthDefinition};

fn main() {
    let _ = OAuthDefinition::builder().id("acme").client_id("id");
    let _ = OAuth1Definition::builder().id("acme").consumer_key("key");
}
