//! An option without the trait that has it.

extern crate renamed_typegate as typegate;

use typegate::ClientSecret;
use typegate::provider::catalog::GitHub;

fn main() {
    let _ = GitHub::new("id", ClientSecret::new("secret")).scope("read:user");
}
