//! A provider where it is not.

extern crate renamed_typegate as typegate;

use typegate::provider::GitHub;

fn main() {
    let _ = GitHub::from_env();
}
