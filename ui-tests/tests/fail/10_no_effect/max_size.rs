extern crate renamed_typegate as typegate;

use typegate::Database;

fn main() {
    let _strategy = Database::default().max_age(3600).max_size(7500);
}
