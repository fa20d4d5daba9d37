//! A provider of the catalogue, written as a value.

extern crate renamed_typegate as typegate;

use typegate::ClientSecret;
use typegate::provider::catalog::GitHub;

fn main() {
    let _ = GitHub { client_id: "id".into(), client_secret: ClientSecret::new("secret") };
}
