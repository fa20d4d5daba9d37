extern crate renamed_typegate as typegate;

use typegate::Database;

fn main() {
    let _strategy = Database::default().update_age(60).max_age(3600).update_age(0);
}
