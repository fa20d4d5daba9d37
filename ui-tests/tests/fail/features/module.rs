extern crate renamed_typegate as typegate;

use typegate::dynamic::Configuration;

fn main() {}
