//! Checks as a text.

extern crate renamed_typegate as typegate;

use typegate::ClientSecret;
use typegate::provider::Adjust as _;
use typegate::provider::catalog::GitHub;

fn main() {
    let _ = GitHub::new("id", ClientSecret::new("secret")).checks("pkce state");
}
