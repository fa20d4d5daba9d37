//! A provider whose name is spelled otherwise.

extern crate renamed_typegate as typegate;

use typegate::provider::catalog::Github;

fn main() {
    let _ = Github::from_env();
}
