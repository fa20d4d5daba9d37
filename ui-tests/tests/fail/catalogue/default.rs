//! A provider by default.

extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;

fn main() {
    let _ = GitHub::default();
}
