extern crate renamed_typegate as typegate;

use typegate::adapter::PostgresAdapter;

fn main() {}
