extern crate renamed_typegate as typegate;

use typegate::provider::catalog::Google;

fn main() {}
