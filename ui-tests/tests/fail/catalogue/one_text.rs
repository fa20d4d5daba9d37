//! A secret is missing.

extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;

fn main() {
    let _ = GitHub::new("id");
}
