//! A secret that is a text.

extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;

fn main() {
    let _ = GitHub::new("id", "secret");
}
